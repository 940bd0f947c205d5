//! How long the way through takes, printed with `--nocapture`; bounds are wide, as machines are busy.

use crate::harness::{DISABLED, OPTIMIZED, Stage, behavior, stage};
use serde_json::json;
use std::time::{Duration, Instant};

async fn each(stage: &Stage, count: u32) -> Duration {
    for _ in 0..20 {
        stage.get("/a.js").await;
    }
    let began = Instant::now();
    for _ in 0..count {
        assert_eq!(stage.get("/a.js").await.status, 200);
    }
    began.elapsed() / count
}

/// As a page's requests come: with time between them.
async fn paused(stage: &Stage, count: u32) -> Duration {
    let mut took = Duration::ZERO;
    for _ in 0..count {
        tokio::time::sleep(Duration::from_millis(3)).await;
        let began = Instant::now();
        stage.get("/a.js").await;
        took += began.elapsed();
    }
    took / count
}

#[tokio::test]
async fn a_request_takes_microseconds() {
    let code =
        "function handler(event) { var r = event.request; r.headers['x-a'] = {value: r.uri}; return r }";
    let mut with_function = behavior(OPTIMIZED);
    with_function["FunctionAssociations"] = json!([{"EventType": "viewer-request", "FunctionARN": "arn:F1"}]);
    let function =
        stage(with_function).with("AWS::CloudFront::Function", "F1", json!({"FunctionCode": code})).run();
    let figures = [
        ("hit", each(&stage(behavior(OPTIMIZED)).run(), 2_000).await),
        ("no cache", each(&stage(behavior(DISABLED)).run(), 2_000).await),
        ("hit behind a function, one after the other", each(&function, 200).await),
        ("hit behind a function, with pauses", paused(&function, 100).await),
    ];
    for (what, took) in figures {
        println!("{what}: {took:?}");
        assert!(took < Duration::from_millis(20), "{what}: {took:?}");
    }
}
