//! What a function of Lambda@Edge may do, and where it logs.

use super::edge_limits::EDGE_REGION;
use stack_builder_cfn::{PolicyDocument, Statement, Value, iam, intrinsic, lambda};

/// A role that Lambda and the service that makes the copies can take, with what was granted.
///
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html>
pub(super) fn role(granted: Vec<Statement>) -> iam::Role {
    let trust = Statement::allow(["sts:AssumeRole"])
        .principal("Service", "lambda.amazonaws.com")
        .principal("Service", "edgelambda.amazonaws.com");
    let role = iam::Role::new().assume_role_policy_document(PolicyDocument::new([trust]));
    if granted.is_empty() {
        return role;
    }
    let statements = PolicyDocument::new(granted);
    role.add_policies(|policy| policy.policy_name("function").policy_document(statements))
}

/// The name of its log group, the same in every region.
pub(super) fn log_group_name(function: &lambda::FunctionRef) -> Value<String> {
    intrinsic::sub(&format!("/aws/lambda/{EDGE_REGION}.${{name}}"), [("name", function.reference())])
}

/// Lets `role` log to `group` in whichever region it runs, and make the group there.
///
/// A policy of its own: the function waits for its role, and the group's name for the function.
pub(super) fn logging(role: &iam::RoleRef, group: &Value<String>) -> iam::Policy {
    let arn = |end: &str| {
        let text = format!("arn:${{AWS::Partition}}:logs:*:${{AWS::AccountId}}:log-group:${{group}}{end}");
        intrinsic::sub(&text, [("group", group.clone())])
    };
    let log = Statement::allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"])
        .on(arn(""))
        .on(arn(":*"));
    iam::Policy::new()
        .policy_name("logging")
        .policy_document(PolicyDocument::new([log]))
        .roles([role.reference()])
}
