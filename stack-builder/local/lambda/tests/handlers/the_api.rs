//! Lambda's own API: what `aws lambda invoke` and its kin send and read.

use crate::stage::Stage;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};
use stack_builder_local_core::{Api, ApiCall, Caller, Principal, Response, Trace, collect};
use std::sync::Arc;

async fn call(stage: &Stage, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
    let mut request = http::Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let parts = Arc::new(request.body(()).unwrap().into_parts().0);
    let caller = Caller::Principal(Principal::Administrator);
    let (region, body) = ("us-east-1".to_owned(), Bytes::from(body.to_owned()));
    stage.functions.call(ApiCall { caller, region, parts, body, trace: Trace::default() }).await
}

async fn json_of(response: Response) -> Value {
    serde_json::from_slice(&collect(response.into_body(), 1 << 20).await.unwrap()).unwrap()
}

const PATH: &str = "/2015-03-31/functions/f/invocations";

#[tokio::test]
async fn a_call_is_answered_with_version_and_log() {
    let stage = Stage::with(json!({}));
    let response = call(&stage, "POST", PATH, &[("x-amz-log-type", "Tail")], "{\"do\":\"print\"}").await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["x-amz-executed-version"], "$LATEST");
    let id = response.headers()["x-amzn-requestid"].to_str().unwrap().to_owned();
    let log = BASE64_STANDARD.decode(response.headers()["x-amz-log-result"].as_bytes()).unwrap();
    let log = String::from_utf8(log).unwrap();
    assert!(log.starts_with("START ") && log.contains("\none line\n") && log.contains("\nREPORT "), "{log}");
    assert!(log.contains(&format!("RequestId: {id}")), "{id} is not in {log}");
    assert_eq!(json_of(response).await, json!({"do": "print"}));
    let response = call(&stage, "POST", PATH, &[], "{\"do\":\"error\"}").await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["x-amz-function-error"]),
        (200, &"Unhandled".parse().unwrap())
    );
}

#[tokio::test]
async fn the_other_kinds_of_calls_answer_at_once() {
    let stage = Stage::with(json!({}));
    let kind = |kind| [("x-amz-invocation-type", kind)];
    assert_eq!(call(&stage, "POST", PATH, &kind("DryRun"), "").await.status(), 204);
    assert_eq!(call(&stage, "POST", PATH, &kind("Event"), "{\"do\":\"print\"}").await.status(), 202);
    stage.log("/aws/lambda/f", "one line").await;
    assert_eq!(call(&stage, "POST", PATH, &kind("Other"), "").await.status(), 400);
    assert_eq!(
        call(&stage, "POST", PATH, &[], "{").await.headers()["x-amzn-errortype"],
        "InvalidRequestContentException"
    );
    let large = format!("\"{}\"", "x".repeat(6 << 20));
    assert_eq!(call(&stage, "POST", PATH, &[], &large).await.status(), 413);
}

#[tokio::test]
async fn functions_can_be_looked_at() {
    let stage = Stage::with(json!({"MemorySize": 512}));
    let list = json_of(call(&stage, "GET", "/2015-03-31/functions/", &[], "").await).await;
    assert_eq!(list["Functions"][0]["MemorySize"], 512);
    let arn = "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af";
    let one = json_of(call(&stage, "GET", arn, &[], "").await).await;
    assert_eq!(one["Configuration"]["FunctionName"], "f");
    let missing = call(&stage, "GET", "/2015-03-31/functions/g/configuration", &[], "").await;
    assert_eq!(
        (missing.status().as_u16(), &missing.headers()["x-amzn-errortype"]),
        (404, &"ResourceNotFoundException".parse().unwrap())
    );
}
