//! A visitor's request at the edge.

use super::{EdgeError, Headers};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value};

/// The request of an event. Members that are not named here (the origin, for one) go back as they came.
#[derive(Clone, Debug, PartialEq)]
pub struct EdgeRequest {
    method: String,
    uri: String,
    query: String,
    client_ip: String,
    headers: Headers,
    body: Option<EdgeBody>,
    whole: Map<String, Value>,
}

/// What the function was shown of a request's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeBody {
    /// The bytes, decoded.
    pub data: Vec<u8>,
    /// Whether CloudFront cut it.
    pub truncated: bool,
}

impl EdgeRequest {
    pub(super) fn read(value: Option<&Value>) -> Result<Self, EdgeError> {
        let whole = value.and_then(Value::as_object).ok_or(EdgeError::Malformed("request"))?;
        let uri = text(whole, "uri").filter(|uri| uri.starts_with('/'));
        Ok(Self {
            method: text(whole, "method")
                .filter(|name| is_method(name))
                .ok_or(EdgeError::Malformed("method"))?,
            uri: uri.ok_or(EdgeError::Malformed("uri"))?,
            query: text(whole, "querystring").ok_or(EdgeError::Malformed("querystring"))?,
            client_ip: text(whole, "clientIp").ok_or(EdgeError::Malformed("clientIp"))?,
            headers: Headers::read(whole.get("headers"))?,
            body: whole.get("body").map(body).transpose()?,
            whole: whole.clone(),
        })
    }

    /// The HTTP method, in the case it was sent in, which HTTP minds.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path, beginning with `/`, neither decoded nor normalized.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The query string without its question mark; empty without one.
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The visitor's address.
    pub fn client_ip(&self) -> &str {
        &self.client_ip
    }

    /// The headers.
    pub fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The headers, to change them.
    pub fn headers_mut(&mut self) -> &mut Headers {
        &mut self.headers
    }

    /// The body, if the trigger includes it.
    pub fn body(&self) -> Option<&EdgeBody> {
        self.body.as_ref()
    }

    /// The same request for another path; the visitor sees nothing of the change.
    pub fn with_uri(mut self, uri: &str) -> Self {
        uri.clone_into(&mut self.uri);
        self
    }

    /// The object that CloudFront expects back.
    pub(super) fn into_json(self) -> Value {
        let mut whole = self.whole;
        whole.insert("uri".into(), self.uri.into());
        whole.insert("headers".into(), self.headers.to_json());
        Value::Object(whole)
    }
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(str::to_owned)
}

fn is_method(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
}

fn body(value: &Value) -> Result<EdgeBody, EdgeError> {
    const MALFORMED: EdgeError = EdgeError::Malformed("body");
    let whole = value.as_object().ok_or(MALFORMED)?;
    let data = text(whole, "data").ok_or(MALFORMED)?;
    let data = match whole.get("encoding").and_then(Value::as_str) {
        Some("base64") => BASE64_STANDARD.decode(data).map_err(|_| MALFORMED)?,
        Some("text") => data.into_bytes(),
        _ => return Err(MALFORMED),
    };
    let truncated = whole.get("inputTruncated").and_then(Value::as_bool).ok_or(MALFORMED)?;
    Ok(EdgeBody { data, truncated })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event() -> Value {
        json!({
            "clientIp": "2001:db8::7", "method": "POST", "uri": "/a%2Fb", "querystring": "x=1&x=2",
            "headers": {"host": [{"key": "Host", "value": "log.example.org"}]},
            "body": {"inputTruncated": true, "action": "read-only", "encoding": "base64", "data": "aGk="},
            "origin": {"s3": {"domainName": "b.s3.amazonaws.com"}},
        })
    }

    #[test]
    fn every_part_is_read() {
        let request = EdgeRequest::read(Some(&event())).unwrap();
        assert_eq!((request.method(), request.uri(), request.query()), ("POST", "/a%2Fb", "x=1&x=2"));
        assert_eq!(
            (request.client_ip(), request.headers().only("host")),
            ("2001:db8::7", Some("log.example.org"))
        );
        assert_eq!(request.body(), Some(&EdgeBody { data: b"hi".into(), truncated: true }));
    }

    #[test]
    fn what_is_not_changed_goes_back_as_it_came() {
        let mut expect = event();
        assert_eq!(EdgeRequest::read(Some(&expect)).unwrap().into_json(), expect);
        expect["uri"] = json!("/c");
        assert_eq!(EdgeRequest::read(Some(&event())).unwrap().with_uri("/c").into_json(), expect);
    }

    #[test]
    fn another_shape_is_malformed() {
        for (member, value) in [
            ("method", json!("")),
            ("method", json!("GET /")),
            ("method", json!(null)),
            ("uri", json!("")),
            ("uri", json!("home")),
            ("uri", json!(["/"])),
            ("querystring", json!(1)),
            ("clientIp", json!({})),
            ("headers", json!("host")),
            ("body", json!(null)),
            ("body", json!({"inputTruncated": false, "encoding": "base64", "data": "*"})),
            ("body", json!({"inputTruncated": false, "encoding": "gzip", "data": ""})),
            ("body", json!({"inputTruncated": 0, "encoding": "text", "data": ""})),
        ] {
            let mut event = event();
            event[member] = value.clone();
            assert!(EdgeRequest::read(Some(&event)).is_err(), "{member}: {value}");
        }
    }
}
