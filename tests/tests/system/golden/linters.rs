//! What others say of the golden templates: nothing.

use super::programs::files;
use serde_json::Value;
use stack_builder_tests::{StackBuilder, client, output_of, python_tool, repository_root};
use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn golden_templates_have_no_finding_of_cfn_lint() {
    let mut lint = Command::new(python_tool("cfn-lint"));
    lint.args(["--format", "parseable", "--regions", "eu-west-1", "us-east-1", "--"]).args(files());
    let output = lint.output().expect("cfn-lint starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.trim().is_empty(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn golden_templates_have_no_finding_of_ours() {
    let files = files();
    let judge = StackBuilder::new(&repository_root()).args(["validate", "--deny-warnings", "--json"]);
    let report = judge.args(&files).run().success().json();
    assert_eq!([&report["errors"], &report["warnings"]], [0, 0], "{report:#}");
    let judged = report["templates"].as_array().expect("templates");
    assert_eq!(judged.len(), files.len());
    assert!(judged.iter().all(|template| template["unchecked"] == serde_json::json!([])), "{report:#}");
}

/// Rules of Amazon's validator that say something of a right template, and why.
const EXPLAINED: &[(&str, &str)] = &[
    ("I9001", "informs that a property cannot change in place; that is a fact about the type, and no fault"),
    (
        "I9040",
        "wants tags on each resource; the engine sets them on the stack, and CloudFormation passes them on",
    ),
];

#[test]
fn golden_templates_have_no_unexplained_finding_of_amazons_validator() {
    let said = output_of(Command::new("node").arg(client("cloudformation_validate.mjs")).args(files()));
    let findings: Vec<Value> = serde_json::from_str(&said).expect("JSON");
    let explained = |finding: &&Value| EXPLAINED.iter().any(|(rule, _)| finding["ruleId"] == *rule);
    let (explained, unexplained): (Vec<_>, Vec<_>) = findings.iter().partition(explained);
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    let rules: BTreeSet<_> = explained.iter().filter_map(|finding| finding["ruleId"].as_str()).collect();
    assert_eq!(
        rules.len(),
        EXPLAINED.len(),
        "a rule that says nothing any more need not be explained: {rules:?}"
    );
}
