//! The binaries as Lambda runs them: started with an environment, fed through the Runtime API.

use crate::{
    dynamodb_stub::JSON,
    stub::{Answer, Asked, serve},
};
use serde_json::{Value, json};
use std::{
    net::TcpListener,
    process::{Command, Output, Stdio},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

const GET_UPLOAD_URL: &str = env!("CARGO_BIN_EXE_uploads-get-upload-url");
const SAVE_METADATA: &str = env!("CARGO_BIN_EXE_uploads-save-metadata");
const LIST_FILES: &str = env!("CARGO_BIN_EXE_uploads-list-files");
const LIST_ITEMS: &str = env!("CARGO_BIN_EXE_todo-list-items");
const GET_ITEM: &str = env!("CARGO_BIN_EXE_todo-get-item");
const ADD_ITEM: &str = env!("CARGO_BIN_EXE_todo-add-item");
const UPDATE_ITEM: &str = env!("CARGO_BIN_EXE_todo-update-item");
const COMPLETE_ITEM: &str = env!("CARGO_BIN_EXE_todo-complete-item");
const DELETE_ITEM: &str = env!("CARGO_BIN_EXE_todo-delete-item");

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

/// The cause in the one line that a process leaves which cannot start.
fn cause_of_stop(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{command:?}");
    let lines = lines(&output);
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0]["cause"].as_str().unwrap().to_owned()
}

/// Starts the process, gives it one event and stops it; its answer and what it wrote.
fn answer(command: &mut Command, event: &Value) -> (Asked, Output) {
    answer_by("99999999999999", command, event)
}

/// The same with an end, in milliseconds since 1970.
fn answer_by(deadline: &'static str, command: &mut Command, event: &Value) -> (Asked, Output) {
    let next = vec![
        ("lambda-runtime-aws-request-id", "r-1"),
        ("lambda-runtime-deadline-ms", deadline),
        (
            "lambda-runtime-trace-id",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
        ),
    ]
    .leak();
    let (address, asked) = serve(vec![Answer(200, next, event.to_string()), Answer(202, &[], "{}".into())]);
    let mut child = command.env("AWS_LAMBDA_RUNTIME_API", &address).spawn().unwrap();
    assert!(asked.recv().unwrap().line.contains("/runtime/invocation/next"));
    let answer = asked.recv_timeout(Duration::from_mins(1));
    child.kill().unwrap();
    let answer = answer.unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(answer.line.contains("/runtime/invocation/r-1/response"), "{answer:?}");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (answer, output)
}

