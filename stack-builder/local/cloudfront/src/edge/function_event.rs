//! The events of CloudFront Functions.
//!
//! See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html>.

use super::Moment;
use super::header_rules::exposed;
use crate::exchange::Exchange;
use crate::message::{Head, Reply};
use http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value, json};

pub(super) fn event(exchange: &Exchange, moment: Moment, request: &Value, response: Option<&Value>) -> Value {
    let mut event = json!({
        "version": "1.0",
        "context": {
            "distributionDomainName": exchange.distribution.domain,
            "distributionId": exchange.distribution.id,
            "eventType": moment.name(),
            "requestId": exchange.id,
        },
        "viewer": { "ip": exchange.ip.to_string() },
        "request": request,
    });
    if let Some(response) = response {
        event["response"] = response.clone();
    }
    event
}

pub(super) fn request(head: &Head) -> Value {
    json!({
        "method": head.method.as_str(),
        "uri": head.path,
        "querystring": queries(&head.query),
        "headers": headers(&head.headers, header::COOKIE.as_str()),
        "cookies": cookies(&head.headers),
    })
}

pub(super) fn response(reply: &Reply) -> Value {
    let status = StatusCode::from_u16(reply.status).ok();
    json!({
        "statusCode": reply.status,
        "statusDescription": status.and_then(|status| status.canonical_reason()).unwrap_or_default(),
        "headers": headers(&reply.headers, header::SET_COOKIE.as_str()),
        "cookies": set_cookies(&reply.headers),
    })
}

/// The first value, and all of them when there are several.
fn add(all: &mut Map<String, Value>, name: &str, item: Value) {
    let Some(known) = all.get_mut(name) else {
        all.insert(name.to_owned(), item);
        return;
    };
    if known["multiValue"].is_null() {
        known["multiValue"] = json!([known.clone()]);
    }
    if let Some(values) = known["multiValue"].as_array_mut() {
        values.push(item);
    }
}

fn queries(query: &str) -> Value {
    let mut all = Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        add(&mut all, name, json!({ "value": value }));
    }
    Value::Object(all)
}

fn headers(headers: &HeaderMap, apart: &str) -> Value {
    let mut all = Map::new();
    for name in exposed(headers).filter(|name| name.as_str() != apart) {
        for value in headers.get_all(name) {
            add(&mut all, name.as_str(), json!({ "value": String::from_utf8_lossy(value.as_bytes()) }));
        }
    }
    Value::Object(all)
}

fn cookies(headers: &HeaderMap) -> Value {
    let mut all = Map::new();
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    for pair in lines.flat_map(|line| line.split(';')).map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        add(&mut all, name, json!({ "value": value }));
    }
    Value::Object(all)
}

fn set_cookies(headers: &HeaderMap) -> Value {
    let mut all = Map::new();
    for line in headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        add(&mut all, name.trim(), json!({ "value": value.trim(), "attributes": attributes.trim() }));
    }
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderValue, Method};

    #[test]
    fn a_request_has_the_documented_shape() {
        let mut headers = HeaderMap::new();
        for (name, value) in [("host", "h"), ("cookie", "a=1; b=2"), ("cookie", "a=3"), ("connection", "x")] {
            headers.append(name, HeaderValue::from_static(value));
        }
        let head =
            Head { method: Method::GET, path: "/i".to_owned(), query: "q=1&q=2&e&=".to_owned(), headers };
        let expect = json!({
            "method": "GET", "uri": "/i",
            "querystring": {
                "q": {"value": "1", "multiValue": [{"value": "1"}, {"value": "2"}]},
                "e": {"value": ""}, "": {"value": ""}
            },
            "headers": {"host": {"value": "h"}},
            "cookies": {
                "a": {"value": "1", "multiValue": [{"value": "1"}, {"value": "3"}]}, "b": {"value": "2"}
            },
        });
        assert_eq!(request(&head), expect);
    }
}
