//! Local runs follow the templates: edits of stacks, handlers and sites, parameters and conditions, and what is not run.

mod edits;

use super::person::{deployed_as, outputs, physical_id};
use super::shared::{aws, local};
use serde_json::{Value, json};
use stack_builder_tests::{Http, Local, StackBuilder, repository_root};

/// Stacks that need no handlers, without a memory.
#[track_caller]
fn start(args: &[&str]) -> Local {
    let fixed = ["local", "--json", "--port", "0", "--ephemeral", "--no-watch"];
    Local::command(StackBuilder::new(&repository_root()).args(fixed).args(args))
}

/// What is shown as not run: its name, and why.
fn not_run(local: &Local) -> Vec<(String, String)> {
    let absent = local.ready()["notRun"].as_array().cloned().unwrap_or_default();
    let pair = |one: &Value| {
        let notes = one["notes"].as_array().into_iter().flatten().filter_map(Value::as_str);
        (one["resource"].as_str().unwrap_or_default().to_owned(), notes.collect::<Vec<_>>().join("; "))
    };
    absent.iter().map(pair).collect()
}

#[test]
fn parameters_and_conditions_decide_what_there_is() {
    let app = ["--app", "./examples/l1-only"];
    let with = |parameter: &[&str]| {
        let local = start(&[&app[..], parameter].concat());
        let names: Vec<_> = not_run(&local)
            .into_iter()
            .map(|(name, why)| {
                assert!(!why.is_empty(), "nothing says why {name} does not run");
                name
            })
            .collect();
        let client = aws(&local);
        let stack =
            client.call("cloudformation", "describe_stacks", json!({ "StackName": "alarms-dev" }))["Stacks"]
                [0]
            .take();
        local.stop();
        (names, stack)
    };
    let (without, stack) = with(&[]);
    assert_eq!(without, ["alarms-dev/Topic", "alarms-dev/Errors"]);
    assert!(
        stack["Outputs"].as_array().is_none_or(Vec::is_empty),
        "the only output has a condition: {stack}"
    );
    let (names, stack) = with(&["-p", "Address=me@example.org"]);
    assert_eq!(names, ["alarms-dev/Topic", "alarms-dev/Mail", "alarms-dev/Errors"]);
    assert_eq!(
        stack["Parameters"],
        json!([{ "ParameterKey": "Address", "ParameterValue": "me@example.org" }])
    );
    let output = &stack["Outputs"][0];
    assert_eq!(output["OutputKey"], "TopicArn");
    assert!(output["OutputValue"].as_str().is_some_and(|arn| arn.starts_with("arn:aws:sns:")), "{output}");
    let unknown = ["local", "--app", "./examples/l1-only", "--ephemeral", "--port", "0", "-p", "Adress=x"];
    let unknown = StackBuilder::new(&repository_root()).args(unknown).run().exits_with(2);
    unknown.complains_once().says("Address");
}

#[test]
fn what_does_not_run_is_named_with_the_reason() {
    let local = start(&["todo", "--stage", "amplify"]);
    let absent = not_run(&local);
    let amplify = absent.iter().filter(|(_, why)| why.contains("Amplify Hosting does not run here"));
    assert!(amplify.count() >= 1, "{absent:?}");
    assert!(
        absent.iter().all(|(name, why)| name.starts_with("todo-amplify/") && !why.is_empty()),
        "{absent:?}"
    );
    let api = Http::plain().send("GET", &format!("{}/item", local.url("todo", "ApiUrl")), &[], "");
    assert_eq!(api.status, 401, "the rest runs: {api:?}");
    local.stop();
}

/// The gate stands in a stack of its own, in another region; the distribution has the version by an input.
#[test]
fn stacks_take_outputs_of_others() {
    let local = local();
    let aws = aws(&local);
    let gate = outputs(&aws, &deployed_as(&aws, "captains-log-edge"))["GateVersion"].take();
    let gate = gate.as_str().expect("an ARN");
    assert!(
        gate.starts_with("arn:aws:lambda:us-east-1:000000000000:function:captains-log-edge-dev-Gate-"),
        "{gate}"
    );
    let site = local.url("captains-log", "SiteUrl");
    let answer = Http::plain().send("GET", &format!("{site}/"), &[], "");
    assert_eq!(answer.status, 302, "the gate sends who has no session to the login: {answer:?}");
    assert!(answer.header("location").is_some_and(|to| to.contains("login")), "{answer:?}");
    let by_edge = local.event("the request", |event| {
        event["event"] == "request" && event["path"] == "/" && event["status"] == 302
    });
    let steps = by_edge["steps"].as_array().into_iter().flatten();
    let functions: Vec<_> = steps.filter_map(|step| step["resource"].as_str()).collect();
    assert!(functions.contains(&"captains-log-edge-dev/Gate"), "{by_edge}");
}

#[test]
fn our_own_command_finds_the_stacks() {
    let local = local();
    let environment = local.ready()["environment"].as_object().expect("variables").clone();
    let environment: Vec<_> =
        environment.iter().map(|(name, value)| (name, value.as_str().unwrap_or_default())).collect();
    let run =
        |args: &[&str]| StackBuilder::new(&repository_root()).args(args).envs(environment.clone()).run();
    let found = run(&["outputs", "--json"]).success().json();
    for (stack, urls) in local.ready()["urls"].as_object().expect("stacks") {
        for (name, url) in urls.as_object().expect("outputs") {
            assert_eq!(&found[stack][name], url, "{stack} {name} in {found:#}");
        }
    }
    run(&["outputs", "todo"]).success().says(&local.url("todo", "SiteUrl"));
    for _ in 0..2 {
        run(&["seed", "captains-log", "--yes"]).success().says("Logs");
    }
    let aws = aws(&local);
    let table = physical_id(&aws, &deployed_as(&aws, "captains-log"), "Logs");
    let count = json!({ "TableName": table, "Select": "COUNT" });
    assert!(aws.call("dynamodb", "scan", count)["Count"].as_u64() >= Some(10));
    run(&["destroy", "todo", "--yes"]).exits_with(1).says("come from their description; change it, and save");
    run(&["outputs", "todo"]).success().says(&local.url("todo", "SiteUrl"));
}
