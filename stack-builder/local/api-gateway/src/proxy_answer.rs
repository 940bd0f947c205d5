//! What a function behind a proxy integration answers: status, headers, cookies, body.

use crate::grant::text;
use crate::headers;
use crate::reply::Reply;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, header};
use serde_json::{Map, Value};

/// How an answer is read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rules {
    /// A REST API, with whether base64 is decoded for this client.
    Rest { binary: bool },
    /// An HTTP API with payload format 1.0.
    Http1,
    /// An HTTP API with payload format 2.0.
    Http2,
}

/// Fields of an answer; a REST API takes no others.
const FIELDS: [&str; 5] = ["statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"];

/// Reads an answer; `None` when it is malformed.
pub(crate) fn read(payload: &[u8], rules: Rules) -> Option<Reply> {
    let value: Value = serde_json::from_slice(payload).ok()?;
    match (value, rules) {
        (Value::Object(answer), Rules::Http2) if answer.contains_key("statusCode") => {
            structured(&answer, rules)
        }
        (Value::String(body), Rules::Http2) => Some(Reply::json(200, body)),
        (_, Rules::Http2) => Some(Reply::json(200, payload.to_vec())),
        (Value::Object(answer), _) => structured(&answer, rules),
        _ => None,
    }
}

fn structured(answer: &Map<String, Value>, rules: Rules) -> Option<Reply> {
    if matches!(rules, Rules::Rest { .. }) && answer.keys().any(|key| !FIELDS.contains(&key.as_str())) {
        return None;
    }
    let mut reply = Reply::empty(status(answer.get("statusCode"), rules)?);
    let rest = matches!(rules, Rules::Rest { .. });
    add_headers(&mut reply, answer, rules, rest)?;
    reply.body = body(answer, rules)?.into();
    if !reply.headers.contains_key(header::CONTENT_TYPE) && (rest || !reply.body.is_empty()) {
        let default = if rest { "application/json" } else { "text/plain;charset=UTF-8" };
        reply.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(default));
    }
    Some(reply)
}

/// A REST API takes an answer without a status for a success.
fn status(value: Option<&Value>, rules: Rules) -> Option<u16> {
    let code = match value {
        None | Some(Value::Null) if matches!(rules, Rules::Rest { .. }) => return Some(200),
        Some(Value::Number(code)) => code.as_u64()?,
        Some(Value::String(code)) => code.parse().ok()?,
        _ => return None,
    };
    u16::try_from(code).ok().filter(|code| (200..600).contains(code))
}

fn add_headers(reply: &mut Reply, answer: &Map<String, Value>, rules: Rules, rest: bool) -> Option<()> {
    let many = if matches!(rules, Rules::Http2) { None } else { fields(answer, "multiValueHeaders")? };
    let named =
        |name: &String| many.is_some_and(|many| many.keys().any(|other| other.eq_ignore_ascii_case(name)));
    for (name, value) in fields(answer, "headers")?.into_iter().flatten().filter(|(name, _)| !named(name)) {
        add(reply, name, value, rest)?;
    }
    for (name, values) in many.into_iter().flatten() {
        values.as_array()?.iter().try_for_each(|value| add(reply, name, value, rest))?;
    }
    let cookies = answer.get("cookies").filter(|_| matches!(rules, Rules::Http2));
    for cookie in cookies.and_then(Value::as_array).into_iter().flatten() {
        add(reply, "set-cookie", cookie, rest)?;
    }
    Some(())
}

/// A field that is an object, or absent; `None` for anything else.
#[expect(clippy::option_option, reason = "absent is well, anything else is malformed")]
fn fields<'a>(answer: &'a Map<String, Value>, name: &str) -> Option<Option<&'a Map<String, Value>>> {
    match answer.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(Value::Object(fields)) => Some(Some(fields)),
        Some(_) => None,
    }
}

fn add(reply: &mut Reply, name: &str, value: &Value, rest: bool) -> Option<()> {
    match value {
        Value::Null => Some(()),
        Value::Array(_) | Value::Object(_) => None,
        value => headers::answer(&mut reply.headers, name, &text(value), rest),
    }
}

