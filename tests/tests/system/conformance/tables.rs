//! Tables: the DynamoDB crate's own list of calls, signed and over HTTP, to Amazon's DynamoDB Local and to ours.

#[path = "../../../../stack-builder/local/dynamodb/tests/tables/listed.rs"]
mod listed;

use super::side::local;
use serde_json::{Value, json};
use stack_builder_tests::{DynamoDbLocal, client, python_tool};
use std::io::Write as _;
use std::process::{Command, Stdio};

#[test]
fn tables_of_amazons_own_answer_as_listed() {
    let amazon = DynamoDbLocal::start();
    let differences = differences(&amazon.endpoint(), |entry| entry.get("local").unwrap_or(entry).clone());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn local_tables_answer_as_listed_over_http() {
    let local = local();
    let differences = differences(&local.endpoint(), Value::clone);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn differences(endpoint: &str, expected: impl Fn(&Value) -> Value) -> Vec<String> {
    let entries = listed::entries();
    let answers = ask(endpoint, &entries);
    assert_eq!(answers.len(), entries.len(), "{endpoint} stopped answering");
    let numbered = entries.iter().zip(answers).enumerate();
    numbered
        .filter_map(|(number, (entry, answer))| listed::difference(number, entry, &expected(entry), answer))
        .collect()
}

fn ask(endpoint: &str, entries: &[Value]) -> Vec<(u16, Value)> {
    let mut command = Command::new(python_tool("python"));
    command.arg(client("wire.py")).arg(endpoint).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.env("AWS_ACCESS_KEY_ID", "local").env("AWS_SECRET_ACCESS_KEY", "local");
    let mut child = command.env("AWS_REGION", "us-east-1").spawn().expect("a client");
    let calls: Vec<_> =
        entries.iter().map(|entry| json!([entry["call"], entry["body"]]).to_string()).collect();
    let mut stdin = child.stdin.take().expect("a piped stdin");
    let writer = std::thread::spawn(move || stdin.write_all((calls.join("\n") + "\n").as_bytes()));
    let output = child.wait_with_output().expect("answers");
    writer.join().expect("no panic").expect("every call is sent");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().map(answer).collect()
}

/// An answer that tells nothing of the table that the stack brings along.
fn answer(line: &str) -> (u16, Value) {
    let (status, mut body): (u16, Value) =
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    if let Some(names) = body.pointer_mut("/TableNames").and_then(Value::as_array_mut) {
        names.retain(|name| !name.as_str().is_some_and(|name| name.starts_with("conformance-")));
    }
    (status, body)
}
