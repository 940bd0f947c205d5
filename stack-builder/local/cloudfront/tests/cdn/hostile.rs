//! Requests that nobody sends by mistake.

use crate::harness::{ALL_VIEWER, DISABLED, OPTIMIZED, Pairs, answer, behavior, stage};
use serde_json::json;
use stack_builder_local_core::Body;

#[tokio::test]
async fn spiteful_requests_get_an_answer() {
    let stage = stage(behavior(OPTIMIZED)).run();
    let long = format!("/{}", "a".repeat(9_000));
    let query = format!("/a?{}", "&=".repeat(4_000));
    let value = "x".repeat(40_000);
    let table: [(&str, &str, Pairs<'_>, u16); 16] = [
        ("GET", &long, &[], 414),
        ("GET", &query, &[], 200),
        ("GET", "/a", &[("x-large", &value)], 494),
        ("GET", "/a", &[("host", "other")], 400),
        ("GET", "*", &[], 400),
        ("GET", "/..%2f..%2fetc/passwd", &[], 200),
        ("GET", "/../../../etc/passwd", &[], 200),
        ("GET", "/%00", &[], 200),
        ("GET", "/%", &[], 200),
        ("GET", "//evil.example.com/", &[], 200),
        ("GET", "/a", &[("accept-encoding", "gzip;q=gzip;;;,,,")], 200),
        ("GET", "/a", &[("range", "bytes=0-0,1-1,2-2")], 200),
        ("GET", "/a", &[("range", "bytes=18446744073709551615-")], 416),
        ("GET", "/a", &[("if-none-match", "\",\",W/,*")], 200),
        ("TRACE", "/a", &[], 403),
        ("FROB", "/a", &[], 403),
    ];
    for (method, path, headers, expect) in table {
        let seen = stage.ask(method, path, headers).await;
        assert_eq!(seen.status, expect, "{method} {}", &path[..path.len().min(40)]);
    }
    let seen = stage.ask("GET", "http://evil.example.com/a", &[]).await;
    assert_eq!(
        (seen.status, stage.asked().last().expect("it").header("host")),
        (200, Some("b.s3.us-east-1.amazonaws.com"))
    );
}

#[tokio::test]
async fn one_viewer_does_not_poison_the_cache_for_another() {
    let stage = stage(behavior(OPTIMIZED))
        .origin(|asked, _| answer(200, &[], &format!("{:?}", asked.header("x-forwarded-host"))))
        .run();
    stage.ask("GET", "/a", &[("x-forwarded-host", "evil"), ("x-original-url", "/evil")]).await;
    let seen = stage.get("/a").await;
    assert_eq!((seen.cache(), &seen.body[..]), ("Hit", &b"None"[..]));
}

#[tokio::test]
async fn an_origin_that_breaks_off_is_not_kept() {
    let stage = stage(behavior(OPTIMIZED))
        .origin(|_, _| {
            let chunks = [Ok("start"), Err(std::io::Error::other("gone"))];
            let mut response = answer(200, &[("content-length", "9")], "");
            *response.body_mut() = Body::from_stream(futures_util::stream::iter(chunks));
            response
        })
        .run();
    assert_eq!(stage.get("/a").await.status, 502);
    assert_eq!(stage.cdn.cached().0, 0);
}

#[tokio::test]
async fn templates_of_all_kinds_are_read() {
    for config in [
        json!(null),
        json!({}),
        json!([]),
        json!({"DefaultCacheBehavior": 3, "Origins": {}}),
        json!({"CacheBehaviors": [null, 3, {"PathPattern": 7}], "Origins": [null, {"Id": 3}],
            "CustomErrorResponses": [{"ErrorCode": "x"}, null], "OriginGroups": {"Items": [{}]}}),
    ] {
        let stage = stage(behavior(DISABLED)).config(|old| *old = config).run();
        assert!(stage.get("/a").await.status >= 400);
    }
}

#[tokio::test]
async fn a_flood_of_keys_stays_bounded() {
    let mut default = behavior("4cc15a8a-d715-48a4-82b8-cc0b614638fe");
    default["OriginRequestPolicyId"] = ALL_VIEWER.into();
    let body = "x".repeat(100_000);
    let stage =
        stage(default).origin(move |_, _| answer(200, &[("cache-control", "max-age=60")], &body)).run();
    for number in 0..500 {
        stage.get(&format!("/a?n={number}")).await;
    }
    assert!(stage.cdn.cached().1 <= 32 << 20);
}
