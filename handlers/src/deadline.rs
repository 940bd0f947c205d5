//! How long a handler may take.

use crate::Failure;
use std::{
    future::Future,
    time::{Duration, SystemTime},
};
use tokio::time::timeout;

/// What is kept back for telling that nothing came of it.
const RESERVE: Duration = Duration::from_millis(500);

/// The answer, or a failure shortly before Lambda ends the function: a function that Lambda ends leaves neither a line of
/// log nor a count, and its caller gets an answer of the gateway's own.
pub(crate) async fn within<T>(
    deadline: Option<SystemTime>,
    answer: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let Some(left) = deadline.and_then(|deadline| left(deadline, SystemTime::now())) else {
        return answer.await;
    };
    let outcome = timeout(left, answer).await;
    outcome.unwrap_or_else(|_| Err(Failure::Internal(format!("no answer in {} ms", left.as_millis()))))
}

/// A deadline that has passed is a clock that is wrong, for Lambda asks nothing of a function that it has ended.
fn left(deadline: SystemTime, now: SystemTime) -> Option<Duration> {
    let whole = deadline.duration_since(now).ok()?;
    Some(whole.saturating_sub(RESERVE.min(whole / 10)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        future::{pending, ready},
        time::UNIX_EPOCH,
    };

    fn in_milliseconds(milliseconds: u64) -> SystemTime {
        SystemTime::now() + Duration::from_millis(milliseconds)
    }

    #[tokio::test]
    async fn what_takes_too_long_is_a_failure_of_ours() {
        let outcome = within(Some(in_milliseconds(50)), pending::<Result<(), _>>()).await;
        let Err(Failure::Internal(cause)) = outcome else { panic!("{outcome:?}") };
        assert!(cause.starts_with("no answer in 4"), "{cause}");
    }

    #[tokio::test]
    async fn what_comes_in_time_comes_whatever_the_deadline() {
        for deadline in [None, Some(UNIX_EPOCH), Some(in_milliseconds(60_000))] {
            assert_eq!(within(deadline, ready(Ok(7))).await, Ok(7));
            assert_eq!(within(deadline, ready(Err::<(), _>(Failure::NotJson))).await, Err(Failure::NotJson));
        }
    }

    #[test]
    fn a_little_is_kept_back() {
        let left = |milliseconds| left(UNIX_EPOCH + Duration::from_millis(milliseconds), UNIX_EPOCH);
        assert_eq!(left(10_000), Some(Duration::from_millis(9500)));
        assert_eq!(left(1000), Some(Duration::from_millis(900)));
    }
}
