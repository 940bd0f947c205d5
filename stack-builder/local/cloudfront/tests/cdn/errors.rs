//! Errors: CloudFront's own pages, the distribution's pages, and how long they last.

use crate::harness::{DISABLED, OPTIMIZED, answer, behavior, stage};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn methods_and_bodies_that_are_not_allowed() {
    let stage = stage(behavior(OPTIMIZED)).run();
    let seen = stage.ask("POST", "/a", &[]).await;
    assert_eq!((seen.status, seen.cache(), seen.header("server")), (403, "Error", "CloudFront"));
    assert!(String::from_utf8_lossy(&seen.body).contains(seen.header("x-amz-cf-id")));
    assert_eq!(seen.header("content-type"), "text/html");
    assert_eq!(stage.ask("GET", "/a", &[("content-length", "3")]).await.status, 403);
    assert_eq!(stage.ask("GET", "/a", &[("content-length", "0")]).await.status, 200);
    assert_eq!(stage.asked().len(), 1);
}

#[tokio::test]
async fn errors_are_kept_for_ten_seconds_or_as_the_distribution_says() {
    let run = |rules| {
        stage(behavior(OPTIMIZED))
            .config(|config| config["CustomErrorResponses"] = rules)
            .origin(|asked, n| {
                let status = asked.uri.trim_start_matches('/').parse().expect("it");
                answer(status, &[("cache-control", if n > 100 { "max-age=60" } else { "" })], &n.to_string())
            })
            .run()
    };
    let usual = run(json!([]));
    for (status, kept) in [(404, true), (500, true), (503, true), (403, false), (401, false), (429, false)] {
        let path = format!("/{status}");
        let first = usual.get(&path).await;
        assert_eq!((first.status, first.cache()), (status, "Error"));
        usual.wait(9);
        assert_eq!(usual.get(&path).await.body == first.body, kept, "{status}");
        usual.wait(2);
        assert_ne!(usual.get(&path).await.body, first.body, "{status}");
    }
    let never = run(json!([{"ErrorCode": 404, "ErrorCachingMinTTL": 0}]));
    assert_ne!(never.get("/404").await.body, never.get("/404").await.body);
}

#[tokio::test]
async fn an_error_page_takes_the_place_of_the_origins() {
    let stage = stage(behavior(OPTIMIZED))
        .config(|config| {
            config["CustomErrorResponses"] = json!([
                {"ErrorCode": 403, "ResponsePagePath": "/index.html", "ResponseCode": 200},
                {"ErrorCode": 404, "ResponsePagePath": "/missing.html", "ResponseCode": "404"},
                {"ErrorCode": 500, "ResponsePagePath": "/500.html", "ResponseCode": 500}
            ]);
        })
        .origin(|asked, _| match asked.uri.as_str() {
            "/index.html" | "/missing.html" => answer(200, &[("content-type", "text/html")], &asked.uri),
            "/500.html" | "/bad" => answer(500, &[], "broken"),
            "/secret" => answer(403, &[], "denied"),
            _ => answer(404, &[], "no"),
        })
        .run();
    let table = [("/secret", 200, "/index.html"), ("/x", 404, "/missing.html"), ("/bad", 500, "broken")];
    for (path, status, body) in table {
        let seen = stage.get(path).await;
        assert_eq!((seen.status, &seen.body[..], seen.cache()), (status, body.as_bytes(), "Error"), "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn origins_that_are_far_or_silent() {
    let mut far = behavior(DISABLED);
    far["TargetOriginId"] = "far".into();
    let stage_far = stage(far).run();
    let seen = stage_far.get("/a").await;
    assert_eq!((seen.status, seen.cache()), (502, "Error"));
    assert_eq!(stage_far.world.journal.notices().len(), 1);
    stage_far.get("/b").await;
    assert_eq!(stage_far.world.journal.notices().len(), 1);
    let silent = stage(behavior(DISABLED)).slow(Duration::from_secs(31)).run();
    assert_eq!(silent.get("/a").await.status, 504);
}

#[tokio::test]
async fn a_disabled_distribution_and_an_absent_policy() {
    let off = stage(behavior(OPTIMIZED)).config(|config| config["Enabled"] = "false".into()).run();
    assert_eq!(off.get("/a").await.status, 403);
    let odd = stage(behavior("no-such-policy")).run();
    assert!(odd.notes[0].text.contains("no-such-policy"));
    assert_eq!((odd.get("/a").await.cache(), odd.get("/a").await.cache()), ("Miss", "Miss"));
}
