//! The console over a small application: its data and their limits.

mod browsers;
mod stream;

use super::Console;
use crate::application::Application;
use crate::evaluate::Evaluated;
use crate::stores::Stores;
use arc_swap::ArcSwap;
use serde_json::{Value, json};
use stack_builder_local_core::{
    Body, Layer, Request, Resource, ResourceId, Response, Service, Severity, Trace, World, collect,
};
use std::sync::Arc;

/// A console over an application of one stack.
fn console() -> Console {
    let stores = Stores::open(World::ephemeral(), "http://127.0.0.1:1", None).expect("stores");
    let id = |logical_id: &str| ResourceId { stack: "s-dev".to_owned(), logical_id: logical_id.to_owned() };
    let resource = |logical_id: &str, kind: &str, properties: Value| Resource {
        id: id(logical_id),
        kind: kind.to_owned(),
        physical_id: format!("s-dev-{logical_id}"),
        attributes: [("Arn".to_owned(), format!("arn:{logical_id}"))].into(),
        properties,
        metadata: Value::Null,
    };
    let variables =
        json!({ "Environment": { "Variables": { "TABLE": "t", "API_KEY": "k", "GREETING": "hunter2!" } } });
    let stack = Evaluated {
        name: "s".to_owned(),
        stack_name: "s-dev".to_owned(),
        resources: vec![
            resource("Handler", "AWS::Lambda::Function", variables),
            resource("Alarm", "AWS::CloudWatch::Alarm", Value::Null),
        ],
        outputs: [("Url".to_owned(), "http://127.0.0.1:7/api".to_owned())].into(),
        hidden: ["hunter2".to_owned()].into(),
        references: [("Alarm".to_owned(), [id("Handler")].into())].into(),
        ..Evaluated::default()
    };
    let application = Application { stacks: vec![stack], ..Application::default() };
    Console::new(Arc::new(stores), Arc::new(ArcSwap::from_pointee(application)), "http://127.0.0.1:1")
}

fn request(path: &str, headers: &[(&str, &str)]) -> Request {
    let mut request = http::Request::get(format!("/_stack-builder{path}")).header("host", "127.0.0.1:1");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).expect("a request")
}

async fn text(response: Response) -> String {
    let bytes = collect(response.into_body(), 1 << 24).await.expect("a body");
    String::from_utf8(bytes.to_vec()).expect("text")
}

async fn get(console: &Console, path: &str) -> (u16, String) {
    let response = console.call(request(path, &[])).await;
    (response.status().as_u16(), text(response).await)
}

async fn data(console: &Console, path: &str) -> Value {
    let (status, body) = get(console, &format!("/api/{path}")).await;
    assert_eq!(status, 200, "{path}: {body}");
    serde_json::from_str(&body).expect("JSON")
}

#[tokio::test]
async fn tells_what_runs_and_what_does_not() {
    let console = console();
    let overview = data(&console, "overview").await;
    assert_eq!(overview["apps"][0]["urls"], json!([{ "name": "Url", "url": "http://127.0.0.1:7/api" }]));
    assert_eq!((&overview["apps"][0]["resources"], &overview["apps"][0]["runs"]), (&json!(2), &json!(1)));
    assert_eq!(overview["differences"][0]["id"], "s-dev/Alarm");
    assert_eq!(overview["differences"][0]["there"], true);
    let graph = data(&console, "graph").await;
    assert_eq!(graph["edges"], json!([[1, 0]]));
    assert_eq!(graph["nodes"][0]["physical"], "s-dev-Handler");
}

#[tokio::test]
async fn secrets_are_not_shown() {
    let console = console();
    let resource = data(&console, "resource?id=s-dev%2FHandler").await;
    let variables = &resource["properties"]["Environment"]["Variables"];
    let hidden = super::mask::HIDDEN;
    assert_eq!(*variables, json!({ "TABLE": "t", "API_KEY": hidden, "GREETING": hidden }));
    assert_eq!(get(&console, "/api/resource?id=s-dev/Nobody").await.0, 404);
    assert_eq!(get(&console, "/api/resource").await.0, 400);
}

