//! What a stack made in the cloud, and when it was changed last.

use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A resource of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deployed {
    pub(crate) logical: String,
    pub(crate) kind: String,
    pub(crate) physical: String,
}

/// The resources of the stack `name`.
#[track_caller]
pub(crate) fn resources(world: &World, name: &str) -> Vec<Deployed> {
    let asked = json!({ "StackName": world.stack_name(name) });
    let stack = world.aws.call("cloudformation", "describe_stack_resources", asked);
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let resources = stack["StackResources"].as_array().expect("resources").iter();
    let named = resources.map(|resource| Deployed {
        logical: text(&resource["LogicalResourceId"]),
        kind: text(&resource["ResourceType"]),
        physical: text(&resource["PhysicalResourceId"]),
    });
    named.collect()
}

/// What CloudFormation called the resource with this logical id.
#[track_caller]
pub(crate) fn physical_id(world: &World, name: &str, logical: &str) -> String {
    let resource = resources(world, name).into_iter().find(|resource| resource.logical == logical);
    resource.unwrap_or_else(|| panic!("`{name}` has no `{logical}`")).physical
}

/// The stack's functions.
#[track_caller]
pub(crate) fn functions(world: &World, name: &str) -> Vec<Deployed> {
    let resources = resources(world, name).into_iter();
    resources.filter(|resource| resource.kind == "AWS::Lambda::Function").collect()
}

/// How Lambda runs a function, by its physical id.
#[track_caller]
pub(crate) fn configuration(world: &World, function: &str) -> Value {
    world.aws.call("lambda", "get_function_configuration", json!({ "FunctionName": function }))
}

/// The SHA-256 of the code of each function of the stack, by logical id.
#[track_caller]
pub(crate) fn code(world: &World, name: &str) -> BTreeMap<String, String> {
    let hash =
        |physical: &str| configuration(world, physical)["CodeSha256"].as_str().expect("a hash").to_owned();
    let functions = functions(world, name).into_iter();
    functions.map(|function| (function.logical, hash(&function.physical))).collect()
}

/// The same sources again: no change set is executed, and the command says so.
#[track_caller]
pub(crate) fn nothing_changes_on_a_second_deploy(world: &World, name: &str) {
    let (before, updated) = (code(world, name), last_update(world, name));
    world.deploy(name).says("no change");
    assert_eq!(code(world, name), before);
    assert_eq!(last_update(world, name), updated, "the stack was updated");
}

#[track_caller]
fn last_update(world: &World, name: &str) -> String {
    let asked = json!({ "StackName": world.stack_name(name) });
    let stack = world.aws.call("cloudformation", "describe_stacks", asked);
    stack["Stacks"][0]["LastUpdatedTime"].to_string()
}
