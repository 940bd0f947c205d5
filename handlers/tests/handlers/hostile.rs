//! Events that hold anything anywhere, in both payload formats.

use handlers::{AllowedOrigins, Answered, Handler, Invocation, respond};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A xorshift generator: the same events in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn value(&mut self) -> Value {
        let values = [
            json!(null),
            json!(true),
            json!(-1),
            json!(1e308),
            json!(u64::MAX),
            json!(""),
            json!("\u{0}\u{202e}../\\\"\r\n"),
            json!("ä".repeat(9000)),
            json!("e30="),
            json!("{}"),
            json!("[[[["),
            json!("2.0"),
            json!([]),
            json!([[{}]]),
            json!({}),
            json!({"sub": {"sub": []}}),
            json!({"claims": {"sub": "eve", "cognito:username": "eve"}}),
        ];
        values[self.roll(values.len())].clone()
    }

    /// Replaces or removes one to three things anywhere in the value.
    fn spoil(&mut self, value: &mut Value) {
        for _ in 0..=self.roll(3) {
            self.spoil_one(value);
        }
    }

    fn spoil_one(&mut self, value: &mut Value) {
        let stop = self.roll(4) == 0;
        match value {
            Value::Object(fields) if !fields.is_empty() && !stop => {
                let name = fields.keys().nth(self.roll(fields.len())).unwrap().clone();
                if self.roll(5) == 0 {
                    fields.remove(&name);
                } else {
                    self.spoil_one(&mut fields[&name]);
                }
            }
            other => *other = self.value(),
        }
    }
}

/// An HTTP API's event for the user `ann`.
fn http_event(body: &Value) -> Value {
    json!({
        "version": "2.0",
        "headers": {"content-type": "application/json"},
        "cookies": ["a=1"],
        "queryStringParameters": {"limit": "10", "next": "AAAA"},
        "pathParameters": {"id": "a-1"},
        "requestContext": {
            "routeKey": "X",
            "http": {"method": "POST"},
            "authorizer": {"jwt": {"claims": {"sub": "ann", "cognito:username": "ann"}}},
        },
        "body": body,
        "isBase64Encoded": false,
    })
}

/// A REST API's event for the same.
fn rest_event(body: &Value) -> Value {
    json!({
        "httpMethod": "POST",
        "resource": "/x",
        "headers": {"Content-Type": "application/json", "Cookie": "a=1"},
        "multiValueHeaders": {"Content-Type": ["application/json"], "Cookie": ["a=1"]},
        "queryStringParameters": {"limit": "10", "next": "AAAA"},
        "pathParameters": {"id": "a-1"},
        "requestContext": {"authorizer": {"claims": {"sub": "ann", "cognito:username": "ann"}}},
        "body": body,
        "isBase64Encoded": false,
    })
}

/// Spoils the body and then, half of the time, the event round it.
fn event(dice: &mut Dice, body: &Value) -> Value {
    let mut body = body.clone();
    dice.spoil(&mut body);
    let body = body.to_string().into();
    let mut event = if dice.roll(2) == 0 { http_event(&body) } else { rest_event(&body) };
    if dice.roll(2) == 0 {
        dice.spoil(&mut event);
    }
    event
}

/// Sends thousands of events made from this body; which statuses came, each answer having been looked at.
pub(crate) async fn statuses<H: Handler>(handler: H, body: Value) -> Vec<u64> {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let invocation = Invocation { request_id: "r-1", ..Invocation::default() };
    let origins = AllowedOrigins::default();
    let mut seen = BTreeSet::new();
    for _ in 0..3000 {
        let event = event(&mut dice, &body);
        let answered = respond(&handler, &event, invocation, &origins).await;
        assert_eq!(answered.metrics.is_some(), H::METRICS.is_some());
        seen.insert(status(&answered, &event));
    }
    seen.into_iter().collect()
}

fn status(answered: &Answered, event: &Value) -> u64 {
    let Answered { answer, log, metrics } = answered;
    let members: Vec<_> = answer.as_object().unwrap().keys().collect();
    assert_eq!(members, ["statusCode", "headers", "body", "isBase64Encoded"], "{event}");
    assert_eq!(answer["headers"]["cache-control"], "no-store", "{event}");
    assert_eq!(log["status"], answer["statusCode"], "{event}");
    let status = answer["statusCode"].as_u64().unwrap();
    let served = (200..300).contains(&status);
    let text = answer["body"].as_str().unwrap();
    let body: Value = if text.is_empty() { json!({}) } else { serde_json::from_str(text).unwrap() };
    assert_eq!((served, status == 204), (body.get("error").is_none(), text.is_empty()), "{event}");
    if let Some(line) = metrics {
        assert_eq!(line.get("Success").is_some(), served, "{event}");
    }
    status
}
