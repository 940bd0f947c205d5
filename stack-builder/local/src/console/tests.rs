//! Routes, headers, refusals and limits of the console.

use super::Console;
use crate::application::Application;
use crate::evaluate::Evaluated;
use crate::stores::Stores;
use arc_swap::ArcSwap;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use stack_builder_local_core::{
    Body, Layer, Request, Resource, ResourceId, Response, Service, Severity, Trace, World, collect,
};
use std::sync::Arc;
use std::time::Duration;

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
async fn every_answer_is_sealed() {
    let console = console();
    for path in ["", "/", "/style.css", "/main.js", "/api/overview", "/api/events", "/api/nothing", "/../x"] {
        let response = console.call(request(path, &[])).await;
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let policy = header("content-security-policy").unwrap_or_default();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(header("access-control-allow-origin"), None, "{path}");
    }
}

#[tokio::test]
async fn the_page_loads_nothing_but_its_own_parts() {
    let console = console();
    let (status, page) = get(&console, "").await;
    assert_eq!(status, 200);
    let references = page.split('"').filter(|part| part.starts_with('/'));
    let mut found = 0;
    for reference in references {
        let path = reference.strip_prefix("/_stack-builder").expect("a part of the console");
        assert_eq!(get(&console, path).await.0, 200, "{reference}");
        found += 1;
    }
    assert!(found >= 3, "{page}");
    assert!(!page.contains("http") && !page.contains("<style") && !page.contains("onclick"), "{page}");
}

#[tokio::test]
async fn modules_import_only_what_is_served_and_write_no_markup() {
    let console = console();
    let mut open = vec!["main.js".to_owned()];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let (status, script) = get(&console, &format!("/{name}")).await;
        assert_eq!(status, 200, "{name}");
        for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            assert!(!script.contains(forbidden), "{name} has {forbidden}");
        }
        let imports = script.lines().filter_map(|line| line.split_once("from \"./"));
        open.extend(imports.map(|(_, rest)| rest.trim_end_matches("\";").to_owned()));
    }
    assert!(seen.len() > 10, "{seen:?}");
}

#[tokio::test]
async fn other_sites_are_refused() {
    let console = console();
    let navigation = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    let status = async |path: &str, headers: &[(&str, &str)]| {
        console.call(request(path, headers)).await.status().as_u16()
    };
    for path in ["", "/main.js", "/api/overview", "/api/events"] {
        assert_eq!(status(path, &[("sec-fetch-site", "cross-site")]).await, 403, "{path}");
        assert_eq!(status(path, &[("sec-fetch-site", "same-site")]).await, 403, "{path}");
        assert_eq!(status(path, &[("sec-fetch-site", "nonsense")]).await, 403, "{path}");
        assert_eq!(status(path, &[("origin", "http://127.0.0.1:2")]).await, 403, "{path}");
        assert_eq!(status(path, &[("origin", "null")]).await, 403, "{path}");
        for ok in ["same-origin", "none"] {
            assert_eq!(status(path, &[("sec-fetch-site", ok)]).await, 200, "{path}");
        }
        assert_eq!(status(path, &[("origin", "http://127.0.0.1:1")]).await, 200, "{path}");
    }
    let linked = [&[("sec-fetch-site", "same-site")][..], &navigation].concat();
    assert_eq!(status("", &linked).await, 200);
    assert_eq!(status("/api/overview", &linked).await, 403);
    let framed =
        [("sec-fetch-site", "same-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
    assert_eq!(status("", &framed).await, 403);
}

#[tokio::test]
async fn nothing_can_be_changed() {
    let console = console();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"] {
        let mut asked = request("/api/overview", &[]);
        *asked.method_mut() = method.parse().expect("a method");
        let response = console.call(asked).await;
        assert_eq!(response.status(), 405, "{method}");
        assert_eq!(response.headers()["allow"], "GET");
    }
}

#[tokio::test]
async fn tells_what_runs_and_what_does_not() {
    let console = console();
    let overview = data(&console, "overview").await;
    assert_eq!(overview["apps"][0]["urls"], json!([{ "name": "Url", "url": "http://127.0.0.1:7/api" }]));
    assert_eq!((&overview["apps"][0]["resources"], &overview["apps"][0]["runs"]), (&json!(2), &json!(1)));
    assert_eq!(overview["differences"][0]["id"], "s-dev/Alarm");
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

async fn chunk(body: &mut Body) -> String {
    let frame = body.frame().await.expect("a frame").expect("no error");
    String::from_utf8(frame.into_data().expect("data").to_vec()).expect("text")
}

#[tokio::test(start_paused = true)]
async fn the_stream_tells_of_news_together_and_breathes() {
    let console = console();
    let mut body = console.call(request("/api/events", &[])).await.into_body();
    assert!(chunk(&mut body).await.contains("event: hello\ndata: {\"run\":"));
    let journal = &console.stores.world.journal;
    (0..5000).for_each(|_| journal.log(&ResourceId::default(), "", "line"));
    journal.mail("a@example.com", "", "", None);
    let first = chunk(&mut body).await;
    assert!(first.starts_with("event: news\ndata: [") && first.contains("\"inbox\""), "{first}");
    assert_eq!(chunk(&mut body).await, ": alive\n\n");
    console.application.store(Arc::new(Application::default()));
    assert_eq!(chunk(&mut body).await, "event: news\ndata: [\"application\"]\n\n");
}

#[tokio::test(start_paused = true)]
async fn streams_are_few_and_end_with_their_reader() {
    let console = console();
    let mut open = Vec::new();
    for _ in 0..super::STREAMS {
        open.push(console.call(request("/api/events", &[])).await);
    }
    assert_eq!(console.call(request("/api/events", &[])).await.status(), 503);
    open.truncate(3);
    assert_eq!(console.call(request("/api/events", &[])).await.status(), 200);
    drop(open);
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(console.streams.available_permits(), super::STREAMS);
}