fn body(answer: &Map<String, Value>, rules: Rules) -> Option<Vec<u8>> {
    let body = match answer.get("body") {
        None | Some(Value::Null) => return Some(Vec::new()),
        Some(Value::String(body)) => body,
        Some(_) => return None,
    };
    let encoded = answer.get("isBase64Encoded").is_some_and(|flag| flag == true || flag == "true");
    if encoded && !matches!(rules, Rules::Rest { binary: false }) {
        return STANDARD.decode(body).ok();
    }
    Some(body.clone().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Status, content type, body.
    #[track_caller]
    fn check(answer: Value, rules: Rules, expect: Option<(u16, &str, &str)>) {
        let reply = read(answer.to_string().as_bytes(), rules);
        let seen = reply.as_ref().map(|reply| {
            let kind = reply.headers.get("content-type").map_or("", |kind| kind.to_str().expect("text"));
            (reply.status, kind, std::str::from_utf8(&reply.body).expect("text"))
        });
        assert_eq!(seen, expect, "{answer}");
    }

    const REST: Rules = Rules::Rest { binary: false };
    const PLAIN: &str = "text/plain;charset=UTF-8";
    const JSON: &str = "application/json";

    #[test]
    fn format_2_infers_what_is_not_said() {
        let http2 = |answer, expect| check(answer, Rules::Http2, Some(expect));
        http2(json!({"message": "hi"}), (200, JSON, r#"{"message":"hi"}"#));
        http2(json!("hi"), (200, JSON, "hi"));
        http2(json!([1, 2]), (200, JSON, "[1,2]"));
        http2(json!(null), (200, JSON, "null"));
        http2(json!({"statusCode": 201, "body": "x"}), (201, PLAIN, "x"));
        http2(json!({"statusCode": "404"}), (404, "", ""));
        http2(json!({"statusCode": 200, "body": "aGk=", "isBase64Encoded": true}), (200, PLAIN, "hi"));
        http2(
            json!({"statusCode": 200, "headers": {"Content-Type": "a/b", "n": 1, "z": null}}),
            (200, "a/b", ""),
        );
    }

    #[test]
    fn malformed_answers_are_none() {
        for rules in [REST, Rules::Http1, Rules::Http2] {
            check(json!({"statusCode": 99}), rules, None);
            check(json!({"statusCode": 101}), rules, None);
            check(json!({"statusCode": 1000}), rules, None);
            check(json!({"statusCode": "abc"}), rules, None);
            check(json!({"statusCode": 200, "body": {"a": 1}}), rules, None);
            check(json!({"statusCode": 200, "headers": []}), rules, None);
            check(json!({"statusCode": 200, "headers": {"a": {"b": 1}}}), rules, None);
            check(json!({"statusCode": 200, "headers": {"a": "x\r\nset-cookie: b"}}), rules, None);
            check(json!({"statusCode": 200, "headers": {"a b": "x"}}), rules, None);
            assert!(read(b"no json", rules).is_none());
        }
        check(json!({"statusCode": 200, "body": "%", "isBase64Encoded": true}), Rules::Http1, None);
        check(json!({"message": "hi"}), Rules::Http1, None);
        check(json!({"statusCode": 200, "cookies": []}), REST, None);
        check(json!("hi"), REST, None);
        check(json!(null), REST, None);
    }

    #[test]
    fn a_rest_api_answers_json_unless_told_otherwise() {
        check(json!({}), REST, Some((200, JSON, "")));
        check(json!({"statusCode": 204}), REST, Some((204, JSON, "")));
        check(json!({"body": "aGk=", "isBase64Encoded": true}), REST, Some((200, JSON, "aGk=")));
        check(
            json!({"body": "aGk=", "isBase64Encoded": true}),
            Rules::Rest { binary: true },
            Some((200, JSON, "hi")),
        );
    }

    #[test]
    fn headers_of_the_connection_are_not_the_functions() {
        let answer = json!({"statusCode": 200, "headers": {"Connection": "close", "Transfer-Encoding": "chunked",
            "Content-Length": "9", "x": "1"}, "multiValueHeaders": {"X": ["2", "3"], "set-cookie": ["a=1", "b=2"]}});
        let headers = |rules| read(answer.to_string().as_bytes(), rules).expect("well formed").headers;
        let names = |rules| headers(rules).keys().map(|name| name.as_str().to_owned()).collect::<Vec<_>>();
        let mut rest = names(REST);
        rest.sort();
        assert_eq!(
            rest,
            [
                "content-type",
                "set-cookie",
                "x",
                "x-amzn-remapped-connection",
                "x-amzn-remapped-content-length"
            ]
        );
        assert_eq!(headers(REST).get_all("x").iter().collect::<Vec<_>>(), ["2", "3"]);
        assert_eq!(headers(Rules::Http1).get_all("set-cookie").iter().count(), 2);
        assert!(
            !names(Rules::Http2).iter().any(|name| name.contains("length") || name.contains("connection"))
        );
    }
}
