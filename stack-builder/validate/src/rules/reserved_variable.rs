//! Environment variables that Lambda keeps for itself.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// An environment variable that Lambda reserves
    ///
    /// # Why
    /// Lambda sets these variables itself, and refuses a function that sets one of them, which shows only when the
    /// function is made. A function reads its region from `AWS_REGION` without anybody's help.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Greeter:
    ///     Type: AWS::Lambda::Function
    ///     Properties:
    ///       Runtime: nodejs24.x
    ///       Handler: index.handler
    ///       Role: arn:aws:iam::111122223333:role/greeter
    ///       Code: {S3Bucket: code, S3Key: greeter.zip}
    ///       Environment: {Variables: {AWS_REGION: eu-central-1}}
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Greeter:
    ///     Type: AWS::Lambda::Function
    ///     Properties:
    ///       Runtime: nodejs24.x
    ///       Handler: index.handler
    ///       Role: arn:aws:iam::111122223333:role/greeter
    ///       Code: {S3Bucket: code, S3Key: greeter.zip}
    ///       Environment: {Variables: {MAIL_REGION: eu-central-1}}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>
    "reserved-variable", Error, check
}

/// What the page of AWS lists as reserved. Others that begin with `AWS_LAMBDA_`, such as `AWS_LAMBDA_EXEC_WRAPPER`, may
/// be set.
const RESERVED: [&str; 18] = [
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let types = ["AWS::Lambda::Function", "AWS::Serverless::Function"];
    let functions = types.into_iter().flat_map(|name| model.of_type(name));
    let mut all: Vec<_> = functions.flat_map(|function| function.values("Environment.Variables")).collect();
    all.extend(model.root().values("Globals.Function.Environment.Variables"));
    for (name, place) in all.into_iter().flat_map(Place::entries) {
        if RESERVED.contains(&name) {
            findings.report_key(
                place,
                format!("Lambda sets `{name}` itself, and lets nobody else set it"),
                "give the variable another name, or remove it",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn names_are_compared() {
        let template = "\
Globals: {Function: {Environment: {Variables: {LAMBDA_TASK_ROOT: a}}}}
Resources:
  A:
    Type: AWS::Lambda::Function
    Properties:
      Environment: {Variables: {AWS_REGION: a, AWS_LAMBDA_EXEC_WRAPPER: b, REGION: !Ref AWS::Region}}
  B:
    Type: AWS::Serverless::Function
    Properties: {Environment: !If [A, {Variables: {_HANDLER: a}}, !Ref AWS::NoValue]}
";
        let expect = [
            "6:33 Lambda sets `AWS_REGION` itself, and lets nobody else set it",
            "9:52 Lambda sets `_HANDLER` itself, and lets nobody else set it",
            "1:48 Lambda sets `LAMBDA_TASK_ROOT` itself, and lets nobody else set it",
        ];
        check(RULE, template, &expect);
    }
}
