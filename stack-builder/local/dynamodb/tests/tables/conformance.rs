//! Calls whose answers are those of Amazon's own DynamoDB Local, or of the service where the two differ.
//!
//! `conformance.json` is a list, in order, of calls with what is expected of each: a `status`, and an `answer`, or the
//! name of an `error` with its `message`, if that matters. What no two services have alike, such as ids, times and ARNs, is not in it.
//! Where Amazon's program does otherwise, that is in `local`, and `why` says which of the two is the service's way.

use crate::support::Served;
use serde_json::{Map, Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;

/// Members that differ from service to service.
const OWN: [&str; 10] = [
    "CreationDateTime",
    "IndexArn",
    "IndexSizeBytes",
    "LastDecreaseDateTime",
    "LastIncreaseDateTime",
    "LastUpdateToPayPerRequestDateTime",
    "NumberOfDecreasesToday",
    "TableArn",
    "TableId",
    "TableSizeBytes",
];
/// Lists without an order.
const SETS: [&str; 5] = ["AttributeDefinitions", "BS", "GlobalSecondaryIndexes", "NS", "SS"];

fn comparable(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !OWN.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), ordered(name, comparable(value))))
            .collect(),
        Value::Array(values) => values.iter().map(comparable).collect(),
        other => other.clone(),
    }
}

fn ordered(name: &str, mut value: Value) -> Value {
    if let Value::Array(values) = &mut value
        && SETS.contains(&name)
    {
        values.sort_by_cached_key(sorted);
    }
    value
}

/// Text that does not depend on the order of members.
fn sorted(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(k, v)| format!("{k}: {}", sorted(v))).collect();
            members.sort();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(values) => format!("[{}]", values.iter().map(sorted).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// An answer in the shape of the list's entries.
fn told((status, mut body): (u16, Value)) -> Value {
    let mut told = json!({ "status": status });
    if status != 200 {
        let members = body.as_object_mut().expect("an error");
        let kind = members.remove("__type").unwrap_or_default();
        told["error"] = kind.as_str().and_then(|kind| kind.rsplit('#').next()).into();
        let message = members.remove("message").or_else(|| members.remove("Message"));
        told["message"] = message.unwrap_or_else(|| "".into());
    }
    if status == 200 || body != json!({}) {
        told["answer"] = comparable(&body);
    }
    told
}

/// What is expected in an entry, or in its `local`.
fn expected(entry: &Value) -> Value {
    let expectations = ["status", "error", "message", "answer"];
    let mut expected: Map<String, Value> = entry.as_object().expect("an entry").clone();
    expected.retain(|name, _| expectations.contains(&name.as_str()));
    comparable(&Value::Object(expected))
}

fn entries() -> Vec<Value> {
    serde_json::from_str(include_str!("../conformance.json")).expect("a list")
}

fn difference(number: usize, entry: &Value, expectation: &Value, answer: (u16, Value)) -> Option<String> {
    let (expected, mut told) = (expected(expectation), told(answer));
    if expected.get("message").is_none() {
        told.as_object_mut().expect("an answer").remove("message");
    }
    if entry["call"] == "Scan"
        && let Some(Value::Array(items)) = told.pointer_mut("/answer/Items")
    {
        // A scan has no order; the list has its items sorted.
        items.sort_by_cached_key(sorted);
    }
    let (wanted, got) = (sorted(&expected), sorted(&told));
    let call = format!("{number} {} {}", entry["call"], entry["body"]);
    (wanted != got).then(|| format!("{call}\n  expected {wanted}\n  got      {got}"))
}

#[tokio::test]
async fn answers_are_as_listed() {
    let served = Served::new(&[]);
    let mut differences = Vec::new();
    for (number, entry) in entries().iter().enumerate() {
        let call = entry["call"].as_str().expect("a call");
        let answer = served.call(call, entry["body"].clone()).await;
        differences.extend(difference(number, entry, entry, answer));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
#[ignore = "needs Amazon's DynamoDB Local, without tables, at the address in `DYNAMODB_LOCAL`"]
fn amazons_own_answers_are_as_listed() {
    let address = std::env::var("DYNAMODB_LOCAL").expect("the address of DynamoDB Local");
    let mut differences = Vec::new();
    for (number, entry) in entries().iter().enumerate() {
        let expectation = entry.get("local").unwrap_or(entry);
        differences.extend(difference(number, entry, expectation, ask(&address, entry)));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn ask(address: &str, entry: &Value) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let (call, body) = (entry["call"].as_str().expect("a call"), entry["body"].to_string());
    let credential = "Credential=local/20260101/us-east-1/dynamodb/aws4_request";
    write!(
        stream,
        "POST / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Type: application/x-amz-json-1.0\r\n\
         X-Amz-Target: DynamoDB_20120810.{call}\r\nX-Amz-Date: 20260101T000000Z\r\n\
         Authorization: AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    (status, serde_json::from_str(body).expect("JSON"))
}
