//! What a handler does wrong stays with it, and is answered as Lambda answers it.

use crate::stage::{Stage, gone, lives};
use serde_json::json;
use stack_builder_local_core::InvokeError;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_handler_that_hangs_is_killed_with_its_children() {
    let stage = Stage::with(json!({"Timeout": 1}));
    let file = stage.folder.path().join("child");
    let failure = stage.failure(json!({"do": "fork", "file": file})).await;
    assert_eq!(failure["errorType"], "Sandbox.Timedout");
    let message = failure["errorMessage"].as_str().unwrap();
    assert!(message.ends_with(" Error: Task timed out after 1.00 seconds"), "{message}");
    gone(std::fs::read_to_string(file).unwrap().parse().unwrap()).await;
    let lines = stage.log("/aws/lambda/f", "REPORT").await;
    assert!(lines.last().unwrap().ends_with("Status: timeout"), "{lines:?}");
    assert_eq!(stage.invoke("f", json!({})).await, Ok(json!({})));
}

#[tokio::test]
async fn a_crash_is_told_and_the_next_call_is_served() {
    let stage = Stage::with(json!({}));
    stage.invoke("f", json!({})).await.unwrap();
    for (event, ending) in [
        (json!({"do": "exit", "code": 3}), "Runtime exited with error: exit status 3"),
        (json!({"do": "exit", "code": 0}), "Runtime exited without providing a reason"),
        (json!({"do": "abort"}), "Runtime exited with error: signal: aborted"),
    ] {
        let failure = stage.failure(event).await;
        assert_eq!(failure["errorType"], "Runtime.ExitError");
        assert!(failure["errorMessage"].as_str().unwrap().contains(ending), "{failure}");
        assert_eq!(stage.invoke("f", json!({})).await, Ok(json!({})));
    }
}

#[tokio::test]
async fn what_is_wrong_at_the_start_is_answered_each_time_but_ever_slower() {
    let stage = Stage::with(json!({"Environment": {"Variables": {"START": "error"}}}));
    assert_eq!(stage.failure(json!({})).await["errorType"], "Start.Bad");
    let stage = Stage::with(json!({"Environment": {"Variables": {"START": "crash"}}}));
    let begun = Instant::now();
    for _ in 0..5 {
        let failure = stage.failure(json!({})).await;
        assert!(failure["errorMessage"].as_str().unwrap().ends_with("exit status 7"), "{failure}");
    }
    // 100 and 200 ms after the third and fourth.
    assert!(begun.elapsed() > Duration::from_millis(290), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_start_that_hangs_ends_after_ten_seconds() {
    let stage = Stage::with(json!({"Environment": {"Variables": {"START": "hang"}}}));
    let begun = Instant::now();
    assert_eq!(stage.failure(json!({})).await["errorType"], "Sandbox.Timedout");
    assert!((10..13).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_missing_program_is_told() {
    let stage = Stage::with(json!({}));
    std::fs::remove_file(stage.program("1").executable).unwrap();
    assert_eq!(stage.failure(json!({})).await["errorType"], "Runtime.InvalidEntrypoint");
}

#[tokio::test]
async fn a_flood_neither_blocks_the_handler_nor_fills_the_memory() {
    let stage = Stage::with(json!({"Timeout": 60}));
    let flood = json!({"do": "flood", "line": 300_000, "lines": 500});
    assert_eq!(stage.invoke("f", flood).await, Ok(json!(1)));
    let lines = stage.log("/aws/lambda/f", "REPORT").await;
    assert!(lines.iter().all(|line| line.len() <= 256 * 1024));
    assert!(lines.iter().map(String::len).sum::<usize>() <= 1 << 20);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    stage.invoke("f", json!({"do": "print"})).await.unwrap();
    let lines = stage.log("/aws/lambda/f", "an error").await;
    assert!(lines.iter().any(|line| line.contains("bytes of output are left out")), "{lines:?}");
}

#[tokio::test]
async fn nonsense_is_refused_and_does_not_end_the_handler() {
    let stage = Stage::with(json!({}));
    let group = "/aws/lambda/f";
    assert_eq!(stage.invoke("f", json!({"do": "strange"})).await, Ok(json!(1)));
    stage.log(group, "told 400 {\"errorMessage\":\"Invalid request ID\"").await;
    stage.log(group, "told 403 for another event").await;
    assert_eq!(stage.invoke("f", json!({"do": "twice"})).await, Ok(json!(1)));
    stage.log(group, "told 403 {\"errorMessage\":\"State transition from ResponseSent").await;
    assert_eq!(stage.invoke("f", json!({"do": "disconnect"})).await, Ok(json!(1)));
    assert_eq!(
        stage.failure(json!({"do": "error"})).await,
        json!({"errorType": "My.Error", "errorMessage": "mine"})
    );
    let failure = stage.failure(json!({"do": "large"})).await;
    assert_eq!(failure["errorType"], "Function.ResponseSizeTooLarge");
    let message =
        "Response payload size (7340032 bytes) exceeded maximum allowed payload size (6291556 bytes).";
    assert_eq!(failure["errorMessage"], message);
    stage.log(group, "told 413 ").await;
    let starts = stage.log(group, "REPORT").await;
    assert_eq!(starts.iter().filter(|line| line.contains("Init Duration")).count(), 1);
}

#[tokio::test]
async fn more_calls_than_environments_are_throttled() {
    let stage = Stage::with(json!({"ReservedConcurrentExecutions": 1}));
    let slow = || stage.invoke("f", json!({"do": "sleep", "ms": 300}));
    let (one, two) = tokio::join!(slow(), slow());
    assert!(one.is_ok());
    assert_eq!(two, Err(InvokeError::Throttled));
}

#[tokio::test]
async fn at_the_end_no_process_is_left() {
    let stage = Stage::with(json!({}));
    let stubborn = stage.invoke("f", json!({"do": "stubborn"})).await.unwrap().as_u64().unwrap();
    let plain = stage.invoke("f", json!({"do": "pid"})).await.unwrap().as_u64().unwrap();
    assert!(lives(stubborn) && lives(plain) && stubborn != plain);
    stage.functions.stop().await;
    gone(stubborn).await;
    gone(plain).await;
    assert_eq!(stage.invoke("f", json!({})).await, Err(InvokeError::Throttled));
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_the_environment_in_order() {
    let stage = Stage::with(json!({}));
    let first = stage.invoke("f", json!({"do": "pid"})).await.unwrap();
    let call = stage.invoke("f", json!({"do": "sleep", "ms": 200}));
    tokio::time::timeout(Duration::from_millis(50), call).await.unwrap_err();
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(stage.invoke("f", json!({"do": "pid"})).await, Ok(first));
}
