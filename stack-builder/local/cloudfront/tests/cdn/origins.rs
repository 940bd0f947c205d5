//! What origins are sent.

use crate::harness::{ALL_VIEWER, DISABLED, EXCEPT_HOST, OPTIMIZED, Script, answer, behavior, stage};
use serde_json::json;
use stack_builder_local_core::{Body, Caller};

const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];

fn with_api(policy: &str) -> Script {
    stage(behavior(OPTIMIZED)).config(|config| {
        config["DefaultRootObject"] = "index.html".into();
        config["CacheBehaviors"] = json!([{
            "PathPattern": "/api/*", "TargetOriginId": "api", "CachePolicyId": DISABLED,
            "OriginRequestPolicyId": policy, "AllowedMethods": METHODS
        }]);
    })
}

#[tokio::test]
async fn a_bucket_is_asked_in_the_name_of_the_distribution() {
    let stage = with_api(EXCEPT_HOST).run();
    assert_eq!(stage.get("/").await.body, "/index.html");
    assert_eq!(stage.get("/a/").await.body, "/a/");
    let asked = &stage.asked()[0];
    let caller = Caller::Service {
        name: "cloudfront.amazonaws.com".to_owned(),
        source_arn: "arn:aws:cloudfront::000000000000:distribution/E1".to_owned(),
    };
    assert_eq!(asked.caller, Some(caller));
    assert_eq!(asked.header("host"), Some("b.s3.us-east-1.amazonaws.com"));
    assert_eq!(asked.header("user-agent"), Some("Amazon CloudFront"));
    assert_eq!(asked.header("x-forwarded-for"), Some("127.0.0.1"));
}

#[tokio::test]
async fn an_api_gets_the_viewers_request() {
    let stage = with_api(EXCEPT_HOST).origin(|_, _| answer(201, &[("set-cookie", "a=1")], "made")).run();
    let headers = [
        ("content-type", "application/json"),
        ("authorization", "Bearer x"),
        ("cookie", "sid=1"),
        ("x-forwarded-for", "10.0.0.1"),
        ("x-api-key", "forged"),
        ("user-agent", "test"),
    ];
    let seen = stage.send("POST", "/api/logs?a=1&b=%20", &headers, Body::from("{}")).await;
    assert_eq!((seen.status, &seen.body[..], seen.header("set-cookie")), (201, &b"made"[..], "a=1"));
    let asked = &stage.asked()[0];
    assert_eq!(
        (asked.uri.as_str(), asked.method.as_str(), &asked.body[..]),
        ("/prod/api/logs?a=1&b=%20", "POST", &b"{}"[..])
    );
    let expect = [
        ("host", "api.execute-api.us-east-1.amazonaws.com"),
        ("content-type", "application/json"),
        ("authorization", "Bearer x"),
        ("cookie", "sid=1"),
        ("x-forwarded-for", "10.0.0.1, 127.0.0.1"),
        ("x-api-key", "secret"),
        ("user-agent", "test"),
    ];
    for (name, value) in expect {
        assert_eq!(asked.header(name), Some(value), "{name}");
    }
    assert_eq!(asked.header("x-amz-cf-id"), Some(seen.header("x-amz-cf-id")));
    assert_eq!(asked.caller, Some(Caller::Anonymous));
    let host = with_api(ALL_VIEWER).run();
    host.get("/api/x").await;
    assert_eq!(host.asked()[0].header("host"), Some("127.0.0.1:4001"));
}

#[tokio::test]
async fn nobody_speaks_in_cloudfronts_name() {
    let stage = with_api(ALL_VIEWER).run();
    let forged = [
        ("x-amz-cf-id", "forged"),
        ("x-edge-location", "forged"),
        ("cloudfront-viewer-country", "XX"),
        ("connection", "close, x-hop"),
        ("x-hop", "1"),
        ("te", "trailers"),
        ("upgrade", "h2c"),
        ("expect", "100-continue"),
        ("proxy-authorization", "x"),
        ("via", "forged"),
        ("x-real-ip", "10.0.0.1"),
    ];
    stage.ask("GET", "/api/x", &forged).await;
    let asked = &stage.asked()[0];
    for (name, value) in &forged {
        assert!(asked.header(name) != Some(value), "{name}");
    }
}

#[tokio::test]
async fn what_no_policy_names_stays_here() {
    let stage = stage(behavior(OPTIMIZED)).run();
    let headers =
        [("authorization", "x"), ("cookie", "a=1"), ("referer", "y"), ("origin", "z"), ("x-own", "1")];
    stage.ask("GET", "/a?q=1", &headers).await;
    let asked = &stage.asked()[0];
    assert!(headers.iter().all(|(name, _)| asked.header(name).is_none()), "{asked:?}");
    assert_eq!(asked.uri, "/a");
}

#[tokio::test]
async fn paths_find_their_behaviour_however_they_are_spelled() {
    let stage = with_api(EXCEPT_HOST).run();
    for path in ["/api/x", "/%61pi/x", "/a/../api/x", "/./api/x"] {
        assert_eq!(stage.ask("DELETE", path, &[]).await.status, 200, "{path}");
        assert_eq!(stage.asked().last().expect("it").uri, format!("/prod{path}"));
    }
    for path in ["/API/x", "/api", "/api%2Fx"] {
        assert_eq!(stage.ask("DELETE", path, &[]).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn the_second_origin_of_a_group_helps_out() {
    let mut default = behavior(OPTIMIZED);
    default["TargetOriginId"] = "both".into();
    let stage = stage(default)
        .config(|config| {
            config["OriginGroups"] = json!({"Items": [{
                "Id": "both", "FailoverCriteria": {"StatusCodes": {"Items": [502, 404]}},
                "Members": {"Items": [{"OriginId": "far"}, {"OriginId": "api"}]}
            }]});
        })
        .run();
    assert_eq!(stage.get("/a").await.body, "/prod/a");
}

#[tokio::test]
async fn headers_about_the_viewer_are_made_when_they_are_asked_for() {
    let policy = json!({"OriginRequestPolicyConfig": {
        "HeadersConfig": {"HeaderBehavior": "allViewerAndWhitelistCloudFront",
            "Headers": ["CloudFront-Is-Mobile-Viewer", "CloudFront-Viewer-Address"]},
        "CookiesConfig": {"CookieBehavior": "all"}, "QueryStringsConfig": {"QueryStringBehavior": "all"}
    }});
    let stage = with_api("O1").with("AWS::CloudFront::OriginRequestPolicy", "O1", policy).run();
    stage.ask("GET", "/api/x", &[("user-agent", "iPhone")]).await;
    assert_eq!(stage.asked()[0].header("cloudfront-is-mobile-viewer"), Some("true"));
    assert_eq!(stage.asked()[0].header("cloudfront-viewer-address"), Some("127.0.0.1:0"));
}
