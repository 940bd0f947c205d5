//! What a handler answers.

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An HTTP answer, with a JSON body or none.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers beside the usual ones, by their lower-case names; one value each.
    pub headers: BTreeMap<&'static str, String>,
    /// The body; none for a 204.
    pub body: Option<Value>,
    /// Something odd that did not stop the request; for the log only.
    pub remark: Option<String>,
}

impl Response {
    /// A 200 with this body.
    pub fn ok(body: Value) -> Self {
        Self::new(200, Some(body))
    }

    /// A 201 with what was made.
    pub fn created(body: Value) -> Self {
        Self::new(201, Some(body))
    }

    /// A 204: done, and nothing to say.
    pub fn no_content() -> Self {
        Self::new(204, None)
    }

    /// An answer without further headers.
    pub(crate) fn new(status: u16, body: Option<Value>) -> Self {
        Self { status, headers: BTreeMap::new(), body, remark: None }
    }

    /// Sets a header by its lower-case name, in place of an earlier value.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.insert(name, value.into());
        self
    }

    /// Sets one cookie, given as the whole value of `Set-Cookie`; an answer has at most one.
    ///
    /// The list `cookies` is known to payload format 2.0 only and `multiValueHeaders` to 1.0 only; a single header
    /// is the form that both understand.
    pub fn cookie(self, set_cookie: impl Into<String>) -> Self {
        self.header("set-cookie", set_cookie)
    }

    /// The shape that both payload formats of API Gateway expect from a Lambda function.
    ///
    /// Exactly these four members: a REST API refuses an answer that has others. `no-store`, because every answer is
    /// about one user and many hold a signed URL.
    pub fn into_event(self) -> Value {
        let mut headers = BTreeMap::from([("cache-control", "no-store".to_owned())]);
        if self.body.is_some() {
            headers.insert("content-type", "application/json".to_owned());
        }
        headers.extend(self.headers);
        json!({
            "statusCode": self.status,
            "headers": headers,
            "body": self.body.map(|body| body.to_string()).unwrap_or_default(),
            "isBase64Encoded": false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_text_and_the_headers_are_two() {
        assert_eq!(
            Response::ok(json!({"a": 1})).into_event(),
            json!({
                "statusCode": 200,
                "headers": {"content-type": "application/json", "cache-control": "no-store"},
                "body": "{\"a\":1}",
                "isBase64Encoded": false,
            })
        );
    }

    #[test]
    fn no_content_has_neither_body_nor_type() {
        let answer = json!({
            "statusCode": 204, "headers": {"cache-control": "no-store"}, "body": "", "isBase64Encoded": false,
        });
        assert_eq!(Response::no_content().into_event(), answer);
    }

    #[test]
    fn further_headers_join_the_usual_ones() {
        let answer =
            Response::created(json!({})).header("retry-after", "3").cookie("a=1; HttpOnly").into_event();
        let headers = json!({
            "cache-control": "no-store", "content-type": "application/json", "retry-after": "3",
            "set-cookie": "a=1; HttpOnly",
        });
        assert_eq!((&answer["statusCode"], &answer["headers"]), (&json!(201), &headers));
    }
}
