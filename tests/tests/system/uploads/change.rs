//! Deploying again: nothing, and one handler.

use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The same sources again: no change set is executed, and the command says so.
#[track_caller]
pub(crate) fn nothing_changed(world: &World) {
    let before = code(world);
    let updated = last_update(world);
    world.deploy("uploads").says("no change");
    assert_eq!(code(world), before);
    assert_eq!(last_update(world), updated, "the stack was updated");
}

/// An edit in one handler changes the code of that function, and nothing else.
#[track_caller]
pub(crate) fn one_handler_edited(world: &World) {
    let (before, names) = (code(world), resources(world));
    world.workspace.edit(
        "handlers/src/uploads/list_files.rs",
        "const DEFAULT_LIMIT: u32 = 50;",
        "const DEFAULT_LIMIT: u32 = 49;",
    );
    let deployed = world.stack_builder(["deploy", "uploads", "--yes", "--json"]).run().success().json();
    only_list_files_changes(&deployed["stacks"][0]);
    let after = code(world);
    let changed: Vec<&String> = after.keys().filter(|name| before.get(*name) != after.get(*name)).collect();
    assert_eq!(changed, ["ListFiles"], "{before:#?} {after:#?}");
    assert_eq!(resources(world), names, "something was replaced");
    world.workspace.restore();
}

/// The function's code; of what carries the function's ARN, CloudFormation says that it may be replaced.
#[track_caller]
fn only_list_files_changes(stack: &Value) {
    let changes = stack["changes"].as_array().expect("changes");
    let certain: Vec<&Value> = changes.iter().filter(|change| change["action"] != "may replace").collect();
    let [change] = certain.as_slice() else { panic!("not one change: {stack:#}") };
    assert_eq!(change["logicalId"], "ListFiles", "{stack:#}");
    assert_eq!(change["properties"], json!(["Code"]), "{stack:#}");
    assert_eq!(stack["state"], "done", "{stack:#}");
}

/// What each resource is called in the cloud, by logical id.
#[track_caller]
fn resources(world: &World) -> Vec<(String, String, String)> {
    let asked = json!({ "StackName": "uploads-dev" });
    let stack = world.aws.call("cloudformation", "describe_stack_resources", asked);
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let resources = stack["StackResources"].as_array().expect("resources").iter();
    let named = resources.map(|resource| {
        let [logical, kind, physical] = ["LogicalResourceId", "ResourceType", "PhysicalResourceId"];
        (text(&resource[logical]), text(&resource[kind]), text(&resource[physical]))
    });
    named.collect()
}

/// The SHA-256 of the code of each function of the stack, by logical id.
#[track_caller]
fn code(world: &World) -> BTreeMap<String, String> {
    let functions = resources(world).into_iter().filter(|(_, kind, _)| kind == "AWS::Lambda::Function");
    let hash = |physical: &str| {
        let asked = json!({ "FunctionName": physical });
        let configuration = world.aws.call("lambda", "get_function_configuration", asked);
        configuration["CodeSha256"].as_str().expect("a hash").to_owned()
    };
    functions.map(|(logical, _, physical)| (logical, hash(&physical))).collect()
}

#[track_caller]
fn last_update(world: &World) -> String {
    let stack = world.aws.call("cloudformation", "describe_stacks", json!({ "StackName": "uploads-dev" }));
    stack["Stacks"][0]["LastUpdatedTime"].to_string()
}
