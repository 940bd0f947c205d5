//! What is kept, for how long, and for whom.

use crate::harness::{DISABLED, OBEDIENT, OPTIMIZED, Pairs, answer, behavior, stage};
use serde_json::json;
use stack_builder_local_core::Body;
use std::io::Read;
use std::time::Duration;

#[tokio::test]
async fn an_object_is_fetched_once_until_it_is_old() {
    let stage = stage(behavior(OPTIMIZED))
        .origin(|_, n| answer(200, &[("cache-control", "max-age=60"), ("etag", "\"a\"")], &n.to_string()))
        .run();
    let first = stage.get("/a").await;
    assert_eq!((first.status, first.cache(), &first.body[..]), (200, "Miss", &b"1"[..]));
    assert!(
        first.header("via").starts_with("1.1 ")
            && first.header("via").ends_with(".cloudfront.net (CloudFront)")
    );
    assert_eq!((first.header("x-amz-cf-id").len(), first.header("age")), (56, ""));
    stage.wait(59);
    let second = stage.get("/a?other=1").await;
    assert_eq!((second.cache(), &second.body[..], second.header("age")), ("Hit", &b"1"[..], "59"));
    stage.wait(2);
    assert_eq!((stage.get("/a").await.body, stage.asked().len()), ("2".into(), 2));
    assert_eq!(stage.asked()[1].header("if-none-match"), Some("\"a\""));
}

#[tokio::test]
async fn an_old_object_is_used_again_when_the_origin_says_so() {
    let stage = stage(behavior(OPTIMIZED))
        .origin(|asked, _| match asked.header("if-none-match") {
            Some("\"a\"") => answer(304, &[("cache-control", "max-age=30")], ""),
            _ => answer(200, &[("cache-control", "max-age=10"), ("etag", "\"a\"")], "x"),
        })
        .run();
    stage.get("/a").await;
    stage.wait(11);
    let again = stage.get("/a").await;
    assert_eq!((again.status, again.cache(), &again.body[..]), (200, "RefreshHit", &b"x"[..]));
    stage.wait(29);
    assert_eq!(stage.get("/a").await.cache(), "Hit");
    let known = stage.ask("GET", "/a", &[("if-none-match", "\"a\"")]).await;
    assert_eq!((known.status, known.body.len()), (304, 0));
    assert_eq!(stage.asked().len(), 2);
}

#[tokio::test]
async fn a_failing_origin_is_hidden_by_what_is_kept() {
    let stage = stage(behavior(OPTIMIZED))
        .origin(|_, n| answer(if n == 1 { 200 } else { 500 }, &[("cache-control", "max-age=10")], "x"))
        .run();
    stage.get("/a").await;
    stage.wait(20);
    let old = stage.get("/a").await;
    assert_eq!((old.status, &old.body[..]), (200, &b"x"[..]));
}

#[tokio::test]
async fn the_key_is_what_the_policy_says() {
    let policy = json!({"CachePolicyConfig": {
        "MinTTL": 0, "DefaultTTL": 60, "MaxTTL": 60, "ParametersInCacheKeyAndForwardedToOrigin": {
            "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": ["X-Kind"]},
            "CookiesConfig": {"CookieBehavior": "whitelist", "Cookies": ["lang"]},
            "QueryStringsConfig": {"QueryStringBehavior": "whitelist", "QueryStrings": ["page"]},
            "EnableAcceptEncodingGzip": true
        }
    }});
    let stage = stage(behavior("P1")).with("AWS::CloudFront::CachePolicy", "P1", policy).run();
    let table: [(&str, Pairs<'_>, &str); 9] = [
        ("/a?page=1&x=2", &[], "Miss"),
        ("/a?y=3&page=1", &[("x-other", "1"), ("cookie", "sid=1")], "Hit"),
        ("/a?page=2", &[], "Miss"),
        ("/a?page=1", &[("x-kind", "1")], "Miss"),
        ("/a?page=1", &[("x-kind", "2")], "Miss"),
        ("/a?page=1", &[("cookie", "sid=1; lang=de")], "Miss"),
        ("/a?page=1", &[("cookie", "lang=de; sid=2")], "Hit"),
        ("/a?page=1", &[("accept-encoding", "br, gzip")], "Miss"),
        ("/a?page=1", &[("accept-encoding", "gzip;q=0.5, deflate")], "Hit"),
    ];
    for (path, headers, expect) in table {
        assert_eq!(stage.ask("GET", path, headers).await.cache(), expect, "{path} {headers:?}");
    }
    let asked = stage.asked();
    assert_eq!(asked[0].uri, "/a?page=1");
    assert_eq!((asked[4].header("cookie"), asked[3].header("x-kind")), (Some("lang=de"), Some("2")));
    assert_eq!((asked[0].header("cookie"), asked[0].header("x-other")), (None, None));
}

#[tokio::test]
async fn nothing_is_kept_without_a_cache() {
    let stage = stage(behavior(DISABLED)).run();
    assert_eq!(stage.get("/a").await.cache(), "Miss");
    assert_eq!(stage.get("/a").await.cache(), "Miss");
    assert_eq!(stage.cdn.cached().0, 0);
}

#[tokio::test]
async fn what_the_origin_forbids_is_not_kept() {
    for (control, expect) in [("no-store", "Miss"), ("private", "Miss"), ("max-age=9", "Hit"), ("", "Miss")] {
        let stage = stage(behavior(OBEDIENT))
            .origin(move |_, _| answer(200, &[("cache-control", control)], "x"))
            .run();
        stage.get("/a").await;
        assert_eq!(stage.get("/a").await.cache(), expect, "{control}");
    }
}

