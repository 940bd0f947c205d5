//! Signed calls of AWS's own API, such as `PutItem`.

use crate::{Answer, Caller, Response, Trace, full};
use bytes::Bytes;
use serde_json::json;

/// A call whose signature has been checked.
#[derive(Clone, Debug)]
pub struct ApiCall {
    /// Who calls; [`Caller::Anonymous`] for the few actions that need no signature.
    pub caller: Caller,
    /// The region of the signature, or the application's.
    pub region: String,
    /// Method, URI and headers.
    pub parts: std::sync::Arc<http::request::Parts>,
    /// The whole body.
    pub body: Bytes,
    /// The request it belongs to.
    pub trace: Trace,
}

impl ApiCall {
    /// The action of a JSON protocol: what follows the last `.` of `X-Amz-Target`; empty when there is none.
    pub fn action(&self) -> &str {
        let target = self.parts.headers.get("x-amz-target").and_then(|value| value.to_str().ok());
        target.and_then(|target| target.rsplit('.').next()).unwrap_or_default()
    }
}

/// A service's API.
pub trait Api: Send + Sync {
    /// Answers a call.
    fn call(&self, call: ApiCall) -> Answer<'_>;
}

/// An error of a JSON protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status, 400 for nearly all.
    pub status: u16,
    /// The shape's name: `ResourceNotFoundException`.
    pub code: String,
    /// For people.
    pub message: String,
}

impl ApiError {
    /// An error with status 400.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status: 400, code: code.into(), message: message.into() }
    }

    /// The answer of the protocols `AWS JSON 1.0` and `1.1`: `{"__type": …, "message": …}`.
    pub fn json(&self) -> Response {
        let body = json!({ "__type": self.code, "message": self.message });
        let mut response = full(self.status, "application/x-amz-json-1.1", body.to_string());
        if let Ok(code) = self.code.parse() {
            response.headers_mut().insert("x-amzn-errortype", code);
        }
        response
    }
}
