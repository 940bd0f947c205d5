//! Captains use their log in a browser: every page, a wrong password, a session that ends.

use super::shared::{aws, local};
use serde_json::{Value, json};
use stack_builder_tests::{Aws, Scheme, Way, browse};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The table of sessions, by the name that the stack gives it.
const SESSIONS: &str = "captains-log-dev-sessions";

/// One flow at a time: attempts are counted by name, and the wrong passwords of several would add up to a pause.
static CAPTAIN: Mutex<()> = Mutex::new(());

#[test]
fn at_a_desk() {
    read_the_log(Way::Desktop, Scheme::Light);
}

#[test]
fn with_the_keyboard_alone() {
    read_the_log(Way::Keyboard, Scheme::Dark);
}

#[test]
fn on_a_phone() {
    read_the_log(Way::Phone, Scheme::Dark);
}

fn read_the_log(way: Way, scheme: Scheme) {
    // Held while waiting, so that the applications go on running.
    let local = local();
    let _turn = CAPTAIN.lock().unwrap_or_else(PoisonError::into_inner);
    let aws = aws(&local);
    let urls = json!({ "site": local.url("captains-log", "SiteUrl") });
    browse("captains-log", &urls, way, scheme, |need| end_session(&aws, need));
}

/// Moves the end of a session, so that nobody has to wait the minute that it lasts. The functions and the edge go by
/// the item's `ttl`, whether or not the table has removed it yet.
fn end_session(aws: &Aws, need: &Value) -> Value {
    assert_eq!(need["what"], "session", "{need}");
    let left = need["left"].as_i64().unwrap_or_default();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let end = now.saturating_add_signed(left);
    let change = json!({
        "TableName": SESSIONS,
        "Key": { "session-id": { "S": need["id"] } },
        "UpdateExpression": "SET #ttl = :end",
        "ConditionExpression": "attribute_exists(userName)",
        "ExpressionAttributeNames": { "#ttl": "ttl" },
        "ExpressionAttributeValues": { ":end": { "N": end.to_string() } },
    });
    aws.call("dynamodb", "update_item", change)
}
