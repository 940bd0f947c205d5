//! What the Runtime API answers to a handler.
//!
//! The texts are those of Lambda's own server, as its emulator has it:
//! <https://github.com/aws/aws-lambda-runtime-interface-emulator>.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::json;

/// An answer.
pub(crate) type Reply = Response<Full<Bytes>>;

/// The largest answer of a handler: 6 MB and a little.
pub(crate) const LARGEST: usize = 6 * 1024 * 1024 + 100;

/// Where a runtime is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It has not asked for an event yet.
    #[default]
    Started,
    /// It has said that it cannot start.
    InitError,
    /// It waits for an event.
    Ready,
    /// It has an event.
    Running,
    /// It has answered, and not asked again.
    ResponseSent,
    /// Its process has ended, or is about to.
    Exited,
}

/// Why a call of the Runtime API is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Not at this time: the stage, and the one that it wants.
    Transition(Stage, &'static str),
    /// It answers a request that it does not have.
    RequestId,
    /// Its answer is too large.
    TooLarge,
    /// What it sent ended early.
    Truncated,
    /// No such path.
    NotFound,
    /// It does not come from a handler.
    Foreign,
}

impl Refusal {
    pub(crate) fn reply(self) -> Reply {
        let (status, kind, message) = match self {
            Self::Transition(from, to) => (
                403,
                "InvalidStateTransition",
                format!(
                    "State transition from {from:?} to {to} failed for runtime. Error: State transition is not allowed"
                ),
            ),
            Self::RequestId => (400, "InvalidRequestID", "Invalid request ID".to_owned()),
            Self::TooLarge => (
                413,
                "RequestEntityTooLarge",
                format!("Exceeded maximum allowed payload size ({LARGEST} bytes)."),
            ),
            Self::Truncated => (400, "TruncatedRequestEntity", "Truncated request entity".to_owned()),
            Self::NotFound => (404, "NotFound", "404 page not found".to_owned()),
            Self::Foreign => (403, "Forbidden", "only the function's own process may ask here".to_owned()),
        };
        reply(status, json!({ "errorMessage": message, "errorType": kind }).to_string())
    }
}

/// `202`: taken.
pub(crate) fn accepted() -> Reply {
    reply(202, "{\"status\":\"OK\"}\n".to_owned())
}

fn reply(status: u16, body: String) -> Reply {
    let mut reply = json_reply(body.into());
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    reply
}

/// A document with status 200.
pub(crate) fn json_reply(body: Bytes) -> Reply {
    let mut reply = Response::new(Full::new(body));
    reply.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    reply
}
