//! Functions of CloudFront itself, in whole requests.

use crate::harness::{OPTIMIZED, Script, Stage, behavior, stage};
use serde_json::json;
use std::time::{Duration, Instant};

fn with(code: &str, moment: &str) -> Stage {
    script(code, moment).run()
}

fn script(code: &str, moment: &str) -> Script {
    let mut default = behavior(OPTIMIZED);
    default["FunctionAssociations"] = json!([{"EventType": moment, "FunctionARN": "arn:F1"}]);
    default["ResponseHeadersPolicyId"] = "67f7725c-6f97-4210-82d7-5512b31e9d03".into();
    let properties = json!({"Name": "routes", "FunctionCode": code,
        "FunctionConfig": {"Runtime": "cloudfront-js-2.0", "Comment": ""}});
    stage(default).with("AWS::CloudFront::Function", "F1", properties)
}

#[tokio::test]
async fn a_function_rewrites_answers_and_logs() {
    let stage = with(
        "function handler(event) {
            var r = event.request;
            console.log('asked for', r.uri);
            if (r.uri.lastIndexOf('.') < 0) return {statusCode: 404, statusDescription: 'Not Found',
                headers: {'content-type': {value: 'text/html'}}, body: {encoding: 'text', data: '<p>no'}};
            r.uri = '/v1' + r.uri;
            return r;
        }",
        "viewer-request",
    );
    assert_eq!(stage.get("/a.js?q=1").await.body, "/v1/a.js");
    let missing = stage.get("/nowhere").await;
    assert_eq!((missing.status, &missing.body[..]), (404, &b"<p>no"[..]));
    assert_eq!(missing.header("x-cache"), "FunctionGeneratedResponse from cloudfront");
    assert_eq!(missing.header("x-content-type-options"), "nosniff");
    let lines = stage.world.logs.read("/aws/cloudfront/function/routes", 0, 9, |_| true).expect("the group");
    assert!(lines[1].message.ends_with("asked for /nowhere"));
}

#[tokio::test]
async fn a_function_sees_policy_headers_and_changes_answers() {
    let stage = with(
        "function handler(event) {
            var r = event.response;
            r.headers['x-saw'] = {value: r.headers['x-frame-options'].value + ' ' + event.request.uri};
            r.cookies.c = {value: '1', attributes: 'Secure'};
            return r;
        }",
        "viewer-response",
    );
    for _ in 0..2 {
        let seen = stage.get("/a").await;
        assert_eq!((seen.header("x-saw"), seen.header("set-cookie")), ("SAMEORIGIN /a", "c=1; Secure"));
        assert_eq!((seen.status, &seen.body[..]), (200, &b"/a"[..]));
    }
}

#[tokio::test]
async fn nothing_is_left_between_calls() {
    let stage = with(
        "var count = 0; function handler(event) { count++; globalThis.x = (globalThis.x || 0) + 1;
            Array.prototype.more = (Array.prototype.more || 0) + 1;
            return {statusCode: 200, body: [count, x, [].more].join()} }",
        "viewer-request",
    );
    for _ in 0..3 {
        assert_eq!(stage.get("/a").await.body, "1,1,1");
    }
}

#[tokio::test]
async fn failures_become_pages() {
    let table = [
        ("function handler() { throw new Error('boom') }", 503, "FunctionExecutionError"),
        ("function handler() { for (;;) {} }", 503, "FunctionExecutionError"),
        ("function handler() { return handler() }", 503, "FunctionExecutionError"),
        ("syntax error", 503, "FunctionExecutionError"),
        ("function handler() { return 3 }", 502, "FunctionValidationError"),
        (
            "function handler(e) { e.request.headers.host.value = 'x'; return e.request }",
            502,
            "FunctionValidationError",
        ),
        ("function handler() { return {statusCode: 1000} }", 502, "FunctionValidationError"),
    ];
    for (code, status, cache) in table {
        let stage = with(code, "viewer-request");
        let seen = stage.get("/a").await;
        assert_eq!((seen.status, seen.cache()), (status, cache), "{code}");
        assert_eq!(stage.asked().len(), 0);
    }
}

#[tokio::test]
async fn a_function_that_never_comes_back_is_left_behind() {
    // A loop inside the interpreter, which asks nobody whether it may go on; it ends after some seconds.
    let stage = with(
        "function handler(e) { if (e.request.uri == '/hang') [].indexOf.call({length: 1e8}, 1); return {statusCode: 200} }",
        "viewer-request",
    );
    assert_eq!(stage.get("/a").await.status, 200);
    let began = Instant::now();
    let (hung, other) = tokio::join!(stage.get("/hang"), async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        stage.ask("POST", "/a", &[]).await
    });
    assert_eq!((hung.status, other.status), (503, 403));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(stage.get("/a").await.status, 200);
}

#[tokio::test]
async fn code_that_never_ends_outside_of_its_handler_is_left_behind() {
    let stage =
        with("[].indexOf.call({length: 5e8}, 1); function handler(e) { return e.request }", "viewer-request");
    assert!(stage.notes.iter().any(|note| note.text.contains("cannot be read")), "{:?}", stage.notes);
    assert_eq!(stage.get("/a").await.status, 503);
}

#[tokio::test]
async fn the_routes_of_a_site_run_as_they_are_deployed() {
    let template =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/golden/stacks/dev/todo.template.json");
    let template: serde_json::Value =
        serde_json::from_slice(&std::fs::read(template).expect("the template")).expect("JSON");
    let code = template["Resources"]["SiteRoutes"]["Properties"]["FunctionCode"].as_str().expect("code");
    let stage = with(code, "viewer-request");
    assert_eq!(stage.notes, []);
    for (path, status) in [("/", 200), ("/todo.js", 200), ("/nowhere", 404), ("/a/b.c/d", 404)] {
        assert_eq!(stage.get(path).await.status, status, "{path}");
    }
    let head = stage.ask("HEAD", "/nowhere", &[]).await;
    assert_eq!((head.status, head.header("cache-control")), (404, "no-store"));
}

#[tokio::test]
async fn what_is_not_offered_is_noted() {
    let stage =
        with("const c = require('crypto'); function handler(e) { return e.request }", "viewer-request");
    let texts: Vec<_> = stage.notes.iter().map(|note| note.text.as_str()).collect();
    assert!(texts[0].contains("crypto") && texts[1].contains("cannot be read"), "{texts:?}");
}
