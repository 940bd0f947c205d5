//! What the application tells whoever runs it: logs, counts and traces.

use crate::deployed::{self, configuration, physical_id};
use crate::world::World;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The binaries by their functions' logical ids.
const SERVICES: &[(&str, &str)] = &[
    ("AddTodoFunction", "todo-add-item"),
    ("CompleteTodoFunction", "todo-complete-item"),
    ("DeleteTodoFunction", "todo-delete-item"),
    ("GetAllTodoFunction", "todo-list-items"),
    ("GetTodoFunction", "todo-get-item"),
    ("UpdateTodoFunction", "todo-update-item"),
];

/// Looks at every function, and at the stage.
#[track_caller]
pub(crate) fn tells_what_happened(world: &World) {
    let functions = deployed::functions(world, "todo");
    let names: Vec<_> = functions.iter().map(|function| function.logical.as_str()).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>(), SERVICES.iter().map(|(name, _)| name).collect());
    for (name, service) in SERVICES {
        let function = configuration(world, &physical_id(world, "todo", name));
        assert_eq!(function["TracingConfig"]["Mode"], "Active", "X-Ray of `{name}`");
        let group = function["LoggingConfig"]["LogGroup"].as_str().expect("a log group");
        assert_eq!(retention(world, group), 14, "`{group}`");
        counts(service, &lines(world, group));
    }
    the_stage(world);
}

/// Traced and throttled, with a log of its own. (The emulator drops what CloudFormation says of that log, which the
/// golden template shows; see `quirks`.)
#[track_caller]
fn the_stage(world: &World) {
    let asked = json!({ "restApiId": physical_id(world, "todo", "TodoApi"), "stageName": "api" });
    let stage = world.aws.call("apigateway", "get_stage", asked);
    assert_eq!(stage["tracingEnabled"], true, "{stage}");
    let settings = &stage["methodSettings"]["*/*"];
    assert_eq!(
        (&settings["throttlingRateLimit"], &settings["throttlingBurstLimit"]),
        (&json!(20.0), &json!(40))
    );
    let plan = json!({ "usagePlanId": physical_id(world, "todo", "TodoApiUsagePlan") });
    let plan = world.aws.call("apigateway", "get_usage_plan", plan);
    assert_eq!(plan["quota"], json!({ "limit": 100_000, "period": "DAY" }), "{plan}");
    assert_eq!(retention(world, &physical_id(world, "todo", "TodoApiAccessLog")), 14);
}

#[track_caller]
fn retention(world: &World, group: &str) -> i64 {
    let groups = world.aws.call("logs", "describe_log_groups", json!({ "logGroupNamePrefix": group }));
    let mut groups = groups["logGroups"].as_array().expect("log groups").iter();
    let found = groups.find(|found| found["logGroupName"] == group);
    found.unwrap_or_else(|| panic!("no log group `{group}`"))["retentionInDays"].as_i64().expect("days")
}

/// The lines that are JSON objects of ours.
#[track_caller]
fn lines(world: &World, group: &str) -> Vec<Value> {
    let (mut lines, mut next) = (Vec::new(), Value::Null);
    loop {
        let mut asked = json!({ "logGroupName": group });
        if !next.is_null() {
            asked["nextToken"] = next;
        }
        let mut answer = world.aws.call("logs", "filter_log_events", asked);
        let events = answer["events"].as_array().expect("events").iter();
        let texts = events.filter_map(|event| event["message"].as_str());
        lines.extend(texts.filter_map(|text| serde_json::from_str(text).ok()));
        next = answer["nextToken"].take();
        if next.is_null() {
            return lines;
        }
    }
}

/// Every answer is counted once, in CloudWatch's embedded metric format, and traceable; nothing in the log is a user's.
#[track_caller]
fn counts(service: &str, lines: &[Value]) {
    let (counts, answers): (Vec<&Value>, Vec<&Value>) = lines
        .iter()
        .filter(|line| line.get("requestId").is_some())
        .filter(|line| line.get("status").is_some())
        .partition(|line| line.get("_aws").is_some());
    assert_eq!(counts.len(), answers.len(), "counts and answers of `{service}`");
    let mut seen = BTreeSet::new();
    for (count, answer) in counts.iter().zip(&answers) {
        let metric = if answer["status"].as_u64() < Some(400) { "Success" } else { "Error" };
        let directive = json!([{
            "Namespace": "TodoApp", "Dimensions": [["Service"]], "Metrics": [{ "Name": metric, "Unit": "Count" }],
        }]);
        assert_eq!(count["_aws"]["CloudWatchMetrics"], directive, "{count}");
        assert!(count["_aws"]["Timestamp"].is_u64(), "{count}");
        assert_eq!((&count["Service"], &count[metric]), (&json!(service), &json!(1)), "{count}");
        assert_eq!((&count["requestId"], &count["status"]), (&answer["requestId"], &answer["status"]));
        assert!(answer["traceId"].is_string() && count["traceId"] == answer["traceId"], "{answer}");
        seen.insert(metric);
    }
    assert_eq!(seen, BTreeSet::from(["Error", "Success"]), "what `{service}` counted");
    let said = json!(lines).to_string();
    for secret in ["example.org", "Bearer", "eyJ", "Buy milk", "Write the report"] {
        assert!(!said.contains(secret), "the log of `{service}` holds {secret:?}");
    }
}
