//! Policies that let everyone use a queue, a key, a role.

use super::common::policy::{Kind, statements};
use super::common::text::written;
use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;

rule! {
    /// A grant to everyone
    ///
    /// # Why
    /// `Principal: "*"` in an allowing statement without a condition means every account of AWS, and for some services
    /// everyone without any: strangers read the queue, use the key, take the role or call the function at your expense.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Orders:
    ///     Type: AWS::SQS::Queue
    ///   WhoMay:
    ///     Type: AWS::SQS::QueuePolicy
    ///     Properties:
    ///       Queues: [!Ref Orders]
    ///       PolicyDocument:
    ///         Version: "2012-10-17"
    ///         Statement:
    ///           - {Effect: Allow, Principal: "*", Action: sqs:SendMessage, Resource: !GetAtt Orders.Arn}
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Orders:
    ///     Type: AWS::SQS::Queue
    ///   WhoMay:
    ///     Type: AWS::SQS::QueuePolicy
    ///     Properties:
    ///       Queues: [!Ref Orders]
    ///       PolicyDocument:
    ///         Version: "2012-10-17"
    ///         Statement:
    ///           - Effect: Allow
    ///             Principal: "*"
    ///             Action: sqs:SendMessage
    ///             Resource: !GetAtt Orders.Arn
    ///             Condition: {ArnEquals: {"aws:SourceArn": "arn:aws:sns:eu-central-1:111122223333:orders"}}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
    "public-grant", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for statement in statements(model) {
        let elsewhere = statement.kind == Kind::Identity || statement.carrier == "AWS::S3::BucketPolicy";
        if elsewhere || !statement.allows() || statement.has_condition() {
            continue;
        }
        if let Some(principal) = statement.everyone() {
            let what = if statement.kind == Kind::Trust { "take this role" } else { "use this" };
            findings.report(
                principal,
                format!("this statement lets everyone on Earth {what}"),
                "name accounts, roles or services, or add a `Condition`",
            );
        }
    }
    for permission in model.of_type("AWS::Lambda::Permission").filter(|permission| !is_narrowed(permission)) {
        if let Some(principal) =
            permission.property("Principal").filter(|place| written(*place).as_deref() == Some("*"))
        {
            findings.report(
                principal,
                "everyone on Earth may call this function",
                "name accounts or services; a function URL for all needs `FunctionUrlAuthType: NONE`",
            );
        }
    }
}

/// Whether a permission is for some only, or for a function URL, which is there for everyone.
fn is_narrowed(permission: &Resource<'_>) -> bool {
    let names = [
        "EventSourceToken",
        "FunctionUrlAuthType",
        "InvokedViaFunctionUrl",
        "PrincipalOrgID",
        "SourceAccount",
        "SourceArn",
    ];
    names.iter().any(|name| permission.property(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn roles_keys_and_functions() {
        let template = "\
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {AWS: '*'}, Action: sts:AssumeRole}]}
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy: {Statement: [{Effect: Allow, Principal: '*', Condition: {StringEquals: {a: b}}}]}
  Call: {Type: AWS::Lambda::Permission, Properties: {Principal: '*'}}
  Url: {Type: AWS::Lambda::Permission, Properties: {Principal: '*', FunctionUrlAuthType: NONE}}
";
        let expect = [
            "5:79 this statement lets everyone on Earth take this role",
            "10:65 everyone on Earth may call this function",
        ];
        check(RULE, template, &expect);
    }
}
