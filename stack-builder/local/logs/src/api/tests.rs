//! Calls over HTTP's parts.

use super::*;
use http_body_util::BodyExt;
use serde_json::json;
use stack_builder_local_core::{Caller, Principal, Resource, ResourceId, Resources, Trace};

/// Allows everything but one action, and remembers what it was asked.
#[derive(Default)]
struct Guard {
    refused: &'static str,
    asked: Mutex<Vec<String>>,
}

impl Authorizer for Guard {
    fn judge(&self, ask: &Ask<'_>) -> Decision {
        self.asked.lock().expect("unpoisoned").push(format!("{} {}", ask.action, ask.resource));
        if ask.action == self.refused {
            return Decision::Denied { message: "no".to_owned(), advice: String::new() };
        }
        Decision::Allowed
    }
}

fn logs() -> LogsApi {
    LogsApi::new(&World::ephemeral(), Arc::new(Guard::default()))
}

async fn call(logs: &LogsApi, action: &str, input: Value) -> Result<Value, String> {
    let request = http::Request::post("/").header("x-amz-target", format!("Logs_20140328.{action}"));
    let (parts, ()) = request.body(()).expect("a request").into_parts();
    let caller = Caller::Principal(Principal::Administrator);
    let (region, body) = ("us-east-1".to_owned(), input.to_string().into());
    let call = ApiCall { caller, region, parts: Arc::new(parts), body, trace: Trace::default() };
    let response = logs.call(call).await;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).expect("JSON") };
    if status == 200 { Ok(body) } else { Err(body["__type"].as_str().expect("a type").to_owned()) }
}

fn messages(output: &Value) -> Vec<&str> {
    let events = output["events"].as_array().expect("events");
    events.iter().map(|event| event["message"].as_str().expect("a message")).collect()
}

fn fill(logs: &LogsApi, count: u64) {
    for number in 0..count {
        let stream = if number % 2 == 0 { "even" } else { "odd" };
        logs.world().logs.write("/aws/lambda/f", stream, 1000 + number, &format!("line {number}"));
    }
}

fn group(name: &str, properties: Value) -> Resource {
    Resource {
        id: ResourceId { stack: "app".to_owned(), logical_id: "Group".to_owned() },
        kind: "AWS::Logs::LogGroup".to_owned(),
        physical_id: name.to_owned(),
        attributes: BTreeMap::new(),
        properties,
        metadata: Value::Null,
    }
}

#[tokio::test]
async fn groups_and_streams_come_and_go() {
    let logs = logs();
    let g = json!({"logGroupName": "/g"});
    let s = json!({"logGroupName": "/g", "logStreamName": "s"});
    assert_eq!(call(&logs, "CreateLogStream", s.clone()).await, Err("ResourceNotFoundException".to_owned()));
    assert_eq!(call(&logs, "CreateLogGroup", g.clone()).await, Ok(Value::Null));
    assert_eq!(
        call(&logs, "CreateLogGroup", g.clone()).await,
        Err("ResourceAlreadyExistsException".to_owned())
    );
    assert_eq!(call(&logs, "CreateLogStream", s.clone()).await, Ok(Value::Null));
    assert_eq!(
        call(&logs, "CreateLogStream", s.clone()).await,
        Err("ResourceAlreadyExistsException".to_owned())
    );
    let streams = call(&logs, "DescribeLogStreams", g.clone()).await.expect("streams");
    assert_eq!(streams["logStreams"][0]["logStreamName"], "s");
    assert_eq!(streams["logStreams"][0]["lastEventTimestamp"], Value::Null);
    assert_eq!(call(&logs, "DeleteLogStream", s.clone()).await, Ok(Value::Null));
    assert_eq!(call(&logs, "DeleteLogStream", s).await, Err("ResourceNotFoundException".to_owned()));
    assert_eq!(call(&logs, "DeleteLogGroup", g.clone()).await, Ok(Value::Null));
    assert_eq!(call(&logs, "DeleteLogGroup", g).await, Err("ResourceNotFoundException".to_owned()));
}

