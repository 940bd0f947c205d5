//! Deploying again with one handler changed.

use crate::deployed::{code, resources};
use crate::world::World;
use serde_json::{Value, json};

/// An edit in one handler changes the code of that function, and nothing else.
#[track_caller]
pub(crate) fn one_handler_edited(world: &World) {
    let (before, names) = (code(world, "uploads"), resources(world, "uploads"));
    world.workspace.edit("handlers/src/uploads/list_files.rs", "\"uploads/files\"", "\"uploads/all-files\"");
    let deployed = world.stack_builder(["deploy", "uploads", "--yes", "--json"]).run().success().json();
    only_list_files_changes(&deployed["stacks"][0]);
    let after = code(world, "uploads");
    let changed: Vec<&String> = after.keys().filter(|name| before.get(*name) != after.get(*name)).collect();
    assert_eq!(changed, ["ListFiles"], "{before:#?} {after:#?}");
    assert_eq!(resources(world, "uploads"), names, "something was replaced");
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
