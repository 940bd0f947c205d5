//! Operations about the account as a whole, which have fixed answers.

use crate::operations::perform;
use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};

/// `DescribeLimits`: the quotas of a new account.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html>
#[expect(clippy::unnecessary_wraps, reason = "an operation of the table")]
pub(crate) fn limits(_: &Database, _: Value) -> Result<String, DynoxideError> {
    let limits = json!({
        "AccountMaxReadCapacityUnits": 80_000,
        "AccountMaxWriteCapacityUnits": 80_000,
        "TableMaxReadCapacityUnits": 40_000,
        "TableMaxWriteCapacityUnits": 40_000,
    });
    Ok(limits.to_string())
}

/// `DescribeEndpoints`: the address that was asked, which the caller puts in as `Address`.
#[expect(clippy::unnecessary_wraps, reason = "an operation of the table")]
pub(crate) fn endpoints(_: &Database, body: Value) -> Result<String, DynoxideError> {
    let endpoint = json!({ "Address": body["Address"], "CachePeriodInMinutes": 1440 });
    Ok(json!({ "Endpoints": [endpoint] }).to_string())
}

/// `DescribeContinuousBackups`: as of a table for which nobody asked for point-in-time recovery.
pub(crate) fn continuous_backups(database: &Database, body: Value) -> Result<String, DynoxideError> {
    perform(database, "DescribeTimeToLive", body)?;
    let description = json!({
        "ContinuousBackupsStatus": "ENABLED",
        "PointInTimeRecoveryDescription": { "PointInTimeRecoveryStatus": "DISABLED" },
    });
    Ok(json!({ "ContinuousBackupsDescription": description }).to_string())
}