#[tokio::test]
async fn requests_have_their_steps_and_their_logs() {
    let console = console();
    let world = &console.stores.world;
    for path in 0..300 {
        let trace = Trace::begin(1, "http://127.0.0.1:7", format!("GET /api/{path}"));
        trace.step(Layer::Service, None, "dynamodb:Query").logged_as("id").end("200");
        world.journal.request(trace.finish(200).expect("a record"));
    }
    let latest = data(&console, "requests?limit=9999").await;
    let latest = latest.as_array().expect("a list");
    assert_eq!((latest.len(), &latest[0]["path"], &latest[0]["app"]), (300, &json!("/api/299"), &json!("s")));
    assert_eq!(data(&console, "requests").await.as_array().map(Vec::len), Some(200));
    let number = latest[1]["number"].as_u64().expect("a number");
    assert_eq!(data(&console, &format!("requests?after={number}")).await.as_array().map(Vec::len), Some(1));
    let one = data(&console, &format!("request?number={number}")).await;
    assert_eq!((&one["steps"][0]["layer"], &one["steps"][0]["requestId"]), (&json!("service"), &json!("id")));
    assert_eq!(get(&console, "/api/request?number=999999999").await.0, 404);
    assert_eq!(get(&console, "/api/request?number=x").await.0, 400);
}

#[tokio::test]
async fn logs_are_filtered_and_read_on() {
    let console = console();
    let logs = &console.stores.world.logs;
    (0..2000).for_each(|at| logs.write("g/h", "stream", at, &format!("line {at} <b>")));
    let page = data(&console, "log?group=g%2Fh&limit=9999").await;
    assert_eq!(page["lines"].as_array().map(Vec::len), Some(1000));
    assert_eq!((&page["next"], &page["lines"][999]["message"]), (&json!(2000), &json!("line 1999 <b>")));
    let found = data(&console, "log?group=g%2Fh&filter=LINE+7").await;
    assert_eq!(found["lines"].as_array().map(Vec::len), Some(111));
    assert_eq!(data(&console, "log?group=g%2Fh&from=2000").await, json!({ "next": 2000, "lines": [] }));
    assert_eq!(get(&console, "/api/log?group=nowhere").await.0, 404);
}

#[tokio::test]
async fn mails_and_notices_come_latest_first() {
    let console = console();
    let journal = &console.stores.world.journal;
    (0..300)
        .for_each(|at| journal.mail("a@example.com", "Code", &format!("It is {at}"), Some(&at.to_string())));
    journal.notice(Severity::Warning, None, "refused", "allow it");
    let inbox = data(&console, "inbox").await;
    assert_eq!((inbox.as_array().map(Vec::len), &inbox[0]["code"]), (Some(50), &json!("299")));
    assert_eq!(data(&console, "inbox?limit=100000").await.as_array().map(Vec::len), Some(200));
    let notices = data(&console, "notices").await;
    assert_eq!((&notices[0]["severity"], &notices[0]["hint"]), (&json!("warning"), &json!("allow it")));
    assert!(notices[0]["at"].as_u64().is_some_and(|at| at > 0));
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    let console = console();
    for (path, status) in [
        ("/api/nothing", 404),
        ("/nothing", 404),
        ("/api/items?table=nowhere", 400),
        ("/api/items", 400),
        ("/api/items?table=t&start=%7B", 400),
        ("/api/objects?bucket=nowhere", 404),
        ("/api/users?pool=nowhere", 404),
        ("/api/users?pool=%FF%FE&start=-1", 400),
    ] {
        assert_eq!(get(&console, path).await.0, status, "{path}");
    }
    for path in ["tables", "buckets", "pools", "functions", "log-groups"] {
        assert_eq!(data(&console, path).await, json!([]), "{path}");
    }
}
