//! A change of code or definition while calls are under way.

use crate::stage::{Stage, function, gone};
use serde_json::json;
use stack_builder_local_core::{InvokeError, Resources};
use stack_builder_local_lambda::{Build, Code};
use std::time::Duration;

#[tokio::test]
async fn new_calls_go_to_the_new_code_and_old_ones_end_in_the_old() {
    let stage = Stage::with(json!({}));
    let idle = stage.invoke("f", json!({"do": "pid"})).await.unwrap();
    let resources = [function("f", json!({}))];
    stage.apply(&resources, "1");
    assert_eq!(stage.invoke("f", json!({"do": "pid"})).await.unwrap(), idle);
    let slow = stage.invoke("f", json!({"do": "sleep", "ms": 500}));
    let change = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        stage.apply(&resources, "2");
        stage.invoke("f", json!({"do": "pid"})).await.unwrap()
    };
    let (old, new) = tokio::join!(slow, change);
    assert_eq!(old.unwrap(), idle);
    assert_ne!(new, idle);
    gone(idle.as_u64().unwrap()).await;
}

#[tokio::test]
async fn a_call_waits_for_the_build() {
    let stage = Stage::new(2);
    let resources = [function("f", json!({}))];
    let all = Resources::new(resources.to_vec());
    stage.functions.apply(&all, &Code::new());
    let build = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        stage.apply(&resources, "1");
    };
    let (answer, ()) = tokio::join!(stage.invoke("f", json!({"a": 1})), build);
    assert_eq!(answer, Ok(json!({"a": 1})));
    let failed = Build::Failed("expected `;`".to_owned());
    stage.functions.apply(&all, &Code::from([(resources[0].id.clone(), failed)]));
    let failure = stage.failure(json!({})).await;
    assert!(failure["errorMessage"].as_str().unwrap().ends_with("expected `;`"), "{failure}");
}

#[tokio::test]
async fn an_idle_environment_makes_room_for_another_function() {
    let stage = Stage::new(1);
    stage.apply(&[function("f", json!({})), function("g", json!({}))], "1");
    let first = stage.invoke("f", json!({"do": "pid"})).await.unwrap();
    let second = stage.invoke("g", json!({"do": "pid"})).await.unwrap();
    assert_ne!(first, second);
    gone(first.as_u64().unwrap()).await;
}

#[tokio::test]
async fn a_function_that_is_removed_ends_with_its_last_call() {
    let stage = Stage::with(json!({}));
    let slow = stage.invoke("f", json!({"do": "sleep", "ms": 300}));
    let change = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        stage.apply(&[], "1");
    };
    let (answer, ()) = tokio::join!(slow, change);
    gone(answer.unwrap().as_u64().unwrap()).await;
    assert_eq!(stage.invoke("f", json!({})).await, Err(InvokeError::Absent));
}
