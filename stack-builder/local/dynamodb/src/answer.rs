//! Answers and errors with the headers that clients check.

use dynoxide::DynoxideError;
use http::HeaderValue;
use serde_json::json;
use stack_builder_local_core::{Response, full};
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

const JSON: &str = "application/x-amz-json-1.0";

/// Why a call is not answered as asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The engine says so.
    Engine(DynoxideError),
    /// Refused before the engine sees it.
    Refused {
        /// HTTP status.
        status: u16,
        /// The shape's name, without its name space.
        code: &'static str,
        /// For people; empty for those errors that have none.
        message: String,
    },
}

impl From<DynoxideError> for Failure {
    fn from(error: DynoxideError) -> Self {
        Self::Engine(error)
    }
}

impl Failure {
    pub(crate) fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::Refused { status: 400, code, message: message.into() }
    }

    /// The name that SDKs show, for traces.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Engine(error) => error.error_type().rsplit('#').next().unwrap_or_default(),
            Self::Refused { code, .. } => code,
        }
    }

    /// The answer.
    pub(crate) fn answer(&self) -> Response {
        match self {
            Self::Engine(error) => answer(error.status_code(), error.to_json()),
            Self::Refused { status, code, message } => {
                let kind = format!("com.amazon.coral.service#{code}");
                let body = if message.is_empty() {
                    json!({ "__type": kind })
                } else {
                    json!({ "__type": kind, "Message": message })
                };
                answer(*status, body.to_string())
            }
        }
    }
}

/// An answer with this body; SDKs refuse one whose checksum differs.
pub(crate) fn answer(status: u16, body: String) -> Response {
    let checksum = crc32fast::hash(body.as_bytes());
    let mut response = full(status, JSON, body);
    let headers = response.headers_mut();
    headers.insert("x-amz-crc32", HeaderValue::from(checksum));
    if let Ok(id) = HeaderValue::from_str(&request_id()) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

/// 52 digits and capital letters, as the service has it.
fn request_id() -> String {
    static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut id = String::with_capacity(52);
    for part in 0..4_u8 {
        let mut bits = SEED.hash_one((count, part));
        for _ in 0..13 {
            id.push(char::from(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(bits % 36) as usize]));
            bits /= 36;
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_has_its_checksum_and_an_id_of_its_own() {
        let (one, other) = (answer(200, "{}".to_owned()), answer(200, "{}".to_owned()));
        assert_eq!(one.headers()["x-amz-crc32"], "2745614147");
        assert_eq!(one.headers()["content-type"], JSON);
        assert_eq!(one.headers()["x-amzn-requestid"].len(), 52);
        assert_ne!(one.headers()["x-amzn-requestid"], other.headers()["x-amzn-requestid"]);
    }
}
