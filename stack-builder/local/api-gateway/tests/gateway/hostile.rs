//! Hostile input: refused or passed on harmlessly, never a panic and never without bound.

use crate::support::{App, lambda, lambda_uri};
use bytes::Bytes;
use serde_json::json;
use stack_builder_local_core::Body;

fn http() -> App {
    App::new(&[
        ("Api", "AWS::ApiGatewayV2::Api", json!({})),
        (
            "I",
            "AWS::ApiGatewayV2::Integration",
            json!({"ApiId": "api", "IntegrationType": "AWS_PROXY",
            "IntegrationUri": lambda("f"), "PayloadFormatVersion": "2.0"}),
        ),
        (
            "R",
            "AWS::ApiGatewayV2::Route",
            json!({"ApiId": "api", "RouteKey": "$default", "Target": "integrations/i"}),
        ),
        ("S", "AWS::ApiGatewayV2::Stage", json!({"ApiId": "api", "StageName": "$default"})),
    ])
}

fn rest() -> App {
    App::new(&[
        ("Api", "AWS::ApiGateway::RestApi", json!({})),
        (
            "X",
            "AWS::ApiGateway::Resource",
            json!({"RestApiId": "api", "ParentId": "root", "PathPart": "{proxy+}"}),
        ),
        (
            "M",
            "AWS::ApiGateway::Method",
            json!({"RestApiId": "api", "ResourceId": "x", "HttpMethod": "ANY",
            "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": lambda_uri("f")}}),
        ),
        ("S", "AWS::ApiGateway::Stage", json!({"RestApiId": "api", "StageName": "dev"})),
    ])
}

#[tokio::test]
async fn strange_paths_are_passed_on() {
    for path in [
        "/dev/%",
        "/dev/%zz",
        "/dev/%00",
        "/dev/%ff%fe",
        "/dev/../../etc/passwd",
        "/dev/..%2f..%2fetc",
        "/dev//x//",
        "/dev/%2e%2e/",
        "/dev/x?%=%&%zz=%f&==&&&",
        "/dev/x?a[]=1&a[]=2&__proto__=1",
        "/dev/{x}",
    ] {
        assert_eq!(http().get(path, &[]).await.status, 200, "{path}");
        assert_eq!(rest().get(path, &[]).await.status, 200, "{path}");
    }
    let query = format!("/dev/x?{}", "a=1&".repeat(15_000));
    assert_eq!((http().get(&query, &[]).await.status, rest().get(&query, &[]).await.status), (200, 200));
    let deep = format!("/dev{}", "/a".repeat(30_000));
    assert_eq!((http().get(&deep, &[]).await.status, rest().get(&deep, &[]).await.status), (200, 200));
}

#[tokio::test]
async fn bodies_end_at_ten_megabytes() {
    let ten = 10 * 1024 * 1024;
    for (app, refused) in
        [(http(), r#"{"message":"Request Entity Too Large"}"#), (rest(), r#"{"message":"Request Too Long"}"#)]
    {
        let text = [("content-type", "text/plain")];
        assert_eq!(app.send("POST /dev/x", &text, vec![b'a'; ten]).await.status, 200);
        assert_eq!(app.event()["body"].as_str().map(str::len), Some(ten));
        let got = app.send("POST /dev/x", &text, vec![b'a'; ten + 1]).await;
        assert_eq!((got.status, got.body.as_str()), (413, refused));
        let endless =
            futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[0; 4096])));
        assert_eq!(app.send("POST /dev/x", &text, Body::from_stream(endless)).await.status, 413);
        let broken =
            futures_util::stream::iter([Ok(Bytes::from_static(b"a")), Err(std::io::Error::other("gone"))]);
        assert_eq!(app.send("POST /dev/x", &text, Body::from_stream(broken)).await.status, 400);
        assert_eq!(app.called().len(), 1);
    }
}

#[tokio::test]
async fn heads_end_at_ten_kilobytes() {
    let long = "a".repeat(10_240);
    let fits = "a".repeat(10_240 - 3);
    for (app, status) in [(http(), 431), (rest(), 413)] {
        assert_eq!(app.get("/dev/x", &[("x-a", &long)]).await.status, status);
        assert_eq!(app.get("/dev/x", &[("x-a", &fits)]).await.status, 200);
    }
}

#[tokio::test]
async fn headers_of_the_connection_do_not_reach_the_function() {
    let smuggled = [
        ("connection", "x-secret"),
        ("transfer-encoding", "chunked"),
        ("te", "trailers"),
        ("trailer", "x"),
        ("upgrade", "h2c"),
        ("keep-alive", "1"),
        ("proxy-authorization", "x"),
        ("expect", "100-continue"),
        ("proxy-connection", "close"),
        ("content-length", "0"),
        ("content-length", "999"),
    ];
    for app in [http(), rest()] {
        app.send("POST /dev/x", &smuggled, "abc").await;
        let headers = app.event()["headers"].clone();
        for (name, _) in &smuggled[..9] {
            assert!(headers.get(name).is_none(), "{name}");
        }
        assert_ne!(headers["content-length"], "999");
        assert_ne!(headers["content-length"], "0,999");
    }
}

#[tokio::test]
async fn a_client_does_not_write_the_context() {
    let forged =
        [("x-forwarded-for", "1.2.3.4"), ("x-amzn-requestid", "mine"), ("x-amzn-trace-id", "no root")];
    for app in [http(), rest()] {
        let got = app.get("/dev/x", &forged).await;
        assert_ne!(got.header("x-amzn-requestid"), Some("mine"));
        let event = app.event();
        let context = &event["requestContext"];
        let ip = context.pointer("/http/sourceIp").or_else(|| context.pointer("/identity/sourceIp"));
        assert_eq!(ip, Some(&json!("127.0.0.1")));
        assert_ne!(context["requestId"], "mine");
    }
}

#[tokio::test]
async fn a_client_does_not_write_lines_into_a_log() {
    let log =
        json!({"Format": "$context.path", "DestinationArn": "arn:aws:logs:us-east-1:0:log-group:access"});
    let app = App::new(&[
        ("Api", "AWS::ApiGatewayV2::Api", json!({})),
        (
            "S",
            "AWS::ApiGatewayV2::Stage",
            json!({"ApiId": "api", "StageName": "$default", "AccessLogSettings": log}),
        ),
    ]);
    assert_eq!(app.get("/a%0Ab%1B%5B31m%C2%85", &[]).await.status, 404);
    let lines = app.world.logs.read("access", 0, 10, |_| true).expect("the group");
    assert_eq!(lines[0].message, "/a\\nb\\u{1b}[31m\\u{85}");
}

#[tokio::test]
async fn headers_need_not_be_text() {
    for app in [http(), rest()] {
        let mut request = stack_builder_local_core::Request::new(Body::empty());
        *request.uri_mut() = "/dev/x".parse().expect("a path");
        for name in ["x-a", "authorization", "origin", "accept", "user-agent", "cookie"] {
            let value = http::HeaderValue::from_bytes(&[0xff, 0xfe, b'a']).expect("a value");
            request.headers_mut().insert(name, value);
        }
        assert_eq!(app.api().call(request).await.status(), 200);
    }
}
