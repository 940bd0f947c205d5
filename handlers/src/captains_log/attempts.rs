//! How often somebody may try to log in under one name.

use super::{attempt_table::AttemptTable, clock::Seconds};
use crate::Failure;

/// Attempts that follow one another without a pause: anybody may mistype twice.
const FREE: u32 = 3;
/// The longest pause.
const LONGEST: Seconds = 15 * 60;
/// Failures are forgotten this long after the last pause.
const MEMORY: Seconds = 24 * 60 * 60;
/// How often an attempt is taken again that another one, made at the same moment, came before.
const TRIES: u32 = 3;

/// What is known of a name's failed attempts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// Attempts since the last success.
    pub failures: u32,
    /// No attempt before this second.
    pub locked_until: Seconds,
    /// From this second on all is forgotten, whether or not DynamoDB has removed the item.
    pub ttl: Seconds,
}

impl Attempts {
    fn after(failures: u32, now: Seconds) -> Self {
        let locked_until = now.saturating_add(pause(failures));
        Self { failures, locked_until, ttl: locked_until.saturating_add(MEMORY) }
    }
}

/// Nothing at first, then 2 s, 4 s, 8 s and so on.
fn pause(failures: u32) -> Seconds {
    let doublings = failures.saturating_sub(FREE - 1);
    if doublings == 0 { 0 } else { 1_u64.checked_shl(doublings).unwrap_or(LONGEST).min(LONGEST) }
}

/// Takes one attempt under this name, or refuses with the seconds to wait.
///
/// The attempt counts as failed before the password is looked at, and is written on the condition that nobody wrote
/// since the count was read. So of many attempts made at once, no more get through than of as many made in turn. A name
/// that does not exist is counted like one that does. Whoever fails under somebody else's name can keep them from
/// logging in for a quarter of an hour, and for as long again with the next attempt after it, but ends no session.
///
/// # Errors
/// [`Failure::TooManyRequests`] during a pause or in a crowd; [`Failure::Internal`] when the table cannot be asked,
/// because attempts that cannot be counted must not be made.
pub(crate) async fn take(table: &impl AttemptTable, user_name: &str, now: Seconds) -> Result<(), Failure> {
    for _ in 0..TRIES {
        let before = table.read(user_name).await?;
        let known = before.as_ref().filter(|attempts| attempts.ttl > now);
        if let Some(attempts) = known.filter(|attempts| attempts.locked_until > now) {
            return Err(Failure::TooManyRequests(attempts.locked_until - now));
        }
        let failures = known.map_or(0, |attempts| attempts.failures).saturating_add(1);
        let after = Attempts::after(failures, now);
        if table.replace(user_name, before.as_ref(), &after).await? {
            return Ok(());
        }
    }
    Err(Failure::TooManyRequests(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::captains_log::attempt_table::tests::MemoryAttempts;

    const NOON: Seconds = 1_795_176_000;

    #[test]
    fn pauses_double_up_to_a_quarter_of_an_hour() {
        let pauses: Vec<_> = (1..=13).map(pause).collect();
        assert_eq!(pauses, [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!((pause(70), pause(u32::MAX)), (900, 900));
    }

    #[tokio::test]
    async fn the_fourth_attempt_waits() {
        let table = MemoryAttempts::default();
        for _ in 0..3 {
            assert_eq!(take(&table, "picard", NOON).await, Ok(()));
        }
        assert_eq!(take(&table, "picard", NOON).await, Err(Failure::TooManyRequests(2)));
        assert_eq!(take(&table, "picard", NOON + 1).await, Err(Failure::TooManyRequests(1)));
        assert_eq!(take(&table, "kirk", NOON + 1).await, Ok(()), "another name");
        assert_eq!(take(&table, "picard", NOON + 2).await, Ok(()));
        assert_eq!(take(&table, "picard", NOON + 2).await, Err(Failure::TooManyRequests(4)));
    }

    #[tokio::test]
    async fn a_refused_attempt_does_not_lengthen_the_pause() {
        let table = MemoryAttempts::default();
        for _ in 0..20 {
            let _ = take(&table, "picard", NOON).await;
        }
        assert_eq!(take(&table, "picard", NOON + 2).await, Ok(()));
    }

    #[tokio::test]
    async fn failures_are_forgotten_after_a_day_even_if_the_item_is_still_there() {
        let table = MemoryAttempts::default();
        for _ in 0..3 {
            take(&table, "picard", NOON).await.unwrap();
        }
        let later = NOON + 2 + MEMORY;
        for _ in 0..3 {
            assert_eq!(take(&table, "picard", later).await, Ok(()));
        }
        assert_eq!(take(&table, "picard", later).await, Err(Failure::TooManyRequests(2)));
    }

    #[tokio::test]
    async fn of_a_crowd_no_more_get_through_than_in_a_row() {
        let table = MemoryAttempts { rivals: 2.into(), ..MemoryAttempts::default() };
        assert_eq!(take(&table, "picard", NOON).await, Ok(()), "taken again after both rivals");
        assert_eq!(
            take(&table, "picard", NOON).await,
            Err(Failure::TooManyRequests(2)),
            "and counted after them"
        );
        let table = MemoryAttempts { rivals: 9.into(), ..MemoryAttempts::default() };
        let refused = take(&table, "kirk", NOON).await;
        assert_eq!(refused, Err(Failure::TooManyRequests(1)), "each try came too late");
    }

    #[tokio::test]
    async fn attempts_that_cannot_be_counted_are_not_made() {
        let table = MemoryAttempts { broken: true, ..MemoryAttempts::default() };
        assert!(matches!(take(&table, "picard", NOON).await, Err(Failure::Internal(_))));
    }

    #[tokio::test]
    async fn a_clock_at_the_end_of_time_is_no_panic() {
        let table = MemoryAttempts::default();
        for _ in 0..9 {
            let _ = take(&table, "picard", u64::MAX).await;
        }
    }
}
