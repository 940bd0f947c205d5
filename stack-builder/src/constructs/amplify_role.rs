//! What an Amplify application may do: write its own log.

use super::log_group;
use stack_builder_cfn::{PolicyDocument, Statement, amplify, iam, intrinsic, logs, pseudo};

/// A role that only Amplify applications of this account and region can take.
///
/// <https://docs.aws.amazon.com/amplify/latest/userguide/cross-service-confused-deputy-prevention.html>
pub(super) fn role() -> iam::Role {
    let applications =
        intrinsic::sub("arn:${AWS::Partition}:amplify:${AWS::Region}:${AWS::AccountId}:apps/*", []);
    let trust = Statement::allow(["sts:AssumeRole"])
        .principal("Service", "amplify.amazonaws.com")
        .when("StringEquals", "aws:SourceAccount", pseudo::account_id())
        .when("ArnLike", "aws:SourceArn", applications);
    iam::Role::new().assume_role_policy_document(PolicyDocument::new([trust]))
}

/// The group that Amplify logs to, made here so that its events expire.
pub(super) fn log_group(app: &amplify::AppRef) -> logs::LogGroup {
    log_group::new().log_group_name(intrinsic::sub("/aws/amplify/${id}", [("id", app.app_id())]))
}

/// Lets `role` write to `group`. A policy of its own: the application waits for its role, and the group's name for
/// the application.
pub(super) fn logging(role: &iam::RoleRef, group: &logs::LogGroupRef) -> iam::Policy {
    let log = Statement::allow(["logs:CreateLogStream", "logs:PutLogEvents"]).on(group.arn());
    iam::Policy::new()
        .policy_name("logging")
        .policy_document(PolicyDocument::new([log]))
        .roles([role.reference()])
}