fn names(line: &Value) -> Vec<&str> {
    line.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_missing_setting_stops_the_start_with_one_clear_line() {
    let needs = [
        (GET_UPLOAD_URL, "`BUCKET_NAME`"),
        (SAVE_METADATA, "`TABLE_NAME`"),
        (LIST_FILES, "`TABLE_NAME`, `BUCKET_NAME`"),
        (LIST_ITEMS, "`TABLE_NAME`"),
        (GET_ITEM, "`TABLE_NAME`"),
        (ADD_ITEM, "`TABLE_NAME`"),
        (UPDATE_ITEM, "`TABLE_NAME`"),
        (COMPLETE_ITEM, "`TABLE_NAME`"),
        (DELETE_ITEM, "`TABLE_NAME`"),
    ];
    for (binary, names) in needs {
        let cause = cause_of_stop(&mut function(binary));
        assert!(cause.starts_with(&format!("the environment lacks {names}\nhint: ")), "{binary}: {cause}");
    }
}

#[test]
fn an_origin_that_never_matches_stops_the_start() {
    let mut function = function(LIST_ITEMS);
    let cause =
        cause_of_stop(function.env("TABLE_NAME", "Items").env("ALLOWED_ORIGINS", "https://a.example/"));
    assert!(
        cause.starts_with("`https://a.example/` in `ALLOWED_ORIGINS` is not an origin\nhint: "),
        "{cause}"
    );
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
    let (answer, output) = answer(function(GET_UPLOAD_URL).env("BUCKET_NAME", "uploads"), &event);
    assert_eq!(answer.body["statusCode"], 200);
    let body: Value = serde_json::from_str(answer.body["body"].as_str().unwrap()).unwrap();
    assert!(
        body["uploadUrl"].as_str().unwrap().contains("X-Amz-SignedHeaders=content-type%3Bhost"),
        "{body}"
    );

    let log = lines(&output);
    assert_eq!(log.len(), 1, "{log:?}");
    let expected = [
        "level",
        "message",
        "requestId",
        "function",
        "route",
        "status",
        "durationMs",
        "traceId",
        "timestamp",
    ];
    assert_eq!(names(&log[0]), expected);
    let timestamp = log[0]["timestamp"].as_str().unwrap();
    assert!(timestamp.contains('T') && timestamp.ends_with('Z'), "{timestamp}");
    assert_eq!((&log[0]["requestId"], &log[0]["status"]), (&json!("r-1"), &json!(200)));
}

/// Through every layer: a REST event, a table, an opened answer, a line of log and a line of metrics.
#[test]
fn an_item_is_added_counted_and_shown_to_its_page() {
    let event = json!({
        "resource": "/item",
        "httpMethod": "POST",
        "headers": {"Origin": "https://todo.example", "Authorization": "Bearer topsecret"},
        "requestContext": {"authorizer": {"claims": {"sub": "s-1", "cognito:username": "ann"}}},
        "body": r#"{"item":"Buy milk","cognito-username":"bob"}"#,
        "isBase64Encoded": false,
    });
    let (dynamodb, asked) = serve(vec![Answer(200, JSON, "{}".into())]);
    let mut function = function(ADD_ITEM);
    let function = function
        .env("TABLE_NAME", "Items")
        .env("ALLOWED_ORIGINS", "https://todo.example,http://localhost:8080")
        .env("AWS_ENDPOINT_URL_DYNAMODB", format!("http://{dynamodb}"));
    let (answer, output) = answer(function, &event);
    assert_eq!(asked.recv().unwrap().body["Item"]["cognito-username"], json!({"S": "ann"}));
    assert_eq!(answer.body["statusCode"], 201);
    assert_eq!(
        answer.body["headers"],
        json!({
            "access-control-allow-origin": "https://todo.example", "cache-control": "no-store",
            "content-type": "application/json", "vary": "Origin",
        })
    );

    let lines = lines(&output);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!((&lines[0]["function"], &lines[0]["route"]), (&json!("todo-add-item"), &json!("POST /item")));
    let expected = ["level", "_aws", "Service", "Success", "status", "requestId", "traceId", "timestamp"];
    assert_eq!(names(&lines[1]), expected);
    assert_eq!((&lines[1]["Service"], &lines[1]["Success"]), (&json!("todo-add-item"), &json!(1)));
    assert!(!String::from_utf8_lossy(&output.stdout).contains("topsecret"));
}

#[test]
fn a_table_that_never_answers_is_told_before_lambda_gives_up() {
    // Connections are taken by the operating system and never read.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let event = json!({
        "resource": "/item",
        "httpMethod": "GET",
        "requestContext": {"authorizer": {"claims": {"cognito:username": "ann"}}},
    });
    let mut function = function(LIST_ITEMS);
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let function = function.env("TABLE_NAME", "Items").env("AWS_ENDPOINT_URL_DYNAMODB", endpoint);
    let deadline = SystemTime::now() + Duration::from_secs(3);
    let deadline = deadline.duration_since(UNIX_EPOCH).unwrap().as_millis().to_string();
    let (answer, output) = answer_by(deadline.leak(), function, &event);
    assert_eq!(answer.body["statusCode"], 500);
    let lines = lines(&output);
    assert_eq!((&lines[0]["level"], &lines[1]["Error"]), (&json!("ERROR"), &json!(1)), "{lines:?}");
    assert!(lines[0]["cause"].as_str().unwrap().starts_with("no answer in "), "{lines:?}");
    assert!(lines[0]["durationMs"].as_f64().unwrap() < 3000.0, "{lines:?}");
}
