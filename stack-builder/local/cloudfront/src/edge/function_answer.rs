//! What CloudFront Functions return.

use super::lambda_answer::data;
use super::lambda_change::check_url;
use super::{Moment, header_rules};
use crate::message::{Head, Payload, Reply};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::Value;

/// Bytes of an answer that a function makes.
const LARGEST: usize = 40 * 1024;

/// What a viewer-request function wants.
pub(super) enum Change {
    /// To go on with the request, which has been changed.
    Request,
    /// To answer.
    Answer(Reply),
}

/// Reads what a viewer-request function returned when it was shown `event` for `head`.
pub(super) fn read(value: Value, event: &Value, head: &mut Head) -> Result<Change, String> {
    if value.get("statusCode").is_some() {
        return made(&value).map(Change::Answer);
    }
    if value["method"] != event["method"] {
        return Err("the method is read-only".to_owned());
    }
    let path = value["uri"].as_str().ok_or("its `uri` is no text")?.to_owned();
    // What is the same as before keeps its spelling.
    let query = if value["querystring"] == event["querystring"] {
        head.query.clone()
    } else {
        queries(&value["querystring"])?
    };
    check_url(&path, &query)?;
    if value["headers"] != event["headers"] || value["cookies"] != event["cookies"] {
        let mut new = headers(&value["headers"])?;
        if new.contains_key(header::COOKIE) {
            return Err("cookies belong into `cookies`, not into `headers`".to_owned());
        }
        let line = cookies(&value["cookies"])?;
        if !line.is_empty() {
            new.insert(header::COOKIE, text(&line)?);
        }
        header_rules::change(Moment::ViewerRequest, &mut head.headers, new)?;
    }
    (head.path, head.query) = (path, query);
    Ok(Change::Request)
}

/// Takes over what a viewer-response function returned when it was shown `event`; returns a new body.
pub(super) fn response(value: &Value, event: &Value, reply: &mut Reply) -> Result<Option<Bytes>, String> {
    let new_status = status(value)?;
    let body = body(value)?;
    if value["headers"] != event["headers"] || value["cookies"] != event["cookies"] {
        let mut new = headers(&value["headers"])?;
        set_cookies(&value["cookies"], &mut new)?;
        header_rules::change(Moment::ViewerResponse, &mut reply.headers, new)?;
    }
    if body.is_some() {
        reply.headers.remove(header::CONTENT_ENCODING);
    }
    reply.status = new_status;
    Ok(body)
}

fn made(value: &Value) -> Result<Reply, String> {
    let mut headers = headers(&value["headers"])?;
    set_cookies(&value["cookies"], &mut headers)?;
    header_rules::answered(&mut headers)?;
    let payload = Payload::Whole(body(value)?.unwrap_or_default());
    let cache = "FunctionGeneratedResponse from cloudfront";
    Ok(Reply { status: status(value)?, headers, payload, cache, shown: false })
}

fn status(value: &Value) -> Result<u16, String> {
    let status = &value["statusCode"];
    let fits = status.as_u64().filter(|status| (200..=599).contains(status));
    fits.and_then(|status| u16::try_from(status).ok())
        .ok_or_else(|| format!("its `statusCode` {status} is no number between 200 and 599"))
}

/// Text, or `{"encoding": …, "data": …}`.
fn body(value: &Value) -> Result<Option<Bytes>, String> {
    let body = match &value["body"] {
        Value::Null => return Ok(None),
        Value::String(text) => data(text, None)?,
        Value::Object(body) => {
            let text = body.get("data").and_then(Value::as_str).ok_or("its body has no `data`")?;
            data(text, body.get("encoding").and_then(Value::as_str))?
        }
        _ => return Err("its body is no text".to_owned()),
    };
    if body.len() > LARGEST {
        return Err(format!("its body is larger than {LARGEST} bytes"));
    }
    Ok(Some(body))
}

/// Every value of every name, in order, with the item that holds it.
fn values(all: &Value) -> Result<Vec<(&str, &str, &Value)>, String> {
    let Some(map) = all.as_object() else {
        return if all.is_null() { Ok(Vec::new()) } else { Err(format!("{all:.40} is no object")) };
    };
    let mut list = Vec::new();
    for (name, item) in map {
        let items = item["multiValue"].as_array().map_or(std::slice::from_ref(item), Vec::as_slice);
        for item in items {
            let value = item["value"].as_str().ok_or_else(|| format!("the value of `{name}` is no text"))?;
            list.push((name.as_str(), value, item));
        }
    }
    Ok(list)
}

