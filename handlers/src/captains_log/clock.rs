//! Time as the tables hold it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Whole seconds since 1970 began.
pub(crate) type Seconds = u64;

/// A clock's reading. A clock before 1970 reads the end of time, at which every session is over and every lock open to
/// none: no doubt about the time lets anybody in.
pub(crate) fn seconds(now: SystemTime) -> Seconds {
    now.duration_since(UNIX_EPOCH).map_or(u64::MAX, |since| since.as_secs())
}
