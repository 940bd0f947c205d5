//! A session, as the table holds it.

use super::{SessionId, clock::Seconds};

/// The item `{session-id, userName, creationTime, ttl}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Partition key.
    pub id: SessionId,
    /// Whose session it is.
    pub user_name: String,
    /// When it began, in seconds since 1970.
    pub creation_time: Seconds,
    /// When it ends, in seconds since 1970. DynamoDB removes the item some time after that, so every reader checks.
    pub ttl: Seconds,
}

/// Whether something that ends at `ttl` is still on: at that second it is over.
pub(crate) fn is_live(ttl: Seconds, now: Seconds) -> bool {
    ttl > now
}