#[tokio::test]
async fn many_who_want_the_same_make_one_fetch() {
    let fetches = async |control: &'static str| {
        let stage = stage(behavior(OBEDIENT))
            .slow(Duration::from_millis(50))
            .origin(move |_, _| answer(200, &[("cache-control", control)], "x"))
            .run();
        let all = futures_util::future::join_all((0..20).map(|_| stage.get("/a"))).await;
        assert!(all.iter().all(|seen| seen.status == 200 && seen.body == "x"));
        stage.asked().len()
    };
    assert_eq!(fetches("max-age=60").await, 1);
    assert_eq!(fetches("no-store").await, 20);
}

#[tokio::test]
async fn ranges_and_heads_come_from_the_object() {
    let stage =
        stage(behavior(OPTIMIZED)).origin(|_, _| answer(200, &[("etag", "\"a\"")], "0123456789")).run();
    assert_eq!(stage.get("/a").await.body, "0123456789");
    let part = stage.ask("GET", "/a", &[("range", "bytes=2-4")]).await;
    assert_eq!(
        (part.status, &part.body[..], part.header("content-range")),
        (206, &b"234"[..], "bytes 2-4/10")
    );
    let head = stage.ask("HEAD", "/a", &[]).await;
    assert_eq!((head.status, head.body.len(), head.header("content-length")), (200, 0, "10"));
    assert_eq!((head.cache(), stage.asked().len()), ("Hit", 1));
    let outside = stage.ask("GET", "/a", &[("range", "bytes=20-")]).await;
    assert_eq!((outside.status, outside.header("content-range")), (416, "bytes */10"));
    let absent = stage.ask("GET", "/b", &[("range", "bytes=0-1")]).await;
    assert_eq!((absent.cache(), stage.asked()[1].header("range")), ("Miss", Some("bytes=0-1")));
}

#[tokio::test]
async fn texts_are_compressed_once() {
    let text = "hello ".repeat(500);
    let body = text.clone();
    let headers = [("content-type", "text/html"), ("etag", "\"a\""), ("content-length", "3000")];
    let stage = stage(behavior(OPTIMIZED)).origin(move |_, _| answer(200, &headers, &body)).run();
    for expect in ["Miss", "Hit"] {
        let seen = stage.ask("GET", "/a", &[("accept-encoding", "gzip, br")]).await;
        let mut back = String::new();
        flate2::read::GzDecoder::new(&seen.body[..]).read_to_string(&mut back).expect("it");
        assert!(back == text && seen.body.len() < 200);
        assert_eq!((seen.cache(), seen.header("content-encoding")), (expect, "gzip"));
        assert_eq!((seen.header("etag"), seen.header("vary")), ("W/\"a\"", "Accept-Encoding"));
        assert_eq!(seen.header("content-length"), seen.body.len().to_string());
    }
    let plain = stage.get("/a").await;
    assert_eq!((plain.cache(), plain.header("content-encoding"), plain.body.len()), ("Miss", "", 3000));
}

#[tokio::test]
async fn large_objects_pass_through_whole() {
    let stage = stage(behavior(OPTIMIZED))
        .origin(|_, _| {
            let chunks = (0..600).map(|_| Ok::<_, std::io::Error>(vec![7; 10_000]));
            http::Response::new(Body::from_stream(futures_util::stream::iter(chunks)))
        })
        .run();
    let seen = stage.get("/large").await;
    assert_eq!((seen.body.len(), seen.cache(), stage.cdn.cached().0), (6_000_000, "Miss", 0));
}

#[tokio::test]
async fn a_stream_is_passed_on_as_it_comes_and_kept_in_the_end() {
    let stage = stage(behavior(OPTIMIZED))
        .origin(|_, _| {
            let chunks = ["one ", "two"].map(Ok::<_, std::io::Error>);
            http::Response::new(Body::from_stream(futures_util::stream::iter(chunks)))
        })
        .run();
    let (first, second) = (stage.get("/s").await, stage.get("/s").await);
    assert_eq!((first.cache(), &first.body[..]), ("Miss", &b"one two"[..]));
    assert_eq!((second.cache(), &second.body), ("Hit", &first.body));
}

#[tokio::test]
async fn a_reload_empties_the_cache_only_when_something_changed() {
    let stage = stage(behavior(OPTIMIZED)).run();
    stage.get("/a").await;
    assert_eq!(stage.cdn.cached().0, 1);
    stage.cdn.apply(&stack_builder_local_core::Resources::default());
    assert_eq!(stage.cdn.cached().0, 0);
    assert_eq!(stage.get("/a").await.status, 404);
}

#[tokio::test]
async fn an_object_that_must_be_checked_is_checked_each_time() {
    let stage = stage(behavior(OBEDIENT))
        .origin(|asked, _| match asked.header("if-none-match") {
            Some(_) => answer(304, &[("cache-control", "no-cache")], ""),
            None => answer(200, &[("cache-control", "no-cache"), ("etag", "\"a\"")], "x"),
        })
        .run();
    for expect in ["Miss", "RefreshHit", "RefreshHit"] {
        let seen = stage.get("/a").await;
        assert_eq!((seen.status, seen.cache(), &seen.body[..]), (200, expect, &b"x"[..]));
    }
}

#[tokio::test]
async fn the_trace_tells_behaviour_and_cache() {
    let stage = stage(behavior(OPTIMIZED)).run();
    stage.get("/a").await;
    stage.get("/a").await;
    let steps = stage.trace.finish(200).expect("a trace").steps;
    let seen: Vec<_> = steps.iter().map(|step| (step.what.as_str(), step.outcome.as_str())).collect();
    let expect = [
        ("GET /a (behavior `*`)", "200 Miss from cloudfront"),
        ("GET /a (behavior `*`)", "200 Hit from cloudfront"),
        ("cache", "hit"),
    ];
    assert_eq!(seen, expect);
}
