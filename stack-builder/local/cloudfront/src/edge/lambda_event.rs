//! The events of Lambda@Edge.
//!
//! See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html>.

use super::Moment;
use super::header_rules::exposed;
use crate::definition::OriginDef;
use crate::exchange::Exchange;
use crate::message::{Head, Reply};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value, json};

/// The body that a function sees.
pub(super) struct Shown {
    pub(super) data: Vec<u8>,
    pub(super) truncated: bool,
}

/// The whole event.
pub(super) fn event(exchange: &Exchange, moment: Moment, request: Value, response: Option<Value>) -> Value {
    let mut cf = Map::new();
    cf.insert(
        "config".to_owned(),
        json!({
            "distributionDomainName": exchange.distribution.domain,
            "distributionId": exchange.distribution.id,
            "eventType": moment.name(),
            "requestId": exchange.id,
        }),
    );
    cf.insert("request".to_owned(), request);
    if let Some(response) = response {
        cf.insert("response".to_owned(), response);
    }
    json!({ "Records": [{ "cf": cf }] })
}

pub(super) fn request(
    exchange: &Exchange,
    head: &Head,
    body: Option<&Shown>,
    origin: Option<&OriginDef>,
) -> Value {
    let mut request = json!({
        "clientIp": exchange.ip.to_string(),
        "headers": headers(&head.headers),
        "method": head.method.as_str(),
        "querystring": head.query,
        "uri": head.path,
    });
    if let Some(body) = body {
        request["body"] = json!({
            "inputTruncated": body.truncated,
            "action": "read-only",
            "encoding": "base64",
            "data": STANDARD.encode(&body.data),
        });
    }
    if let Some(origin) = origin {
        request["origin"] = self::origin(origin);
    }
    request
}

pub(super) fn response(reply: &Reply) -> Value {
    let status = StatusCode::from_u16(reply.status).ok();
    json!({
        "headers": headers(&reply.headers),
        "status": reply.status.to_string(),
        "statusDescription": status.and_then(|status| status.canonical_reason()).unwrap_or_default(),
    })
}

fn origin(origin: &OriginDef) -> Value {
    let mut event = origin.event.clone();
    let custom: HeaderMap = origin.headers.iter().cloned().collect();
    event["customHeaders"] = headers(&custom);
    event["domainName"] = origin.domain.clone().into();
    event["path"] = origin.path.clone().into();
    let kind = if origin.bucket { "s3" } else { "custom" };
    json!({ kind: event })
}

/// Names in lower case, each with its values and its name as people write it.
pub(super) fn headers(headers: &HeaderMap) -> Value {
    let mut all = Map::new();
    for name in exposed(headers) {
        let key = written(name.as_str());
        let values = headers.get_all(name).iter();
        let values =
            values.map(|value| json!({ "key": key, "value": String::from_utf8_lossy(value.as_bytes()) }));
        all.insert(name.as_str().to_owned(), Value::Array(values.collect()));
    }
    Value::Object(all)
}

/// `x-forwarded-for` as `X-Forwarded-For`.
fn written(name: &str) -> String {
    let capital = |word: &str| {
        let mut word = word.to_owned();
        if let Some(first) = word.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        word
    };
    name.split('-').map(capital).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn headers_keep_their_values_and_get_their_capitals() {
        let mut map = HeaderMap::new();
        map.append("x-a-b", HeaderValue::from_static("1"));
        map.append("x-a-b", HeaderValue::from_static("2"));
        map.append("connection", HeaderValue::from_static("close"));
        let expect = json!({"x-a-b": [{"key": "X-A-B", "value": "1"}, {"key": "X-A-B", "value": "2"}]});
        assert_eq!(headers(&map), expect);
    }
}
