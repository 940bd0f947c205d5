//! `GET /home` and `POST /logout`: what a session opens, and what does not count as one.

use super::log::{Log, now};
use serde_json::{Value, json};

/// An id as the login makes them, that it never made.
const MADE_UP: &str = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGw";

/// Whose session it is reads their own entries, by stardate and by the page, and nobody else's.
#[track_caller]
pub(crate) fn open_ones_own_log(log: &Log<'_>, user: &str, cookie: &str) {
    let mut own: Vec<Value> = log.items(log.outputs.get("LogsTable"));
    own.retain(|item| item["userName"]["S"] == user);
    own.sort_by_key(|item| text(&item["stardate"]["S"]));
    let plain = |item: &Value| {
        let part = |name: &str| item[name]["S"].clone();
        json!({ "stardate": part("stardate"), "title": part("title"), "entry": part("entry") })
    };
    let own: Vec<Value> = own.iter().map(plain).collect();
    assert_eq!(own.len(), 5);

    let answer = log.home(&format!("theme=dark; {cookie}"), "");
    assert_eq!((answer.status, answer.header("cache-control")), (200, Some("no-store")), "{answer:?}");
    let home = answer.json();
    assert_eq!((&home["userName"], &home["next"]), (&json!(user), &Value::Null));
    assert!((now()..=now() + 60).contains(&home["expiresAt"].as_u64().expect("an end")), "{home}");
    assert_eq!(home["logs"], json!(own));

    for limit in [1, 2, 5, 100] {
        assert_eq!(all_pages(log, cookie, limit), own, "{limit} at a time");
    }
    for query in ["?userName=kirk", "?userName=picard&session-id=x", "?user=kirk&limit=50"] {
        assert_eq!(log.home(cookie, query).json(), home, "{query}");
    }
}

/// A page's size has bounds, and where it begins is told by the page before; one of somebody else's log is none.
#[track_caller]
pub(crate) fn turn_pages_of_their_own(log: &Log<'_>, picard: &str, kirk: &str) {
    let next = |cookie: &str| text(&log.home(cookie, "?limit=2").json()["next"]);
    assert_ne!(next(picard), next(kirk));
    let foreign = format!("?next={}", next(kirk));
    for query in ["?limit=0", "?limit=101", "?limit=-1", "?limit=x", "?limit=", "?next=", "?next=x", &foreign]
    {
        let answer = log.home(picard, query);
        assert_eq!((answer.status, answer.body.contains("stardate")), (400, false), "{query}: {answer:?}");
    }
}

#[track_caller]
fn all_pages(log: &Log<'_>, cookie: &str, limit: usize) -> Vec<Value> {
    let (mut entries, mut next) = (Vec::new(), String::new());
    for _ in 0..10 {
        let page = log.home(cookie, &format!("?limit={limit}{next}")).json();
        let found = page["logs"].as_array().expect("entries");
        assert!(found.len() <= limit, "{page}");
        entries.extend(found.iter().cloned());
        let Some(cursor) = page["next"].as_str() else { return entries };
        next = format!("&next={cursor}");
    }
    panic!("no end of pages");
}

/// Over, tampered, garbled, doubled: none of them is a session.
#[track_caller]
pub(crate) fn are_nothing_but_the_true_ones(log: &Log<'_>, cookie: &str, other: &str) {
    let id = cookie.trim_start_matches("session-id=");
    let (begin, end) = cookie.split_at(cookie.len() - 1);
    let last = if end == "A" { "E" } else { "A" };
    for cookies in [
        String::new(),
        "session-id".into(),
        "session-id=".into(),
        "session-id=x".into(),
        format!("session-id={MADE_UP}"),
        format!("{begin}{last}"),
        format!("{cookie}A"),
        begin.into(),
        cookie.to_uppercase(),
        format!("Session-Id={id}"),
        format!("{cookie}; {other}"),
        format!("{other}; {cookie}"),
        format!("{cookie}; session-id=x"),
        format!("session-id=\"{id}"),
        format!("session-id={id},{id}"),
        format!("session-id=%5B{id}"),
        format!("session-id={}", "A".repeat(4000)),
        format!("session-id={{\"S\":\"{id}\"}}"),
        "=;=;;".into(),
    ] {
        let answer = log.home(&cookies, "");
        assert_eq!((answer.status, answer.body.contains("stardate")), (401, false), "{cookies}: {answer:?}");
        assert_eq!(answer.json()["error"]["code"], "unauthorized", "{cookies}");
    }
    for cookies in
        [format!("{cookie}; {cookie}"), format!("a=1;{cookie} ; b"), format!("session-id=\"{id}\"")]
    {
        assert_eq!(log.home(&cookies, "").status, 200, "{cookies}");
    }
}

/// DynamoDB removes items late: one whose end has come opens nothing, at that very second and though it is still there.
#[track_caller]
pub(crate) fn are_over_at_their_end(log: &Log<'_>) {
    let cookie = format!("session-id={MADE_UP}");
    let number = |seconds: u64| json!({ "N": seconds.to_string() });
    log.put_session(MADE_UP, "picard", now() - 30, &number(now() + 30));
    assert_eq!(log.home(&cookie, "").json()["userName"], "picard", "one that is on");
    for end in [number(now()), number(now() - 1), number(0), json!({ "S": "soon" }), json!({ "N": "-1" })] {
        log.put_session(MADE_UP, "picard", now() - 61, &end);
        let answer = log.home(&cookie, "");
        assert_eq!((answer.status, answer.body.contains("stardate")), (401, false), "{end}: {answer:?}");
    }
    let there = log.items(log.outputs.get("SessionsTable"));
    assert!(there.iter().any(|item| item["session-id"]["S"] == MADE_UP), "it is still there");
}

/// Logging out ends that session and no other, clears the cookie, and may be done again.
#[track_caller]
pub(crate) fn are_ended_by_logging_out(log: &Log<'_>, cookie: &str, other: &str) {
    let log_out = |cookie: &str| {
        let answer = log.send("POST", "/logout", &[("cookie", cookie)], "");
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{answer:?}");
        let cleared = "session-id=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax";
        assert_eq!(answer.header("set-cookie"), Some(cleared));
    };
    log_out(cookie);
    assert_eq!((log.home(cookie, "").status, log.home(other, "").status), (401, 200));
    let id = cookie.trim_start_matches("session-id=");
    let left = log.items(log.outputs.get("SessionsTable"));
    assert!(left.iter().all(|item| item["session-id"]["S"] != id), "the session is still in the table");
    for nothing in [cookie, "", "session-id=x"] {
        log_out(nothing);
    }
    assert_eq!(log.home(other, "").status, 200);
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text but {value}")).to_owned()
}
