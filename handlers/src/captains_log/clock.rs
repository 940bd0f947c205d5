//! Time as the tables hold it.

use crate::Failure;
use std::time::{SystemTime, UNIX_EPOCH};

/// Whole seconds since 1970 began.
pub(crate) type Seconds = u64;

/// A clock's reading.
///
/// # Errors
/// [`Failure::Internal`] for a clock before 1970. No number could stand for it: at a late one every lock would be open
/// and a session that began then would never end, at an early one sessions that are over would be on again.
pub(crate) fn seconds(now: SystemTime) -> Result<Seconds, Failure> {
    let since = now.duration_since(UNIX_EPOCH);
    since.map(|since| since.as_secs()).map_err(|_| Failure::Internal("the clock stands before 1970".into()))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::time::Duration;

    /// A clock that nobody has set.
    pub(crate) fn unset() -> SystemTime {
        UNIX_EPOCH - Duration::from_secs(1)
    }

    #[test]
    fn a_clock_before_1970_tells_no_time() {
        assert_eq!(seconds(UNIX_EPOCH), Ok(0));
        assert_eq!(seconds(UNIX_EPOCH + Duration::from_millis(1999)), Ok(1));
        assert!(matches!(seconds(unset()), Err(Failure::Internal(_))));
    }
}
