//! The binaries as Lambda runs them: started with an environment, fed through the Runtime API.

use crate::stub::{Answer, serve};
use serde_json::{Value, json};
use std::process::{Command, Output, Stdio};

const GET_UPLOAD_URL: &str = env!("CARGO_BIN_EXE_uploads-get-upload-url");
const SAVE_METADATA: &str = env!("CARGO_BIN_EXE_uploads-save-metadata");
const LIST_FILES: &str = env!("CARGO_BIN_EXE_uploads-list-files");

/// A function's process with Lambda's own variables and nothing else.
fn function(binary: &str) -> Command {
    let mut command = Command::new(binary);
    command.env_clear().stdout(Stdio::piped()).stderr(Stdio::piped()).envs([
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "session"),
        ("AWS_LAMBDA_FUNCTION_NAME", "test"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
    ]);
    command
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_missing_setting_stops_the_start_with_one_clear_line() {
    let needs = [
        (GET_UPLOAD_URL, "`BUCKET_NAME`"),
        (SAVE_METADATA, "`TABLE_NAME`"),
        (LIST_FILES, "`TABLE_NAME`, `BUCKET_NAME`"),
    ];
    for (binary, names) in needs {
        let output = function(binary).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{binary}");
        let lines = lines(&output);
        assert_eq!(lines.len(), 1, "{lines:?}");
        let cause = lines[0]["cause"].as_str().unwrap();
        assert!(cause.starts_with(&format!("the environment lacks {names}\nhint: ")), "{cause}");
    }
}

#[test]
fn an_event_is_answered_and_logged_without_secrets() {
    let event = json!({
        "version": "2.0",
        "headers": {"content-type": "application/json", "authorization": "Bearer topsecret"},
        "requestContext": {
            "routeKey": "POST /getUploadUrl",
            "authorizer": {"jwt": {"claims": {"sub": "ann"}}},
        },
        "body": r#"{"fileName":"a.png","contentType":"image/png"}"#,
    });
    let next = &[("lambda-runtime-aws-request-id", "r-1"), ("lambda-runtime-deadline-ms", "99999999999999")];
    let accepted = || Answer(202, &[], "{}".into());
    let (address, asked) = serve(vec![Answer(200, next, event.to_string()), accepted()]);
    let mut child = function(GET_UPLOAD_URL)
        .env("AWS_LAMBDA_RUNTIME_API", &address)
        .env("BUCKET_NAME", "uploads")
        .spawn()
        .unwrap();
    assert!(asked.recv().unwrap().line.contains("/runtime/invocation/next"));
    let answer = asked.recv().unwrap();
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();

    assert!(answer.line.contains("/runtime/invocation/r-1/response"), "{answer:?}");
    assert_eq!(answer.body["statusCode"], 200);
    let body: Value = serde_json::from_str(answer.body["body"].as_str().unwrap()).unwrap();
    assert!(
        body["uploadUrl"].as_str().unwrap().contains("X-Amz-SignedHeaders=content-type%3Bhost"),
        "{body}"
    );

    let log = lines(&output);
    assert_eq!(log.len(), 1, "{log:?}");
    let names: Vec<_> = log[0].as_object().unwrap().keys().map(String::as_str).collect();
    let expected =
        ["level", "message", "requestId", "function", "route", "status", "durationMs", "timestamp"];
    assert_eq!(names, expected);
    let timestamp = log[0]["timestamp"].as_str().unwrap();
    assert!(timestamp.contains('T') && timestamp.ends_with('Z'), "{timestamp}");
    assert_eq!((&log[0]["requestId"], &log[0]["status"]), (&json!("r-1"), &json!(200)));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
