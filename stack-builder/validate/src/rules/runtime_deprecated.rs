//! Runtimes that get no more security updates.

use super::common::runtimes::used;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A Lambda runtime that is deprecated
    ///
    /// # Why
    /// A deprecated runtime gets no security updates. Some months later no function can be created with it, and then
    /// none changed, which is found out when a fault has to be mended in haste.
    ///
    /// Runtimes are judged for the day on which the dates were read, which a new version of this tool moves on.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   List:
    ///     Type: AWS::Lambda::Function
    ///     Properties:
    ///       Runtime: python3.9
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
    ///       Runtime: python3.14
    ///       Handler: index.handler
    ///       Role: arn:aws:iam::111122223333:role/list
    ///       Code: {S3Bucket: code, S3Key: list.zip}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>
    "runtime-deprecated", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let deprecated =
        used(model).into_iter().filter(|(runtime, _)| runtime.is_deprecated() && !runtime.is_blocked());
    for (runtime, place) in deprecated {
        findings.report(
            place,
            format!(
                "`{}` gets no security updates since {}; from {} no function can be created with it, from {} none changed",
                runtime.name, runtime.deprecated, runtime.no_creation, runtime.no_update
            ),
            format!("move to `{}`", runtime.successor),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn what_is_refused_altogether_is_said_by_another_rule() {
        let function = |runtime| {
            format!(
                "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: {runtime}\n"
            )
        };
        let found = "5:16 `nodejs18.x` gets no security updates since 2025-09-01; from 2027-02-01 no function can be created with it, from 2027-03-03 none changed";
        check(RULE, &function("nodejs18.x"), &[found]);
        check(RULE, &function("go1.x"), &[]);
        check(RULE, &function("nodejs24.x"), &[]);
    }

    #[test]
    fn the_globals_of_sam_are_read_too() {
        let template = "\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: dotnet6}}
Resources: {}
";
        let found = "2:31 `dotnet6` gets no security updates since 2024-12-20; from 2027-02-01 no function can be created with it, from 2027-03-03 none changed";
        check(RULE, template, &[found]);
    }
}
