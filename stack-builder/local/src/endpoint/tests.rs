//! What the endpoint does with calls before a service sees them.

use super::*;
use crate::application::Application;
use crate::cloudformation::CloudFormation;
use crate::console::Console;
use arc_swap::ArcSwap;
use std::convert::Infallible;
use std::time::Duration;

fn endpoint() -> Endpoint {
    let application = Arc::new(ArcSwap::from_pointee(Application::default()));
    let world = World::ephemeral();
    let stores = Arc::new(Stores::open(world, "http://127.0.0.1:1", None).expect("stores"));
    let policies = Arc::new(stores.policies.clone());
    Endpoint {
        console: Arc::new(Console::new(stores.clone(), application.clone(), "http://127.0.0.1:1")),
        cloudformation: Arc::new(CloudFormation::new(application, policies, "000000000000".to_owned(), 0)),
        stores,
    }
}

async fn ask(request: http::request::Builder, body: Body) -> (u16, String) {
    let request = request.body(body).expect("a request");
    let answered = tokio::time::timeout(Duration::from_secs(10), async {
        let response = endpoint().call(request).await;
        (response.status().as_u16(), collect(response.into_body(), 1 << 20).await.expect("a body"))
    });
    let (status, body) = answered.await.expect("an answer in time");
    (status, String::from_utf8_lossy(&body).into_owned())
}

fn endless() -> Body {
    let chunk = Bytes::from(vec![b' '; 1 << 16]);
    let chunks = move || Ok::<_, Infallible>(chunk.clone());
    Body::from_stream(futures_util::stream::repeat_with(chunks))
}

fn browser(action: &str) -> http::request::Builder {
    http::Request::post("/").header("x-amz-target", format!("AWSCognitoIdentityProviderService.{action}"))
}

#[tokio::test]
async fn anybody_may_ask_a_pool_for_little() {
    let (status, body) = ask(browser("ListUsers"), Body::from("{}")).await;
    assert_eq!(status, 400, "{body}");
    let (status, body) = ask(browser("InitiateAuth"), endless()).await;
    assert_eq!((status, body.contains("RequestEntityTooLarge")), (413, true), "{body}");
}

#[tokio::test]
async fn the_body_of_an_unknown_key_is_not_read() {
    let now = "20260101T000000Z";
    let credential = "Credential=AKIAX/20260101/us-east-1/dynamodb/aws4_request";
    let signature =
        format!("AWS4-HMAC-SHA256 {credential}, SignedHeaders=host;x-amz-date, Signature={}", "0".repeat(64));
    let call = http::Request::post("/").header("host", "x").header("x-amz-date", now);
    let (status, body) = ask(call.header("authorization", signature), endless()).await;
    assert!(status == 400 || status == 403, "{status} {body}");
    assert!(!body.contains("RequestEntityTooLarge"), "{body}");
}

#[tokio::test]
async fn a_preflight_is_for_pools_only() {
    let preflight = |headers: &str| {
        http::Request::options("/")
            .header("origin", "http://127.0.0.1:4001")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", headers.to_owned())
    };
    assert_eq!(ask(preflight("content-type,X-Amz-Target"), Body::empty()).await.0, 200);
    assert_ne!(ask(preflight("content-type"), Body::empty()).await.0, 200);
}

#[test]
fn keys_of_buckets_are_not_pages_of_pools() {
    assert!(is_issuers("/us-east-1_abc/.well-known/jwks.json"));
    for path in [
        "/bucket/.well-known/assetlinks.json",
        "/.well-known/x",
        "/us-east-1_abc",
        "/",
        "",
        "/a/b_c/.well-known/x",
    ] {
        assert!(!is_issuers(path), "{path}");
    }
}

#[test]
fn pages_of_other_sites_are_told_from_ours() {
    let check = |origin: &str, expect: bool| {
        let request = http::Request::post("/").header("origin", origin).body(()).expect("a request");
        assert_eq!(is_foreign(&request.into_parts().0), expect, "{origin}");
    };
    for ours in
        ["http://127.0.0.1:4001", "http://localhost:3000", "https://app.localhost:4", "http://[::1]:1"]
    {
        check(ours, false);
    }
    for others in
        ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://localhost.evil.example", ""]
    {
        check(others, true);
    }
    let silent = http::Request::post("/").body(()).expect("a request");
    assert!(!is_foreign(&silent.into_parts().0));
}

#[test]
fn every_client_can_read_why_it_is_refused() {
    let check = |service: &str, content: &str, expect: Protocol| {
        let request = http::Request::post("/").header("content-type", content).body(()).expect("a request");
        let (parts, ()) = request.into_parts();
        assert_eq!(protocol(service, &parts), expect, "{service}");
        let answer = unknown(service, &parts);
        let is_xml = answer.headers()["content-type"].as_bytes().ends_with(b"xml");
        assert_eq!((answer.status().as_u16(), is_xml), (501, expect == Protocol::Query), "{service}");
    };
    check("iam", "application/x-www-form-urlencoded; charset=utf-8", Protocol::Query);
    check("route53", "", Protocol::Query);
    check("sqs", "application/x-amz-json-1.0", Protocol::Json);
    check("apigateway", "application/json", Protocol::Rest);
}