fn queries(all: &Value) -> Result<String, String> {
    let pair = |(name, value, _): (&str, &str, _)| format!("{name}={value}");
    Ok(values(all)?.into_iter().map(pair).collect::<Vec<_>>().join("&"))
}

fn cookies(all: &Value) -> Result<String, String> {
    let pair = |(name, value, _): (&str, &str, _)| format!("{name}={value}");
    Ok(values(all)?.into_iter().map(pair).collect::<Vec<_>>().join("; "))
}

fn headers(all: &Value) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value, _) in values(all)? {
        let name: HeaderName = name.parse().map_err(|_| format!("`{name}` is no name of a header"))?;
        headers.append(name, text(value)?);
    }
    Ok(headers)
}

fn set_cookies(all: &Value, headers: &mut HeaderMap) -> Result<(), String> {
    for (name, value, item) in values(all)? {
        let attributes = item["attributes"].as_str().unwrap_or_default();
        let mark = if attributes.is_empty() { "" } else { "; " };
        headers.append(header::SET_COOKIE, text(&format!("{name}={value}{mark}{attributes}"))?);
    }
    Ok(())
}

fn text(value: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(value).map_err(|_| "a value holds what no header may".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edge::function_event;
    use http::Method;
    use serde_json::json;

    fn head() -> Head {
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("h"));
        headers.insert("cookie", HeaderValue::from_static("a=1;b=2"));
        Head { method: Method::GET, path: "/i".to_owned(), query: "q&x=%20".to_owned(), headers }
    }

    fn change(edit: impl Fn(&mut Value)) -> Result<(Head, Change), String> {
        let mut head = head();
        let event = function_event::request(&head);
        let mut value = event.clone();
        edit(&mut value);
        let change = read(value, &event, &mut head)?;
        Ok((head, change))
    }

    #[test]
    fn requests_change_where_the_function_changes_them() {
        let (same, _) = change(|_| {}).expect("a request");
        assert_eq!((same.query.as_str(), same.header("cookie")), ("q&x=%20", Some("a=1;b=2")));
        let (new, _) = change(|value| {
            value["uri"] = "/j".into();
            value["querystring"]["n"] = json!({"value": "1", "multiValue": [{"value": "1"}, {"value": "2"}]});
            value["headers"]["x-new"] = json!({"value": "y"});
            value["cookies"] = json!({"c": {"value": "3"}});
        })
        .expect("a request");
        assert_eq!((new.path.as_str(), new.query.as_str()), ("/j", "q=&x=%20&n=1&n=2"));
        assert_eq!((new.header("x-new"), new.header("cookie")), (Some("y"), Some("c=3")));
    }

    #[test]
    fn answers_are_made() {
        let answer = json!({
            "statusCode": 404, "headers": {"content-type": {"value": "text/html"}},
            "cookies": {"s": {"value": "1", "attributes": "Secure; Path=/"}},
            "body": {"encoding": "text", "data": "no"}
        });
        let (_, Change::Answer(reply)) = change(|value| *value = answer.clone()).expect("an answer") else {
            panic!("an answer")
        };
        assert_eq!(
            (reply.status, &reply.headers["set-cookie"]),
            (404, &HeaderValue::from_static("s=1; Secure; Path=/"))
        );
        let Payload::Whole(body) = reply.payload else { panic!("whole") };
        assert_eq!(body, "no");
    }

    #[test]
    fn nonsense_is_refused() {
        let table = [
            json!({}),
            json!([]),
            json!({"statusCode": "200"}),
            json!({"statusCode": 100}),
            json!({"statusCode": 200, "headers": {"a": "b"}}),
            json!({"statusCode": 200, "headers": {"a b": {"value": "c"}}}),
            json!({"statusCode": 200, "headers": {"a": {"value": "c\r\nx: y"}}}),
            json!({"statusCode": 200, "headers": {"x-cache": {"value": "Hit"}}}),
            json!({"statusCode": 200, "headers": 7}),
            json!({"statusCode": 200, "body": 7}),
            json!({"statusCode": 200, "body": {"data": 7}}),
            json!({"statusCode": 200, "body": {"encoding": "x", "data": "y"}}),
            json!({"statusCode": 200, "body": "x".repeat(50_000)}),
            json!({"method": "GET", "uri": "i"}),
            json!({"method": "POST", "uri": "/i"}),
            json!({"method": "GET", "uri": "/i", "headers": {"host": {"value": "other"}}}),
            json!({"method": "GET", "uri": "/i", "headers": {"host": {"value": "h"}, "cookie": {"value": "x"}}}),
        ];
        for value in table {
            let text = value.to_string();
            assert!(change(|v| *v = value.clone()).is_err(), "{}", &text[..text.len().min(80)]);
        }
    }
}
