//! `POST /login`: who gets in, how, and who does not.

use super::log::{Log, now};
use serde_json::{Value, json};
use stack_builder_tests::Response;

const JSON: (&str, &str) = ("content-type", "application/json");

/// A right password begins a session: in the answer's words, in the cookie, and in the table. Gives the cookie.
#[track_caller]
pub(crate) fn begins_a_session(log: &Log<'_>, user: &str, password: &str) -> String {
    let begun = now();
    let answer = log.log_in(user, password);
    assert_eq!(answer.status, 200, "{answer:?}");
    let session = answer.json();
    let (start, end) = (session["creationTime"].as_u64().expect("a time"), session["ttl"].as_u64());
    assert!((begun..=now()).contains(&start), "{session}");
    assert_eq!(session, json!({ "userName": user, "creationTime": start, "ttl": start + 60 }));
    assert_eq!(answer.header("cache-control"), Some("no-store"));

    let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
    let [(_, set)] = cookies.collect::<Vec<_>>()[..] else { panic!("not one cookie: {answer:?}") };
    let (cookie, attributes) = set.split_once("; ").expect("attributes");
    assert_eq!(attributes, "Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax");
    let id = cookie.strip_prefix("session-id=").expect("a session");
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    assert!(id.len() == 43 && id.bytes().all(plain), "{set}");
    assert!(!answer.body.contains(id), "scripts could read it: {answer:?}");

    let item = json!({
        "session-id": {"S": id}, "userName": {"S": user},
        "creationTime": {"N": start.to_string()}, "ttl": {"N": end.expect("an end").to_string()},
    });
    let items = log.items(log.outputs.get("SessionsTable"));
    assert!(items.contains(&item), "{items:?}");
    cookie.to_owned()
}

/// Each login is a session of its own, whatever cookie came along.
#[track_caller]
pub(crate) fn begins_another_each_time(log: &Log<'_>, cookie: &str) {
    let body = json!({ "userName": "picard", "password": "makeitso" }).to_string();
    let answer = log.send("POST", "/login", &[JSON, ("cookie", cookie)], &body);
    let set = answer.header("set-cookie").expect("a cookie").to_owned();
    assert_eq!((answer.status, set.starts_with(cookie)), (200, false), "{answer:?}");
    assert_eq!(log.home(cookie, "").status, 200, "the first is not harmed");
}

/// A wrong password and an unknown user look the same.
#[track_caller]
pub(crate) fn tells_nobody_who_exists(log: &Log<'_>) {
    let refused = [("picard", "engage"), ("picard", "MAKEITSO"), ("q", "engage"), ("Picard", "makeitso")];
    let answers = refused.map(|(user, password)| log.log_in(user, password));
    for answer in &answers {
        assert_eq!((answer.status, answer.header("set-cookie")), (401, None), "{answer:?}");
        assert_eq!(answer.json()["error"]["code"], "unauthorized");
        assert_eq!(answer.body, answers[0].body, "who exists is told");
    }
    // Which ends the pause that is to come.
    log.cookie_of("picard", "makeitso");
}

/// Whatever is no login is refused with what is wrong with it, and never repeated.
#[track_caller]
pub(crate) fn refuses_what_is_no_login(log: &Log<'_>) {
    for (body, code, fields) in [
        ("{}", "missing_fields", &["userName", "password"][..]),
        (r#"{"userName": "picard"}"#, "missing_fields", &["password"]),
        (r#"{"password": "makeitso"}"#, "missing_fields", &["userName"]),
        (r#"{"userName": "", "password": "x"}"#, "invalid_fields", &["userName"]),
        (r#"{"userName": "a\u0000b", "password": "x"}"#, "invalid_fields", &["userName"]),
        (r#"{"userName": ["picard"], "password": {"$ne": ""}}"#, "invalid_fields", &["userName", "password"]),
        (r#"{"userName": null, "password": 1}"#, "missing_fields", &["userName", "password"]),
        ("[", "invalid_json", &[]),
        ("", "invalid_json", &[]),
        ("[]", "invalid_json", &[]),
        ("\"picard\"", "invalid_json", &[]),
    ] {
        let answer = log.send("POST", "/login", &[JSON], body);
        assert_eq!((answer.status, answer.header("set-cookie")), (400, None), "{body}: {answer:?}");
        let error = answer.json()["error"].take();
        assert_eq!(error["code"], code, "{body}: {error}");
        for field in fields {
            assert!(error["fields"][field].is_string(), "`{field}` of {body}: {error}");
        }
        assert!(!answer.body.contains("makeitso"), "{answer:?}");
    }
}

/// More than a login can be: a few KB, and more than a MB.
#[track_caller]
pub(crate) fn refuses_large_bodies(log: &Log<'_>) {
    for length in [4 * 1024, 1_200_000] {
        let body = json!({ "userName": "picard", "password": "makeitso", "more": "x".repeat(length) });
        let answer = log.send("POST", "/login", &[JSON], &body.to_string());
        assert_eq!((answer.status, answer.header("set-cookie")), (413, None), "{length}: {answer:?}");
        assert_eq!(answer.json()["error"]["code"], "body_too_large");
    }
}

/// A form on another site cannot send JSON without asking first.
#[track_caller]
pub(crate) fn takes_json_alone(log: &Log<'_>) {
    let body = json!({ "userName": "picard", "password": "makeitso" }).to_string();
    let send = |kind: &str| log.send("POST", "/login", &[("content-type", kind)], &body);
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonx",
    ] {
        let answer = send(kind);
        assert_eq!((answer.status, answer.header("set-cookie")), (415, None), "{kind}: {answer:?}");
    }
    assert_eq!(send("Application/JSON; charset=utf-8").status, 200);
}

/// Other methods and paths are nobody's, and say so in JSON.
#[track_caller]
pub(crate) fn has_three_routes(log: &Log<'_>) {
    for (method, path) in [
        ("GET", "/login"),
        ("PUT", "/login"),
        ("POST", "/home"),
        ("DELETE", "/home"),
        ("GET", "/logout"),
        ("GET", "/"),
        ("GET", "/nothing"),
        ("GET", "/HOME"),
        ("GET", "/home/x"),
        ("POST", "/login/../home"),
    ] {
        let answer: Response = log.send(method, path, &[], "");
        assert!([403, 404].contains(&answer.status), "{method} {path}: {answer:?}");
        assert!(matches!(answer.json(), Value::Object(_)), "{method} {path}: {answer:?}");
    }
}
