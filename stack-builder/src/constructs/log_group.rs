//! The log group that a construct writes to.

use crate::scope::Scope;
use stack_builder_cfn::logs::{self, LogGroupRef};
use stack_builder_cfn::{Attributes, RemovalPolicy};

/// Adds a log group that keeps its events for `days`, and goes with the stack.
///
/// Declared, because a group that a service makes for itself never expires and stays for ever.
#[track_caller]
pub(super) fn add(scope: &mut Scope, name: &str, days: u32) -> LogGroupRef {
    let group = logs::LogGroup::new().retention_in_days(days);
    scope.add(name, group.removal_policy(RemovalPolicy::Delete))
}
