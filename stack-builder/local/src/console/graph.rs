//! The resources and what they refer to, for drawing.

use crate::application::Application;
use crate::kinds::{self, Kind};
use serde_json::{Value, json};
use stack_builder_local_core::{Resource, ResourceId};
use std::collections::BTreeMap;

/// Nodes in the order of the templates, and edges as pairs of their places, from the one that refers to the other.
pub(super) fn of(application: &Application) -> Value {
    let stacks = &application.stacks;
    let resources: Vec<&Resource> = stacks.iter().flat_map(|stack| &stack.resources).collect();
    let places: BTreeMap<&ResourceId, usize> =
        resources.iter().enumerate().map(|(at, resource)| (&resource.id, at)).collect();
    let references = stacks.iter().flat_map(|stack| {
        let id = |logical_id: &String| ResourceId {
            stack: stack.stack_name.clone(),
            logical_id: logical_id.clone(),
        };
        stack.references.iter().map(move |(logical_id, targets)| (id(logical_id), targets))
    });
    let edges: Vec<[usize; 2]> = references
        .flat_map(|(from, targets)| {
            let from = places.get(&from).copied();
            targets.iter().filter_map(|to| Some([from?, *places.get(to)?])).collect::<Vec<_>>()
        })
        .collect();
    json!({ "nodes": resources.into_iter().map(node).collect::<Vec<_>>(), "edges": edges })
}

fn node(resource: &Resource) -> Value {
    json!({
        "id": resource.id.to_string(),
        "stack": resource.id.stack,
        "name": resource.id.logical_id,
        "kind": resource.kind,
        "physical": resource.physical_id,
        "runs": kinds::of(&resource.kind) == Kind::Runs,
    })
}
