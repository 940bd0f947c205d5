//! Recorded and hostile CloudFront events through the gate, with a stub of DynamoDB behind it.

use crate::{
    dynamodb_stub::{access_denied, dynamodb, operation},
    recorded::{self, ID, cf},
};
use handlers::{
    Failure,
    captains_log::{DynamoSessions, Found, Gate, Session, SessionId, SessionTable},
    edge::{Answer, respond},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const NOON: u64 = 1_795_176_000;

fn noon() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOON)
}

/// A table whose only session is [`ID`], live until a minute after noon.
struct OneSession;

impl SessionTable for OneSession {
    async fn end(&self, id: &SessionId) -> Result<Option<u64>, Failure> {
        Ok((id.as_str() == ID).then_some(NOON + 60))
    }

    async fn find(&self, _: &SessionId) -> Result<Option<Found>, Failure> {
        Err(Failure::Internal("the gate asks for the end only".into()))
    }

    async fn add(&self, _: &Session) -> Result<(), Failure> {
        Err(Failure::Internal("the gate writes nothing".into()))
    }

    async fn remove(&self, _: &SessionId) -> Result<(), Failure> {
        Err(Failure::Internal("the gate writes nothing".into()))
    }
}

async fn answer(event: &Value) -> Answer {
    respond(&Gate::new(OneSession, noon), event, "r-1").await
}

#[tokio::test]
async fn what_the_gate_does_not_mind_comes_back_to_the_byte() {
    for (name, member) in [
        ("origin-request", "request"),
        ("origin-response-page", "response"),
        ("viewer-request-body", "request"),
        ("viewer-request-style", "request"),
        ("viewer-response", "response"),
    ] {
        let event = recorded::event(name);
        assert_eq!(answer(&event).await, Answer { result: cf(&event)[member].clone(), line: None }, "{name}");
    }
}

#[tokio::test]
async fn pages_of_the_site_are_found_under_their_own_names() {
    for (name, uri) in [("viewer-request-home", "/home.html"), ("viewer-request-login", "/login.html")] {
        let event = recorded::event(name);
        let mut expect = cf(&event)["request"].clone();
        expect["uri"] = uri.into();
        assert_eq!(answer(&event).await.result, expect, "{name}");
    }
}

#[tokio::test]
async fn a_visitor_without_a_session_is_sent_to_the_login_page() {
    let Answer { result, line } = answer(&recorded::event("viewer-request-visitor")).await;
    assert_eq!(result["status"], "302");
    assert_eq!(result["headers"]["location"][0]["value"], "https://log.example.org/login/");
    assert_eq!(line.unwrap()["function"], "captains-log-edge");
}

#[tokio::test]
async fn what_s3_does_not_show_is_a_page() {
    for (name, status) in [("origin-response-forbidden", "403"), ("origin-response-missing", "404")] {
        let event = recorded::event(name);
        let result = answer(&event).await.result;
        assert_eq!((&result["status"], &result["bodyEncoding"]), (&json!(status), &json!("text")), "{name}");
        assert!(result["body"].as_str().unwrap().starts_with("<!DOCTYPE html>"));
        assert_eq!(
            result["headers"]["transfer-encoding"],
            cf(&event)["response"]["headers"]["transfer-encoding"]
        );
    }
}

/// The gate before a DynamoDB that gives this one answer; also what it was asked.
async fn behind(status: u16, body: Value) -> (Answer, Value) {
    let (client, asked) = dynamodb(status, &body);
    let gate = Gate::new(DynamoSessions::new(client, "Sessions".into()), noon);
    let answer = respond(&gate, &recorded::event("viewer-request-home"), "r-1").await;
    let asked = asked.recv().unwrap();
    assert_eq!(operation(&asked), "getitem");
    (answer, asked.body)
}

#[tokio::test]
async fn a_session_is_one_consistent_read_of_its_end() {
    let (answer, asked) = behind(200, json!({"Item": {"ttl": {"N": (NOON + 1).to_string()}}})).await;
    assert_eq!(answer.result["uri"], "/home.html");
    assert_eq!(
        asked,
        json!({
            "TableName": "Sessions",
            "Key": {"session-id": {"S": ID}},
            "ConsistentRead": true,
            "ProjectionExpression": "#ttl",
            "ExpressionAttributeNames": {"#ttl": "ttl"},
        })
    );
}

