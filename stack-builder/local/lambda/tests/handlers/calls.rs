//! Calls that go well: what a handler finds, and what it leaves in logs and traces.

use crate::stage::{Stage, function, resource};
use serde_json::json;
use stack_builder_local_core::{Caller, InvokeError, Principal, Trace};
use std::collections::BTreeMap;

#[tokio::test]
async fn a_handler_has_the_environment_of_lambda_and_nothing_of_ours() {
    let stage = Stage::with(json!({
        "Environment": {"Variables": {"TABLE": "t", "AWS_REGION": "elsewhere"}}, "MemorySize": 256,
        "LoggingConfig": {"LogGroup": "mine", "LogFormat": "JSON", "ApplicationLogLevel": "DEBUG"}
    }));
    let found = stage.invoke("f", json!({"do": "environment"})).await.unwrap();
    let expected = [
        ("TABLE", "t"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_LAMBDA_FUNCTION_NAME", "f"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "mine"),
        ("AWS_LAMBDA_LOG_LEVEL", "DEBUG"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:4000"),
        ("SSL_CERT_FILE", "/certificate"),
        ("_HANDLER", "bootstrap"),
        ("TZ", ":UTC"),
    ];
    for (name, value) in expected {
        assert_eq!(found[name], value, "{name}");
    }
    let ours =
        std::env::vars().map(|(name, _)| name).filter(|name| name.starts_with("CARGO") || name == "HOME");
    assert_eq!(ours.filter(|name| !found[name].is_null()).collect::<Vec<_>>(), [""; 0]);
    let key = found["AWS_ACCESS_KEY_ID"].as_str().unwrap();
    let credentials = stage.world.identities.find(key).expect("valid credentials");
    assert_eq!(credentials.secret_key, found["AWS_SECRET_ACCESS_KEY"]);
    let expected = Principal::Role { role: "arn:aws:iam::000000000000:role/r".into(), session: "f".into() };
    assert_eq!(credentials.principal, expected);
    stage.functions.stop().await;
    // A URL that the handler signed outlives its environment, as a session of its role does.
    let retired = stage.world.identities.find(key).expect("credentials of a session");
    assert!(retired.expires.is_some_and(|at| at > stage.world.clock.seconds() + 3000), "{retired:?}");
}

#[tokio::test]
async fn an_environment_is_used_again_and_calls_at_once_have_one_each() {
    let stage = Stage::with(json!({}));
    let first = stage.invoke("f", json!({"do": "pid"})).await.unwrap();
    for _ in 0..20 {
        assert_eq!(stage.invoke("f", json!({"do": "pid"})).await.unwrap(), first);
    }
    let slow = || stage.invoke("f", json!({"do": "sleep", "ms": 300}));
    let (one, two) = tokio::join!(slow(), slow());
    assert_ne!(one.unwrap(), two.unwrap());
}

#[tokio::test]
async fn logs_are_in_order_and_the_trace_tells_the_handlers_part() {
    let stage = Stage::with(json!({}));
    let trace = Trace::begin(0, "", String::new());
    let caller = Caller::Principal(Principal::Administrator);
    stage.invoke_as("f", json!({"do": "print"}), caller, trace.clone()).await.unwrap();
    let lines = stage.log("/aws/lambda/f", "REPORT").await;
    let from = lines.iter().position(|line| line.starts_with("START ")).unwrap();
    let kinds: Vec<_> = lines[from..].iter().map(|line| line.split(" RequestId").next().unwrap()).collect();
    assert_eq!(&kinds[..6], ["START", "one line", "and another", "an error", "END", "REPORT"]);
    assert!(lines[from + 5].contains("\tInit Duration: "), "{lines:?}");
    let steps = trace.finish(200).unwrap().steps;
    assert_eq!(steps[0].what, "invoke f");
    assert!(steps[0].outcome.starts_with("cold, "), "{steps:?}");
    assert_eq!((steps[1].what.as_str(), steps[1].depth), (stack_builder_local_lambda::HANDLER_STEP, 1));
    assert!(steps[0].took > steps[1].took);
}

#[tokio::test]
async fn the_headers_of_an_event_are_complete() {
    let stage = Stage::with(json!({}));
    let trace = Trace::begin(0, "", String::new());
    let ask = |trace: &Trace| {
        let caller = Caller::Principal(Principal::Administrator);
        stage.invoke_as("f", json!({"do": "headers"}), caller, trace.clone())
    };
    let (one, two) = (ask(&trace).await.unwrap(), ask(&trace).await.unwrap());
    assert_eq!(
        one["lambda-runtime-invoked-function-arn"],
        "arn:aws:lambda:us-east-1:000000000000:function:f"
    );
    assert_ne!(one["lambda-runtime-aws-request-id"], two["lambda-runtime-aws-request-id"]);
    let root = |headers: &serde_json::Value| {
        headers["lambda-runtime-trace-id"].as_str().unwrap().split(';').next().unwrap().to_owned()
    };
    assert_eq!(root(&one), root(&two));
    let deadline: u64 = one["lambda-runtime-deadline-ms"].as_str().unwrap().parse().unwrap();
    let left = deadline - stage.world.clock.millis();
    assert!((3000..=5000).contains(&left), "{left}");
}

#[tokio::test]
async fn a_service_needs_a_permission_and_a_version_must_exist() {
    let stage = Stage::new(10);
    let arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
    let permission = json!({
        "Action": "lambda:InvokeFunction", "FunctionName": arn, "Principal": "apigateway.amazonaws.com",
        "SourceArn": "arn:aws:execute-api:us-east-1:000000000000:a/*/GET/x"
    });
    let version = json!({"FunctionName": "f"});
    stage.apply(
        &[
            function("f", json!({})),
            resource("AWS::Lambda::Permission", "P", "P", BTreeMap::new(), permission),
            resource("AWS::Lambda::Version", "V", &format!("{arn}:1"), BTreeMap::new(), version),
        ],
        "1",
    );
    let call = async |function: &str, service: &str, path: &str| {
        let source_arn = format!("arn:aws:execute-api:us-east-1:000000000000:a/{path}");
        let caller = Caller::Service { name: service.to_owned(), source_arn };
        stage.invoke_as(function, json!({}), caller, Trace::default()).await
    };
    assert_eq!(call(arn, "apigateway.amazonaws.com", "prod/GET/x").await, Ok(json!({})));
    let denied = call(arn, "apigateway.amazonaws.com", "prod/GET/y").await;
    assert!(
        matches!(&denied, Err(InvokeError::Denied(why)) if why.contains("AWS::Lambda::Permission")),
        "{denied:?}"
    );
    call(arn, "apigateway.amazonaws.com", "prod/GET/y").await.unwrap_err();
    assert_eq!(stage.world.journal.notices().len(), 1);
    assert_eq!(call(&format!("{arn}:1"), "edgelambda.amazonaws.com", "").await, Ok(json!({})));
    assert_eq!(call(&format!("{arn}:2"), "edgelambda.amazonaws.com", "").await, Err(InvokeError::Absent));
}
