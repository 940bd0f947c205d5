//! `list`.

use crate::fixture;
use crate::harness::Test;
use serde_json::json;

#[test]
fn a_line_a_stack() {
    Test::new().args(["list"]).run().check(
        0,
        "
fixture, stage dev: 1 stack

STACK  IN CLOUDFORMATION  RESOURCES  ASSETS  DESCRIPTION
notes  notes-dev                 13       0  Keeps notes",
        "a program may print",
    );
}

#[test]
fn for_programs() {
    let outcome = Test::new().args(["list", "--json", "--stage", "prod"]).run();
    let stack = json!({
        "name": "notes", "stackName": "notes-prod", "description": "Keeps notes", "resources": 13, "assets": [],
    });
    assert_eq!(outcome.json(), json!({"app": "fixture", "stage": "prod", "stacks": [stack]}));
}

#[test]
fn stacks_with_errors_are_listed_all_the_same() {
    let broken = fixture::manifest_with(json!([{"severity": "error", "code": "c", "message": "m"}]));
    let outcome = Test::new().manifest(&broken).exits(1).args(["list"]).run();
    outcome.fails(0, &["warning: the stacks have 1 error; see `stack-builder synth`"]);
    assert!(outcome.stdout.contains("notes-dev"), "{}", outcome.stdout);
}
