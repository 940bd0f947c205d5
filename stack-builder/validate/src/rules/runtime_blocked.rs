//! Runtimes with which no function can be made any more.

use super::common::runtimes::used;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A Lambda runtime with which no function can be created
    ///
    /// # Why
    /// Some time after a runtime is deprecated Lambda refuses new functions with it, and later changes of old ones. The
    /// stack can then not be created, nor made anew after a loss.
    ///
    /// Runtimes are judged for the day on which the dates were read, which a new version of this tool moves on.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   List:
    ///     Type: AWS::Lambda::Function
    ///     Properties:
    ///       Runtime: nodejs14.x
    ///       Handler: index.handler
    ///       Role: arn:aws:iam::111122223333:role/list
    ///       Code: {S3Bucket: code, S3Key: list.zip}
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   List:
    ///     Type: AWS::Lambda::Function
    ///     Properties:
    ///       Runtime: nodejs24.x
    ///       Handler: index.handler
    ///       Role: arn:aws:iam::111122223333:role/list
    ///       Code: {S3Bucket: code, S3Key: list.zip}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>
    "runtime-blocked", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for (runtime, place) in used(model).into_iter().filter(|(runtime, _)| runtime.is_blocked()) {
        findings.report(
            place,
            format!("no function can be created with `{}` since {}", runtime.name, runtime.no_creation),
            format!("move to `{}`", runtime.successor),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn only_what_is_refused() {
        let function = |runtime| {
            format!(
                "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: {runtime}\n"
            )
        };
        let found = "5:16 no function can be created with `go1.x` since 2024-02-08";
        check(RULE, &function("go1.x"), &[found]);
        check(RULE, &function("nodejs18.x"), &[]);
        check(RULE, &function("provided.al2023"), &[]);
        check(RULE, &function("!Ref Runtime"), &[]);
    }
}
