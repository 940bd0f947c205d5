//! Names for operations: CloudFormation puts them on every event of the operation.

use std::time::SystemTime;

/// A client request token that no earlier operation had.
///
/// A token that repeats would make CloudFormation take a second deletion for a retry of the first.
pub(crate) fn fresh() -> String {
    let nanos = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |age| age.as_nanos());
    format!("stack-builder-{nanos:x}-{:x}", std::process::id())
}
