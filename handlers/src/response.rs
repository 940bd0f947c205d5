//! What a handler answers.

use serde_json::{Value, json};

/// An HTTP answer with a JSON body.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
    /// Something odd that did not stop the request; for the log only.
    pub remark: Option<String>,
}

impl Response {
    /// A 200 with this body.
    pub fn ok(body: Value) -> Self {
        Self { status: 200, body, remark: None }
    }

    /// The shape that both payload formats of API Gateway expect from a Lambda function.
    ///
    /// No CORS headers: the HTTP API answers CORS itself and would drop ours. `no-store`, because every answer is
    /// about one user and many hold a signed URL.
    pub fn into_event(self) -> Value {
        json!({
            "statusCode": self.status,
            "headers": {"content-type": "application/json", "cache-control": "no-store"},
            "body": self.body.to_string(),
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
}
