//! The time of a processor that a function may take, on a machine that may be busy with other things.

use std::time::{Duration, Instant};

/// What a call may take of a processor. CloudFront allows about a millisecond; unoptimised code on an old machine is
/// much slower than theirs.
const WORK: Duration = Duration::from_millis(250);
/// How long a call may take in all, however little of a processor it gets.
const WAIT: Duration = Duration::from_millis(1500);

/// How far the present thread may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    work: Duration,
    wait: Instant,
}

impl Budget {
    /// A whole one, from now on.
    pub(super) fn new() -> Self {
        Self { work: worked() + WORK, wait: Instant::now() + WAIT }
    }

    /// Whether nothing is left of it.
    pub(super) fn is_spent(&self) -> bool {
        worked() > self.work || Instant::now() > self.wait
    }
}

/// How long a processor has worked for this thread.
#[cfg(unix)]
fn worked() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or_default();
    Duration::new(u64::try_from(time.tv_sec).unwrap_or_default(), nanoseconds)
}

/// Elsewhere only the wait counts.
#[cfg(not(unix))]
fn worked() -> Duration {
    Duration::ZERO
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::thread::sleep;

    #[test]
    fn work_is_counted_and_not_the_time_that_others_take() {
        let budget = Budget::new();
        sleep(WORK + Duration::from_millis(50));
        assert!(!budget.is_spent());
        let began = Instant::now();
        while !budget.is_spent() {}
        assert!(began.elapsed() > WORK / 2);
    }

    #[test]
    fn nobody_waits_for_ever() {
        let budget = Budget::new();
        sleep(WAIT + Duration::from_millis(1));
        assert!(budget.is_spent());
    }
}
