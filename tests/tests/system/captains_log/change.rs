//! A new version at the edge: for a change of the code, and for one of the settings alone.

use super::log::Log;
use super::regions::{associations, distribution, version};
use crate::deployed::{code, resources};
use serde_json::{Value, json};
use stack_builder_tests::Aws;
use std::collections::BTreeMap;

/// An edit of the gate: a version with the new code, which the distribution follows in the same run.
#[track_caller]
pub(crate) fn of_the_code_publishes_a_version(log: &Log<'_>, edge: &Aws) {
    let edit = || {
        log.world.workspace.edit(
            "handlers/src/captains_log/gate.rs",
            "const DEADLINE: Duration = Duration::from_millis(2500);",
            "const DEADLINE: Duration = Duration::from_millis(2400);",
        );
    };
    let (old, new) = publishes_a_version(log, edge, "Code", "CodeSha256", edit);
    assert_ne!(old["CodeSha256"], new["CodeSha256"], "{old:#} {new:#}");
    assert_eq!(old["Description"], new["Description"], "the settings are the same");
}

/// A new description, and the same archive: without a new version, it would never reach the edge.
#[track_caller]
pub(crate) fn of_a_setting_publishes_a_version_too(log: &Log<'_>, edge: &Aws) {
    let edit = || {
        log.world.workspace.edit(
            "stacks/src/captains_log/edge.rs",
            "Lets live sessions pass, and sends everyone else to the login page",
            "Lets captains pass",
        );
    };
    let (old, new) = publishes_a_version(log, edge, "Description", "Description", edit);
    assert_eq!(old["CodeSha256"], new["CodeSha256"], "the code is the same");
    assert_ne!(old["Description"], new["Description"], "{old:#} {new:#}");
}

/// Deploys after an edit, and gives the versions before and after.
#[track_caller]
fn publishes_a_version(
    log: &Log<'_>,
    edge: &Aws,
    at_function: &str,
    at_version: &str,
    edit: impl Fn(),
) -> (Value, Value) {
    let world = log.world;
    let (before, others, old) = (versions(edge), code(world, "captains-log"), version(edge));
    let names = resources(world, "captains-log");
    edit();
    let report = world.stack_builder(["deploy", "captains-log", "--yes", "--json"]).run().success().json();
    let [gate, app] = [0, 1].map(|stack| changes(&report["stacks"][stack]));
    assert_eq!(gate.keys().collect::<Vec<_>>(), ["Gate", "GateVersion"], "{report:#}");
    assert_eq!(
        (&gate["Gate"]["action"], &gate["Gate"]["properties"]),
        (&json!("modify"), &json!([at_function]))
    );
    assert_eq!(gate["GateVersion"]["properties"], json!([at_version]), "{report:#}");
    assert_eq!(app["Site"]["properties"], json!(["DistributionConfig"]), "{report:#}");

    let (after, new) = (versions(edge), version(edge));
    assert_ne!(old, new);
    assert_eq!(after.len(), before.len() + 1, "{after:#?}");
    assert!(
        before.iter().all(|version| after.contains(version)),
        "a version that CloudFront may still run is gone"
    );
    let pages = &distribution(world)["DefaultCacheBehavior"]["LambdaFunctionAssociations"]["Items"];
    assert_eq!(*pages, associations(&new));
    assert_eq!(
        (code(world, "captains-log"), resources(world, "captains-log")),
        (others, names),
        "more was changed"
    );
    world
        .deploy("captains-log")
        .says("captains-log-edge-dev: no changes")
        .says("captains-log-dev: no changes");
    let found =
        |arn: &str| after.iter().find(|version| version["FunctionArn"] == arn).expect("a version").clone();
    (found(&old), found(&new))
}

/// What CloudFormation announced, by logical id; of what carries the function's name, it says too much.
#[track_caller]
fn changes(stack: &Value) -> BTreeMap<String, Value> {
    assert_eq!(stack["state"], "done", "{stack:#}");
    let carries =
        |change: &Value| ["GateLogs", "GateLogging"].map(Value::from).contains(&change["logicalId"]);
    let changes = stack["changes"].as_array().expect("changes").iter().filter(|change| !carries(change));
    changes.map(|change| (change["logicalId"].as_str().expect("an id").to_owned(), change.clone())).collect()
}

/// The numbered versions of the gate.
#[track_caller]
fn versions(edge: &Aws) -> Vec<Value> {
    let current = version(edge);
    let (function, _) = current.rsplit_once(':').expect("a version");
    let found = edge.call("lambda", "list_versions_by_function", json!({ "FunctionName": function }));
    let versions = found["Versions"].as_array().expect("versions").iter();
    versions.filter(|version| version["Version"] != "$LATEST").cloned().collect()
}
