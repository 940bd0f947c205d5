//! The log group that a construct writes to.

use super::LOG_RETENTION_DAYS;
use stack_builder_cfn::{Attributes, RemovalPolicy, logs};

/// A log group that keeps its events for [`LOG_RETENTION_DAYS`], and goes with the stack.
///
/// Declared, because a group that a service makes for itself never expires and stays for ever.
#[track_caller]
pub(super) fn new() -> logs::LogGroup {
    logs::LogGroup::new().retention_in_days(LOG_RETENTION_DAYS).removal_policy(RemovalPolicy::Delete)
}
