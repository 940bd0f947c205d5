//! Two regions and one command: what stands where, and what the one is told of the other.

use super::EDGE;
use crate::deployed::{configuration, physical_id};
use crate::world::World;
use serde_json::{Value, json};
use stack_builder_tests::{Aws, REGION};

/// The parameter that the version's ARN comes in by.
const PARAMETER: &str = "CaptainsLogEdgeGateVersion";

/// One run made both regions ready.
#[track_caller]
pub(crate) fn are_both_bootstrapped(world: &World, edge: &Aws) {
    for (aws, region) in [(&world.aws, REGION), (edge, EDGE)] {
        let stack = json!({ "StackName": "stack-builder-bootstrap" });
        let stack = aws.call("cloudformation", "describe_stacks", stack)["Stacks"][0].take();
        assert_eq!(stack["StackStatus"], "CREATE_COMPLETE", "{region}");
        let outputs = stack["Outputs"].as_array().expect("outputs").iter();
        let names: Vec<_> = outputs.map(|output| output["OutputValue"].clone()).collect();
        let bucket = format!("stack-builder-assets-000000000000-{region}");
        assert!(names.contains(&json!(bucket)), "{names:?}");
    }
    let again = world.stack_builder(["bootstrap"]).run().success();
    assert_eq!(again.stderr.matches("was ready: nothing to change").count(), 2, "{again}");
}

/// The stack at the edge comes first and stands in its own region, its archives too; the report says so.
#[track_caller]
pub(crate) fn hold_a_stack_each(world: &World, edge: &Aws, report: &Value) {
    let told =
        |key: &str| report["stacks"].as_array().expect("stacks").iter().map(|s| s[key].clone()).collect();
    let told: [Vec<Value>; 4] = ["name", "stackName", "region", "state"].map(told);
    let expected = json!([
        ["captains-log-edge", "captains-log"],
        ["captains-log-edge-dev", "captains-log-dev"],
        [EDGE, REGION],
        ["done", "done"],
    ]);
    assert_eq!(json!(told), expected, "{report:#}");

    let (first, second) = (stack(edge, "captains-log-edge-dev"), stack(&world.aws, "captains-log-dev"));
    let begun = |stack: &Value| stack["CreationTime"].as_str().expect("a time").to_owned();
    assert!(begun(&first) <= begun(&second), "{first} {second}");
    for (aws, elsewhere) in [(edge, "captains-log-dev"), (&world.aws, "captains-log-edge-dev")] {
        let asked = json!({ "StackName": elsewhere });
        aws.try_call("cloudformation", "describe_stacks", asked).expect_err("a stack in the other region");
    }
    for (region, archives) in [(EDGE, 1), (REGION, 3)] {
        let bucket = json!({ "Bucket": format!("stack-builder-assets-000000000000-{region}") });
        let objects = world.aws.call("s3", "list_objects_v2", bucket);
        assert_eq!(objects["Contents"].as_array().map(Vec::len), Some(archives), "{region}: {objects}");
    }
}

/// The version's ARN goes from the output to the parameter, and from there to both events of the pages' behaviour.
#[track_caller]
pub(crate) fn are_joined_by_the_version(world: &World, edge: &Aws) {
    let version = version(edge);
    let stack = stack(&world.aws, "captains-log-dev");
    let filled = json!([{ "ParameterKey": PARAMETER, "ParameterValue": version }]);
    assert_eq!(stack["Parameters"], filled);

    let config = distribution(world);
    let pages = &config["DefaultCacheBehavior"];
    assert_eq!(pages["LambdaFunctionAssociations"]["Items"], associations(&version));
    let api = &config["CacheBehaviors"]["Items"];
    assert_eq!(api.as_array().map(Vec::len), Some(1), "{config:#}");
    assert_eq!(
        (&api[0]["PathPattern"], &api[0]["LambdaFunctionAssociations"]),
        (&json!("/api/*"), &Value::Null)
    );
    let mut errors = config["CustomErrorResponses"]["Items"].as_array().into_iter().flatten();
    let page = |error: &Value| error["ResponsePagePath"].as_str().is_some_and(|page| !page.is_empty());
    assert!(!errors.any(page), "errors of the API would become pages: {config:#}");
}

/// As Lambda@Edge wants it: a managed runtime, its architecture, a numbered version, and no variables.
#[track_caller]
pub(crate) fn suit_the_edge_function(edge: &Aws) {
    let version = version(edge);
    let (function, number) = version.rsplit_once(':').expect("a numbered version");
    assert_eq!(number, "1");
    for name in [function, version.as_str()] {
        let found = edge.call("lambda", "get_function_configuration", json!({ "FunctionName": name }));
        let read = |key: &str| found[key].clone();
        let told = json!(["Runtime", "Handler", "Architectures", "MemorySize", "Timeout"].map(read));
        assert_eq!(told, json!(["python3.13", "index.handler", ["x86_64"], 128, 5]), "{found:#}");
        let variables = found["Environment"]["Variables"].as_object().map_or(0, serde_json::Map::len);
        assert_eq!(variables, 0, "{found:#}");
        assert_eq!(found["VpcConfig"]["SubnetIds"].as_array().map_or(0, Vec::len), 0, "{found:#}");
    }
}

/// The functions of the API, which have variables instead.
#[track_caller]
pub(crate) fn suit_the_other_functions(world: &World) {
    for logical in ["Login", "Home", "Logout"] {
        let found = configuration(world, &physical_id(world, "captains-log", logical));
        assert_eq!(found["Runtime"], "provided.al2023", "{found:#}");
        assert!(found["Environment"]["Variables"]["SESSIONS_TABLE"].is_string(), "{found:#}");
        let group = found["LoggingConfig"]["LogGroup"].as_str().expect("a log group");
        let asked = json!({ "logGroupNamePrefix": group });
        let groups = world.aws.call("logs", "describe_log_groups", asked);
        assert_eq!(groups["logGroups"][0]["retentionInDays"], 14, "{groups}");
    }
}

#[track_caller]
fn stack(aws: &Aws, name: &str) -> Value {
    aws.call("cloudformation", "describe_stacks", json!({ "StackName": name }))["Stacks"][0].take()
}

/// The ARN of the newest version, from the output of the stack at the edge.
#[track_caller]
pub(crate) fn version(edge: &Aws) -> String {
    let stack = stack(edge, "captains-log-edge-dev");
    let mut outputs = stack["Outputs"].as_array().expect("outputs").iter();
    let output = outputs.find(|output| output["OutputKey"] == "GateVersion").expect("an output");
    output["OutputValue"].as_str().expect("an ARN").to_owned()
}

/// The distribution's configuration.
#[track_caller]
pub(crate) fn distribution(world: &World) -> Value {
    let id = physical_id(world, "captains-log", "Site");
    world.aws.call("cloudfront", "get_distribution_config", json!({ "Id": id }))["DistributionConfig"].take()
}

/// Both events, with this version.
pub(crate) fn associations(version: &str) -> Value {
    let event = |event: &str| json!({ "LambdaFunctionARN": version, "EventType": event });
    json!([event("viewer-request"), event("origin-response")])
}
