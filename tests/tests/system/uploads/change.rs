//! Deploying again: nothing, and one handler.

use crate::uploads::world::World;
use serde_json::json;
use std::collections::BTreeMap;

/// The same sources again: no change set is executed, and the command says so.
#[track_caller]
pub(crate) fn nothing_changed(world: &World) {
    let before = code(world);
    let updated = last_update(world);
    world.deploy().says("no change");
    assert_eq!(code(world), before);
    assert_eq!(last_update(world), updated, "the stack was updated");
}

/// An edit in one handler changes the code of that function, and nothing else.
#[track_caller]
pub(crate) fn one_handler_edited(world: &World) {
    let before = code(world);
    world.workspace.edit(
        "handlers/src/uploads/list_files.rs",
        "const DEFAULT_LIMIT: u32 = 50;",
        "const DEFAULT_LIMIT: u32 = 49;",
    );
    world.deploy().says("ListFiles");
    let after = code(world);
    let changed: Vec<&String> = after.keys().filter(|name| before.get(*name) != after.get(*name)).collect();
    assert_eq!(changed, ["ListFiles"], "{before:#?} {after:#?}");
    world.workspace.restore();
}

/// The SHA-256 of the code of each function of the stack, by logical id.
#[track_caller]
fn code(world: &World) -> BTreeMap<String, String> {
    let asked = json!({ "StackName": "uploads-dev" });
    let resources = world.aws.call("cloudformation", "describe_stack_resources", asked);
    let resources = resources["StackResources"].as_array().expect("resources").clone();
    let functions = resources.iter().filter(|resource| resource["ResourceType"] == "AWS::Lambda::Function");
    let hash = |physical: &serde_json::Value| {
        let configuration =
            world.aws.call("lambda", "get_function_configuration", json!({ "FunctionName": physical }));
        configuration["CodeSha256"].as_str().expect("a hash").to_owned()
    };
    let text = |value: &serde_json::Value| value.as_str().expect("an id").to_owned();
    functions.map(|f| (text(&f["LogicalResourceId"]), hash(&f["PhysicalResourceId"]))).collect()
}

#[track_caller]
fn last_update(world: &World) -> String {
    let stack = world.aws.call("cloudformation", "describe_stacks", json!({ "StackName": "uploads-dev" }));
    stack["Stacks"][0]["LastUpdatedTime"].to_string()
}
