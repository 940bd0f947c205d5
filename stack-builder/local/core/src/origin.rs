//! What stands behind a distribution.

use crate::Service;
use std::sync::Arc;

/// A host that a distribution fetches from.
#[derive(Clone)]
pub enum Origin {
    /// A bucket, in the style that has its name in the host: the path is the key. A request must carry a
    /// [`Caller`](crate::Caller), for the bucket's policy.
    Bucket(Arc<dyn Service>),
    /// Any other service that runs here; the path begins with the stage where the service has stages.
    Custom(Arc<dyn Service>),
}

/// Finds the service behind a host name as AWS has it: `name.s3.us-east-1.amazonaws.com`,
/// `abc.execute-api.us-east-1.amazonaws.com`.
pub trait Origins: Send + Sync {
    /// `None` when nothing here answers for the host.
    fn find(&self, host: &str) -> Option<Origin>;
}
