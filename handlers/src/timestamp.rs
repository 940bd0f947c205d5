//! Points in time as the tables hold them.

use aws_sdk_dynamodb::primitives::DateTime;
use std::time::SystemTime;

/// RFC 3339 in UTC, to the second: `2026-11-20T12:00:00Z`.
pub(crate) fn utc(time: SystemTime) -> String {
    DateTime::from_secs(DateTime::from(time).secs()).to_string()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    /// A clock that always says `2026-11-20T12:00:00Z`, and almost a second more.
    pub(crate) fn noon() -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(1_795_176_000_999)
    }

    #[test]
    fn fractions_are_dropped() {
        assert_eq!(utc(noon()), "2026-11-20T12:00:00Z");
    }
}
