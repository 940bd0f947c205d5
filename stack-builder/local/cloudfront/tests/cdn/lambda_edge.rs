//! Functions of Lambda@Edge at their four moments.

use crate::harness::{DISABLED, OPTIMIZED, Script, answer, behavior, stage};
use serde_json::{Value, json};
use stack_builder_local_core::{Body, Caller, InvokeError};

fn with(policy: &str, moments: &[&str]) -> Script {
    let mut default = behavior(policy);
    let associations = moments.iter().map(|moment| {
        json!({"EventType": moment, "LambdaFunctionARN": "arn:aws:lambda:us-east-1:0:function:f:3", "IncludeBody": true})
    });
    default["LambdaFunctionAssociations"] = associations.collect();
    default["AllowedMethods"] = json!(["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]);
    stage(default)
}

fn cf(event: &Value) -> Value {
    event["Records"][0]["cf"].clone()
}

#[tokio::test]
async fn the_events_have_the_documented_shape() {
    let all = ["viewer-request", "origin-request", "origin-response", "viewer-response"];
    let stage = with(OPTIMIZED, &all)
        .lambda(|event| {
            let cf = cf(event);
            let response = cf["config"]["eventType"].as_str().expect("it").ends_with("response");
            Ok(cf[if response { "response" } else { "request" }].clone())
        })
        .run();
    assert_eq!(stage.ask("GET", "/a?q=1", &[("accept", "text/html")]).await.status, 200);
    let events = stage.functions.events.lock().expect("no panic elsewhere");
    let moments: Vec<_> = events.iter().map(|(_, event)| cf(event)["config"]["eventType"].clone()).collect();
    assert_eq!(moments, all);
    let (invocation, event) = &events[0];
    assert_eq!(invocation.function, "arn:aws:lambda:us-east-1:0:function:f:3");
    assert!(matches!(&invocation.caller, Caller::Service { name, source_arn }
        if name == "edgelambda.amazonaws.com" && source_arn.ends_with("distribution/E1")));
    let request = &cf(event)["request"];
    assert_eq!(
        *request,
        json!({
            "clientIp": "127.0.0.1",
            "headers": {
                "host": [{"key": "Host", "value": "127.0.0.1:4001"}],
                "accept": [{"key": "Accept", "value": "text/html"}]
            },
            "method": "GET", "querystring": "q=1", "uri": "/a",
            "body": {"inputTruncated": false, "action": "read-only", "encoding": "base64", "data": ""}
        })
    );
    let config = &cf(event)["config"];
    assert_eq!(
        (&config["distributionId"], &config["distributionDomainName"]),
        (&json!("E1"), &json!("e1.cloudfront.net"))
    );
    let origin = &cf(&events[1].1)["request"]["origin"];
    let expect = json!({"s3": {"authMethod": "none", "region": "us-east-1", "customHeaders": {},
        "domainName": "b.s3.us-east-1.amazonaws.com", "path": ""}});
    assert_eq!(*origin, expect);
    let response = &cf(&events[2].1)["response"];
    assert_eq!((&response["status"], &response["statusDescription"]), (&json!("200"), &json!("OK")));
}

#[tokio::test]
async fn a_viewer_request_function_changes_or_answers() {
    let stage = with(OPTIMIZED, &["viewer-request"])
        .lambda(|event| {
            let mut request = cf(event)["request"].clone();
            if request["uri"] == "/private" {
                return Ok(json!({"status": "302", "statusDescription": "Found", "body": "go",
                    "headers": {"location": [{"key": "Location", "value": "/login"}],
                        "set-cookie": [{"value": "a=1"}, {"value": "b=2"}]}}));
            }
            request["uri"] = "/changed".into();
            Ok(request)
        })
        .run();
    let seen = stage.get("/x").await;
    assert_eq!((&seen.body[..], seen.cache()), (&b"/changed"[..], "Miss"));
    assert_eq!(stage.get("/y").await.cache(), "Hit");
    let answered = stage.get("/private").await;
    assert_eq!(
        (answered.status, answered.header("location"), &answered.body[..]),
        (302, "/login", &b"go"[..])
    );
    assert_eq!(answered.header("x-cache"), "LambdaGeneratedResponse from cloudfront");
    assert_eq!(answered.headers.get_all("set-cookie").iter().count(), 2);
}

#[tokio::test]
async fn bodies_are_seen_and_replaced() {
    let stage = with(DISABLED, &["viewer-request"])
        .lambda(|event| {
            let mut request = cf(event)["request"].clone();
            let truncated = request["body"]["inputTruncated"] == true;
            if !truncated {
                request["body"] = json!({"action": "replace", "encoding": "text", "data": "new"});
            }
            Ok(request)
        })
        .run();
    stage.send("POST", "/a", &[], Body::from("old")).await;
    assert_eq!(stage.asked()[0].body, "new");
    stage.send("POST", "/a", &[], Body::from(vec![b'x'; 50_000])).await;
    assert_eq!(stage.asked()[1].body.len(), 50_000);
}

#[tokio::test]
async fn an_origin_response_function_changes_what_is_kept() {
    let stage = with(OPTIMIZED, &["origin-response"])
        .origin(|asked, _| match asked.uri.as_str() {
            "/missing" => answer(404, &[], "no"),
            _ => answer(200, &[("cache-control", "max-age=60")], "yes"),
        })
        .lambda(|event| {
            let mut response = cf(event)["response"].clone();
            if response["status"] == "404" {
                return Ok(json!({"status": 200, "headers": {}, "body": "aGk=", "bodyEncoding": "base64"}));
            }
            response["headers"]["x-added"] = json!([{"key": "X-Added", "value": "1"}]);
            Ok(response)
        })
        .run();
    assert_eq!(stage.get("/a").await.header("x-added"), "1");
    let hit = stage.get("/a").await;
    assert_eq!((hit.cache(), hit.header("x-added"), &hit.body[..]), ("Hit", "1", &b"yes"[..]));
    let mended = stage.get("/missing").await;
    assert_eq!((mended.status, &mended.body[..]), (200, &b"hi"[..]));
    assert_eq!(stage.functions.events.lock().expect("no panic elsewhere").len(), 2);
}

#[tokio::test]
async fn an_origin_request_function_changes_where_to() {
    let stage = with(OPTIMIZED, &["origin-request"])
        .lambda(|event| {
            let mut request = cf(event)["request"].clone();
            if request["uri"] == "/made" {
                return Ok(json!({"status": "200", "body": "made", "headers": {"cache-control": [{"value": "max-age=60"}]}}));
            }
            request["origin"] = json!({"custom": {"domainName": "api.execute-api.us-east-1.amazonaws.com",
                "path": "/stage", "port": 443, "protocol": "https",
                "customHeaders": {"x-extra": [{"key": "X-Extra", "value": "1"}]}}});
            request["headers"]["host"] = json!([{"value": "api.execute-api.us-east-1.amazonaws.com"}]);
            Ok(request)
        })
        .run();
    assert_eq!(stage.get("/a").await.body, "/stage/a");
    assert_eq!(stage.asked()[0].header("x-extra"), Some("1"));
    assert_eq!((stage.get("/made").await.body, stage.get("/made").await.cache()), ("made".into(), "Hit"));
}

#[tokio::test]
async fn viewer_responses_run_for_hits_and_not_for_errors() {
    let stage = with(OPTIMIZED, &["viewer-response"])
        .origin(|asked, _| answer(if asked.uri == "/bad" { 404 } else { 200 }, &[], "x"))
        .lambda(|event| {
            let mut response = cf(event)["response"].clone();
            response["headers"]["x-seen"] = json!([{"value": "1"}]);
            Ok(response)
        })
        .run();
    for (path, expect) in [("/a", "1"), ("/a", "1"), ("/bad", ""), ("/bad", "")] {
        assert_eq!(stage.get(path).await.header("x-seen"), expect, "{path}");
    }
}

#[tokio::test]
async fn failures_become_pages() {
    let document = json!({"errorMessage": "boom <b>", "errorType": "Error"}).to_string();
    let table = [
        (Err(InvokeError::Function(document.into())), 503, "LambdaExecutionError"),
        (Err(InvokeError::Throttled), 503, "LambdaLimitExceeded"),
        (Err(InvokeError::Denied("no permission".to_owned())), 503, "LambdaExecutionError"),
        (Ok(json!(null)), 502, "LambdaValidationError"),
        (Ok(json!({"status": 99})), 502, "LambdaValidationError"),
        (Ok(json!({"uri": "/a", "headers": {"x-edge-a": [{"value": "1"}]}})), 502, "LambdaValidationError"),
        (Ok(json!({"uri": "/a", "headers": {"host": [{"value": "evil"}]}})), 502, "LambdaValidationError"),
        (Ok(json!({"status": 200, "body": "x".repeat(41_000)})), 502, "LambdaValidationError"),
    ];
    for (said, status, cache) in table {
        let stage = with(OPTIMIZED, &["viewer-request"]).lambda(move |_| said.clone()).run();
        let seen = stage.get("/a").await;
        assert_eq!((seen.status, seen.cache()), (status, cache));
        assert!(!String::from_utf8_lossy(&seen.body).contains("<b>"));
        assert_eq!((stage.asked().len(), stage.world.journal.notices().len()), (0, 1));
    }
}
