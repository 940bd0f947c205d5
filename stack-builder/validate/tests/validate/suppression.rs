//! Findings that are let stand, with a reason in writing.

use crate::expect::check;

#[test]
fn a_reason_is_wanted() {
    let with = |suppression: &str| {
        format!(
            "Resources:\n  Log:\n    Type: AWS::Logs::LogGroup\n    Metadata:\n      stack-builder:\n        suppress:\n          - {suppression}\n"
        )
    };
    check(&with("{rule: log-group-without-retention, reason: the auditors read it}"), &[]);
    let found = "2:3 log-group-without-retention: the log group `Log` keeps every line for ever";
    for without in ["{rule: log-group-without-retention}", "{rule: log-group-without-retention, reason: ' '}"]
    {
        let problem = "7:20 suppression: `log-group-without-retention` is suppressed without a reason, so it is not suppressed";
        check(&with(without), &[found, problem]);
    }
    check(
        &with("log-group-without-retention"),
        &[found, "7:13 suppression: `suppress` is a list of `rule` and `reason`"],
    );
    check(
        &with("{rule: log-groups, reason: a}"),
        &[found, "7:20 suppression: there is no rule `log-groups`"],
    );
}

#[test]
fn one_that_suppresses_nothing_is_found() {
    let text = "\
Metadata:
  stack-builder:
    suppress:
      - {rule: unused-parameter, reason: read by a script}
      - {rule: unknown-property, reason: newer than the schema}
Parameters:
  P: {Type: String}
Resources:
  Log:
    Type: AWS::Logs::LogGroup
    Metadata: {stack-builder: {suppress: [{rule: unused-parameter, reason: elsewhere}]}}
    Properties: {RetentionInDays: 3, Newest: true}
";
    check(text, &["11:50 suppression: nothing is found here that `unused-parameter` would suppress"]);
}

#[test]
fn it_holds_for_its_resource_only() {
    let text = "\
Resources:
  Log:
    Type: AWS::Logs::LogGroup
    Metadata: {stack-builder: {suppress: [{rule: log-group-without-retention, reason: a}]}}
  Log2:
    Type: AWS::Logs::LogGroup
";
    check(text, &["5:3 log-group-without-retention: the log group `Log2` keeps every line for ever"]);
}

#[test]
fn a_misspelt_key_is_found() {
    let with = |metadata: &str| {
        format!("Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Metadata: {{stack-builder: {metadata}}}\n")
    };
    check(
        &with("{supress: [{rule: unused-parameter, reason: a}]}"),
        &["4:32 suppression: a suppression has no key `supress`, so it has no effect"],
    );
    check(
        &with("{suppress: [{rule: unused-parameter, reasn: a}]}"),
        &[
            "4:50 suppression: `unused-parameter` is suppressed without a reason, so it is not suppressed",
            "4:68 suppression: a suppression has no key `reasn`, so it has no effect",
        ],
    );
    check(&with("{}"), &[]);
}