#[tokio::test]
async fn the_groups_of_a_template_follow_it() {
    let logs = logs();
    let resources = |names: &[&str]| {
        Resources::new(names.iter().map(|name| group(name, json!({"RetentionInDays": "7"}))).collect())
    };
    assert_eq!(logs.apply(&resources(&["/a", "/b"])), []);
    logs.world().logs.write("/own", "s", 1, "x");
    logs.apply(&resources(&["/b"]));
    let output = call(&logs, "DescribeLogGroups", json!({})).await.expect("groups");
    let names: Vec<_> =
        output["logGroups"].as_array().expect("a list").iter().map(|g| &g["logGroupName"]).collect();
    assert_eq!(names, ["/b", "/own"]);
    assert_eq!(output["logGroups"][0]["retentionInDays"], 7);
    assert_eq!(output["logGroups"][0]["arn"], "arn:aws:logs:us-east-1:000000000000:log-group:/b:*");
    assert_eq!(output["logGroups"][1]["storedBytes"], 1);
    let found = call(&logs, "DescribeLogGroups", json!({"logGroupNamePrefix": "/o"})).await.expect("groups");
    assert_eq!(found["logGroups"].as_array().map(Vec::len), Some(1));
    let found = call(&logs, "DescribeLogGroups", json!({"logGroupNamePattern": "WN"})).await.expect("groups");
    assert_eq!(found["logGroups"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_stream_is_read_from_either_end() {
    let logs = logs();
    fill(&logs, 10);
    let base = json!({"logGroupName": "/aws/lambda/f", "logStreamName": "even", "limit": 2});
    let with = |name: &str, value: Value| {
        let mut input = base.clone();
        input[name] = value;
        input
    };
    let last = call(&logs, "GetLogEvents", base.clone()).await.expect("events");
    assert_eq!(messages(&last), ["line 6", "line 8"]);
    let before = call(&logs, "GetLogEvents", with("nextToken", last["nextBackwardToken"].clone())).await;
    assert_eq!(messages(&before.expect("events")), ["line 2", "line 4"]);
    let end = call(&logs, "GetLogEvents", with("nextToken", last["nextForwardToken"].clone()))
        .await
        .expect("events");
    assert!(messages(&end).is_empty());
    assert_eq!(end["nextForwardToken"], last["nextForwardToken"], "the same token tells the end");
    let head = call(&logs, "GetLogEvents", with("startFromHead", json!(true))).await.expect("events");
    assert_eq!(messages(&head), ["line 0", "line 2"]);
    let next = call(&logs, "GetLogEvents", with("nextToken", head["nextForwardToken"].clone()))
        .await
        .expect("events");
    assert_eq!(messages(&next), ["line 4", "line 6"]);
    let mut window = with("startTime", json!(1002));
    window["endTime"] = json!(1004);
    assert_eq!(messages(&call(&logs, "GetLogEvents", window).await.expect("events")), ["line 2"]);
}

#[tokio::test]
async fn all_streams_are_searched_page_by_page() {
    let logs = logs();
    fill(&logs, 25);
    let mut input = json!({"logGroupName": "/aws/lambda/f", "filterPattern": "line -4", "limit": 10});
    let mut pages = Vec::new();
    loop {
        let page = call(&logs, "FilterLogEvents", input.clone()).await.expect("a page");
        pages.push(messages(&page).len());
        if page["nextToken"].is_null() {
            break;
        }
        input["nextToken"] = page["nextToken"].clone();
    }
    assert_eq!(pages, [10, 10, 2]);
    for (name, value, count) in [
        ("logStreamNames", json!(["odd"]), 12),
        ("logStreamNamePrefix", json!("ev"), 13),
        ("startTime", json!(1020), 5),
        ("endTime", json!(1004), 5),
        ("filterPattern", json!("\"line 1\""), 11),
        ("logGroupIdentifier", json!("arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/f:*"), 25),
    ] {
        let mut input = json!({"logGroupName": "/aws/lambda/f"});
        input[name] = value;
        let found = call(&logs, "FilterLogEvents", input).await.expect("events");
        assert_eq!(messages(&found).len(), count, "{name}");
    }
}

#[tokio::test]
async fn events_are_put_in_order_and_in_time() {
    let logs = logs();
    let now = logs.world().clock.millis();
    logs.world().logs.create_stream("/g", "s", now);
    let put = |events: Value| json!({"logGroupName": "/g", "logStreamName": "s", "logEvents": events});
    let event = |at: u64, message: &str| json!({"timestamp": at, "message": message});
    let events =
        json!([event(now - OLD, "old"), event(now - 1, "a"), event(now, "b"), event(now + OLD, "new")]);
    let output = call(&logs, "PutLogEvents", put(events)).await.expect("an answer");
    let rejected = json!({"tooOldLogEventEndIndex": 1, "tooNewLogEventStartIndex": 3});
    assert_eq!(output["rejectedLogEventsInfo"], rejected);
    let got = call(&logs, "GetLogEvents", json!({"logGroupName": "/g", "logStreamName": "s"})).await;
    assert_eq!(messages(&got.expect("events")), ["a", "b"]);
    for events in [
        json!([event(now, "b"), event(now - 1, "a")]),
        json!([]),
        json!([{"timestamp": now}]),
        json!([event(now, "")]),
        json!([event(now, &"x".repeat(1_048_576))]),
    ] {
        assert_eq!(
            call(&logs, "PutLogEvents", put(events)).await,
            Err("InvalidParameterException".to_owned())
        );
    }
}

const OLD: u64 = 20 * 86_400_000;

#[tokio::test]
async fn errors_are_awss() {
    let logs = logs();
    fill(&logs, 1);
    let g = "/aws/lambda/f";
    for (action, input, code) in [
        ("GetLogEvents", json!({}), "InvalidParameterException"),
        ("GetLogEvents", json!([]), "SerializationException"),
        ("GetLogEvents", json!({"logGroupName": 1}), "SerializationException"),
        ("GetLogEvents", json!({"logGroupName": g, "logStreamName": "x"}), "ResourceNotFoundException"),
        (
            "GetLogEvents",
            json!({"logGroupName": g, "logStreamName": "even", "nextToken": "x"}),
            "InvalidParameterException",
        ),
        (
            "GetLogEvents",
            json!({"logGroupName": g, "logStreamName": "even", "limit": 0}),
            "InvalidParameterException",
        ),
        ("FilterLogEvents", json!({"logGroupName": "/none"}), "ResourceNotFoundException"),
        (
            "FilterLogEvents",
            json!({"logGroupName": g, "filterPattern": "{ $.a = 1 }"}),
            "InvalidParameterException",
        ),
        ("FilterLogEvents", json!({"logGroupName": g, "startTime": -1}), "InvalidParameterException"),
        ("FilterLogEvents", json!({"logGroupName": g, "logStreamNames": []}), "InvalidParameterException"),
        ("DescribeLogStreams", json!({"logGroupName": g, "orderBy": "Size"}), "InvalidParameterException"),
        ("CreateLogGroup", json!({"logGroupName": "a b"}), "InvalidParameterException"),
        ("CreateLogStream", json!({"logGroupName": g, "logStreamName": "a:b"}), "InvalidParameterException"),
        (
            "PutLogEvents",
            json!({"logGroupName": g, "logStreamName": "x", "logEvents": [{"timestamp": 1, "message": "m"}]}),
            "ResourceNotFoundException",
        ),
        ("StartQuery", json!({}), "UnknownOperationException"),
    ] {
        assert_eq!(call(&logs, action, input.clone()).await, Err(code.to_owned()), "{action} {input}");
    }
}

#[tokio::test]
async fn whoever_may_not_is_refused() {
    let guard = Arc::new(Guard { refused: "logs:FilterLogEvents", ..Guard::default() });
    let logs = LogsApi::new(&World::ephemeral(), guard.clone());
    let outcome = call(&logs, "FilterLogEvents", json!({"logGroupName": "/g"})).await;
    assert_eq!(outcome, Err("AccessDeniedException".to_owned()));
    let asked = guard.asked.lock().expect("unpoisoned").clone();
    assert_eq!(asked, ["logs:FilterLogEvents arn:aws:logs:us-east-1:000000000000:log-group:/g:log-stream:"]);
}

#[tokio::test]
async fn groups_do_not_grow_without_end() {
    let logs = logs();
    for number in 0..MOST_GROUPS {
        call(&logs, "CreateLogGroup", json!({"logGroupName": format!("/{number}")})).await.expect("made");
    }
    let outcome = call(&logs, "CreateLogGroup", json!({"logGroupName": "/more"})).await;
    assert_eq!(outcome, Err("LimitExceededException".to_owned()));
    let page =
        call(&logs, "DescribeLogGroups", json!({"limit": 50, "nextToken": "990"})).await.expect("a page");
    assert_eq!(page["logGroups"].as_array().map(Vec::len), Some(10));
    assert!(page["nextToken"].is_null());
}
