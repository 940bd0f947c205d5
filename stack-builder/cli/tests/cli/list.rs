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

STACK  IN CLOUDFORMATION  REGION  RESOURCES  ASSETS  DESCRIPTION
notes  notes-dev          any            13       0  Keeps notes",
        "a program may print",
    );
}

#[test]
fn for_programs() {
    let outcome = Test::new().args(["list", "--json", "--stage", "prod"]).run();
    let stack = json!({
        "name": "notes", "stackName": "notes-prod", "region": null, "pinned": false, "inputs": {},
        "description": "Keeps notes", "resources": 13, "assets": [],
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

#[test]
fn regions_are_those_that_stacks_are_pinned_to_and_else_the_chosen_one() {
    let mut two = fixture::manifest();
    let mut edge = two["stacks"][0].clone();
    edge["name"] = "edge".into();
    edge["region"] = "us-east-1".into();
    two["stacks"][0]["inputs"] = json!({"EdgeVersion": {"stack": "edge", "output": "Version"}});
    // The program hears of the region.
    two["stacks"][0]["description"] = "made for {region}".into();
    two["stacks"].as_array_mut().expect("stacks").push(edge);
    let list = |arguments: &[&'static str], variables: &[(&'static str, &str)]| {
        let test = Test::new().manifest(&two).args(["list", "--json"]).args(arguments.iter().copied());
        let test = variables.iter().fold(test, |test, (name, value)| test.variable(name, value));
        let listed = test.run().json();
        assert_eq!(listed["stacks"][1]["region"], "us-east-1");
        assert_eq!(listed["stacks"][1]["pinned"], true);
        assert_eq!(listed["stacks"][0]["inputs"]["EdgeVersion"]["stack"], "edge");
        (listed["stacks"][0]["region"].clone(), listed["stacks"][0]["description"].clone())
    };
    let variables = [("AWS_REGION", "eu-west-1"), ("AWS_DEFAULT_REGION", "eu-west-2")];
    assert_eq!(list(&[], &[]), (json!(null), json!("made for ")));
    assert_eq!(list(&[], &variables), (json!("eu-west-1"), json!("made for eu-west-1")));
    assert_eq!(list(&[], &variables[1..]), (json!("eu-west-2"), json!("made for eu-west-2")));
    let flag = ["--region", "eu-north-1"];
    assert_eq!(list(&flag, &variables), (json!("eu-north-1"), json!("made for eu-north-1")));
}