#[tokio::test]
async fn whatever_else_dynamodb_says_there_is_no_session() {
    let missing =
        json!({"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "x"});
    for (status, body, level) in [
        (200, json!({}), "INFO"),
        (200, json!({"Item": {}}), "INFO"),
        (200, json!({"Item": {"ttl": {"N": NOON.to_string()}}}), "INFO"),
        (200, json!({"Item": {"ttl": {"S": (NOON + 60).to_string()}}}), "INFO"),
        (400, access_denied(), "WARN"),
        (400, missing, "WARN"),
        (500, json!("what?"), "WARN"),
    ] {
        let (answer, _) = behind(status, body.clone()).await;
        assert_eq!(answer.result["status"], "302", "{body}");
        let line = answer.line.unwrap();
        assert_eq!(line["level"], level, "{line}");
        assert!(!line.to_string().contains(ID), "{line}");
    }
}

/// Anything that JSON can hold, small.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        "/|/login/|/home.html|GET|302|404|viewer-request|origin-response".prop_map(Value::from),
        Just(json!(format!("session-id={}", "A".repeat(43)))),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec(("[a-z-]{1,8}|key|value|host|cookie", inner), 0..3)
                .prop_map(|pairs| pairs.into_iter().collect()),
        ]
    })
}

/// Replaces what a random walk from the root ends at.
fn spoil(value: &mut Value, steps: &[prop::sample::Index], by: Value) {
    let mut inner: Vec<&mut Value> = match value {
        Value::Object(fields) => fields.values_mut().collect(),
        Value::Array(values) => values.iter_mut().collect(),
        _ => Vec::new(),
    };
    match steps.split_first() {
        Some((step, rest)) if !inner.is_empty() => {
            let index = step.index(inner.len());
            spoil(inner.swap_remove(index), rest, by);
        }
        _ => *value = by,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every answer is a request for a path or a response with a status, and the log is only for whom it should be.
    #[test]
    fn no_event_panics_or_slips_through(
        which in prop::sample::select(&recorded::ALL[..]),
        changes in prop::collection::vec((prop::collection::vec(any::<prop::sample::Index>(), 0..12), any_json()), 0..3),
    ) {
        let mut event: Value = serde_json::from_str(which.1).unwrap();
        for (steps, by) in changes {
            spoil(&mut event, &steps, by);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let Answer { result, .. } = runtime.block_on(answer(&event));
        let status = result["status"].as_str().and_then(|status| status.parse::<u16>().ok());
        let uri = result["uri"].as_str().filter(|uri| uri.starts_with('/'));
        let original = cf(&event).get("response") == Some(&result);
        prop_assert!(original || status.is_some() != uri.is_some(), "{event}: {result}");
        if uri == Some("/home.html") && cf(&event)["request"]["uri"] == "/" {
            prop_assert!(event.to_string().contains(ID), "{event}");
        }
        prop_assert!(!event_is_home_without_cookie(&event) || uri != Some("/"), "{event}: {result}");
    }

    /// Every path, with a live session and without: one letter more or less is another path.
    #[test]
    fn only_the_two_paths_are_ours(uri in "/(login|LOGIN|home\\.html|%2e|%2F|\\.|/|[a-zA-Z0-9%?\\\\]){0,5}/?", live in any::<bool>()) {
        let name = if live { "viewer-request-home" } else { "viewer-request-visitor" };
        let mut event = recorded::event(name);
        event["Records"][0]["cf"]["request"]["uri"] = uri.as_str().into();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let result = runtime.block_on(answer(&event)).result;
        match uri.as_str() {
            "/" if live => prop_assert_eq!(&result["uri"], "/home.html"),
            "/" => prop_assert_eq!(&result["status"], "302"),
            "/login/" => prop_assert_eq!(&result["uri"], "/login.html"),
            _ => prop_assert_eq!(&result, &cf(&event)["request"]),
        }
    }
}

/// A well-formed request for the log without our session in it.
fn event_is_home_without_cookie(event: &Value) -> bool {
    let request = &cf(event)["request"];
    cf(event)["config"]["eventType"] == "viewer-request"
        && request["uri"] == "/"
        && request["method"] == "GET"
        && !event.to_string().contains(ID)
}
