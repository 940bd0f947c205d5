//! Asking one question: over HTTP, through boto3, or through Amazon's client for browsers.

use super::case::Case;
use super::side::Side;
use serde_json::{Map, Value, json};
use stack_builder_tests::{AwsError, Response, text_of};
use std::thread::sleep;
use std::time::Duration;

/// The answer, as cases expect it.
pub(super) fn ask(side: &Side<'_>, case: &Case, fill: impl Fn(&Value) -> Value) -> Value {
    if let Some(milliseconds) = case.get("after").as_u64() {
        sleep(Duration::from_millis(milliseconds));
    }
    let member = |name: &str| fill(case.get(name));
    let text = |name: &str| member(name).as_str().unwrap_or_default().to_owned();
    if !case.get("send").is_null() {
        let times = case.get("times").as_u64().unwrap_or(1);
        let mut answers = (0..times).map(|_| send(side, &text("send"), &member("headers"), &member("body")));
        return if times == 1 { answers.next().unwrap_or_default() } else { tally(answers) };
    }
    if !case.get("call").is_null() {
        let call = text("call");
        let (service, operation) = call.split_once(' ').unwrap_or_else(|| panic!("`{call}` is no call"));
        let parameters = if case.get("with").is_null() { json!({}) } else { member("with") };
        return told(side.aws.try_call(service, operation, parameters));
    }
    match case.get("mail") {
        Value::Null => {}
        _ => return json!({ "code": side.code_for(&text("mail")) }),
    }
    if !case.get("token").is_null() {
        return token(&text("token"));
    }
    let with: Vec<String> = member("browser").as_array().expect("a question").iter().map(words).collect();
    let with: Vec<_> = with.iter().map(String::as_str).collect();
    match with.as_slice() {
        ["sign-in", who, password] => {
            let signed_in = side.cognito().sign_in(who, password);
            told(signed_in.map(|tokens| json!({ "id": tokens.id, "access": tokens.access })))
        }
        ["hosted", who, password, redirect] => told(side.hosted().hosted_code(who, password, redirect)),
        other => panic!("nobody knows how to {other:?}"),
    }
}

fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// How many answers had each status.
fn tally(answers: impl Iterator<Item = Value>) -> Value {
    let mut counts = Map::new();
    for answer in answers {
        let count = counts.entry(answer["status"].to_string()).or_insert(json!(0));
        *count = json!(count.as_u64().unwrap_or_default() + 1);
    }
    json!({ "statuses": counts })
}

fn send(side: &Side<'_>, line: &str, headers: &Value, body: &Value) -> Value {
    let (method, url) = line.split_once(' ').unwrap_or_else(|| panic!("`{line}` is no request"));
    let mut pairs = Vec::new();
    for (name, values) in headers.as_object().into_iter().flatten() {
        let values = values.as_array().cloned().unwrap_or_else(|| vec![values.clone()]);
        pairs.extend(values.iter().map(|value| (name.clone(), words(value))));
    }
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    answer(&side.http.send_bytes(method, url, &pairs, &content(body)))
}

/// Text, base64 of bytes, or JSON.
fn content(body: &Value) -> Vec<u8> {
    match body {
        Value::Null => Vec::new(),
        Value::String(text) => text.clone().into_bytes(),
        other => match other["hex"].as_str() {
            Some(hex) => (0..hex.len() / 2)
                .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hexadecimal digits"))
                .collect(),
            None => other.to_string().into_bytes(),
        },
    }
}

fn answer(response: &Response) -> Value {
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in &response.headers {
        let all = headers.entry(name.to_lowercase()).or_insert(json!(""));
        let before = all.as_str().unwrap_or_default();
        *all = if before.is_empty() { json!(value) } else { json!(format!("{before} | {value}")) };
    }
    let body = serde_json::from_str(&response.body).unwrap_or_else(|_| json!(response.body));
    json!({ "status": response.status, "headers": headers, "body": body })
}

fn told(answer: Result<Value, AwsError>) -> Value {
    match answer {
        Ok(answer) => json!({ "answer": readable(answer) }),
        Err(error) => json!({ "error": error.code, "message": error.message }),
    }
}

/// Bytes as text.
fn readable(value: Value) -> Value {
    match value {
        Value::Object(members) if members.contains_key("$base64") => json!(text_of(&Value::Object(members))),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, readable(value))).collect(),
        Value::Array(items) => items.into_iter().map(readable).collect(),
        other => other,
    }
}

/// The header and the claims of a token.
fn token(token: &str) -> Value {
    let part = |number: usize| {
        let part = token.split('.').nth(number).unwrap_or_default().replace('-', "+").replace('_', "/");
        serde_json::from_str(&text_of(&json!({ "$base64": part }))).unwrap_or(Value::Null)
    };
    json!({ "header": part(0), "claims": part(1), "length": token.len() })
}
