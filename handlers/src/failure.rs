//! Why a request was not served: what the caller may read, and what only the log may.

use crate::Response;
use aws_sdk_s3::error::ProvideErrorMetadata;
use serde_json::{Map, Value, json};
use std::{error::Error, iter::successors};

/// One field of the request that cannot be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field's name, one of ours.
    pub field: &'static str,
    /// What is wrong, to be read after the name: `is missing`, `must be …`. Never the value itself.
    pub problem: String,
}

/// A request that was not served.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// 401: the event carries no claim that names the caller.
    NoCaller,
    /// 401: what the caller offers as proof of who they are is not accepted; the text is for them to read.
    Unauthorized(&'static str),
    /// 403: not from where the request comes; the text is for the caller to read.
    Forbidden(&'static str),
    /// 404: what the path names is not there, or not the caller's; the text is for them to read.
    NotFound(&'static str),
    /// 429: too often; seconds after which trying again makes sense.
    TooManyRequests(u64),
    /// 415: the `content-type` header names something other than JSON.
    NotJsonType,
    /// 413: the body is longer than a handler reads.
    BodyTooLarge,
    /// 400: the body is not a JSON object.
    NotJson,
    /// 400: fields of the body or the query string are missing or wrong; all of them, not the first.
    Fields(Vec<Problem>),
    /// 409: the request contradicts what is stored.
    Conflict(&'static str),
    /// 500: ours. The cause goes to the log, and only there.
    Internal(String),
}

impl Failure {
    /// A 500 whose cause is an AWS call.
    pub fn aws<E: Error + ProvideErrorMetadata + 'static>(action: &str, error: &E) -> Self {
        let outermost: &(dyn Error + 'static) = error;
        let chain = successors(Some(outermost), |error| (*error).source()).map(ToString::to_string);
        let service = [error.code(), error.message()].into_iter().flatten().map(str::to_owned);
        Self::Internal(format!("{action}: {}", chain.chain(service).collect::<Vec<_>>().join(": ")))
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotJson | Self::Fields(_) => 400,
            Self::NoCaller | Self::Unauthorized(_) => 401,
            Self::Forbidden(_) => 403,
            Self::NotFound(_) => 404,
            Self::Conflict(_) => 409,
            Self::BodyTooLarge => 413,
            Self::NotJsonType => 415,
            Self::TooManyRequests(_) => 429,
            Self::Internal(_) => 500,
        }
    }

    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCaller | Self::Unauthorized(_) => "unauthorized",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound(_) => "not_found",
            Self::TooManyRequests(_) => "too_many_requests",
            Self::NotJsonType => "unsupported_media_type",
            Self::BodyTooLarge => "body_too_large",
            Self::NotJson => "invalid_json",
            Self::Fields(problems) if problems.iter().any(|p| p.problem == MISSING) => "missing_fields",
            Self::Fields(_) => "invalid_fields",
            Self::Conflict(_) => "conflict",
            Self::Internal(_) => "internal",
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NoCaller => "the request carries no verified user".into(),
            Self::NotJsonType => "the `content-type` must be `application/json`".into(),
            Self::BodyTooLarge => "the body is longer than this route takes".into(),
            Self::NotJson => "the body must be a JSON object".into(),
            Self::Fields(problems) => sentence(problems),
            Self::Unauthorized(message)
            | Self::Forbidden(message)
            | Self::NotFound(message)
            | Self::Conflict(message) => (*message).into(),
            Self::TooManyRequests(seconds) => format!("too many attempts; try again in {seconds} s"),
            Self::Internal(_) => {
                "something went wrong on our side; quote the request id when you report it".into()
            }
        }
    }

    /// The answer: `{error: {code, message, fields?, requestId?}}`, and `retry-after` where it makes sense.
    pub fn response(&self, request_id: &str) -> Response {
        let mut error = json!({"code": self.code(), "message": self.message()});
        match self {
            Self::Fields(problems) => error["fields"] = fields(problems),
            Self::Internal(_) => error["requestId"] = request_id.into(),
            _ => {}
        }
        let response = Response::new(self.status(), Some(json!({ "error": error })));
        match self {
            Self::TooManyRequests(seconds) => response.header("retry-after", seconds.to_string()),
            _ => response,
        }
    }
}

/// The problem of a field that is not there.
pub(crate) const MISSING: &str = "is missing";

fn sentence(problems: &[Problem]) -> String {
    let parts: Vec<_> = problems.iter().map(|p| format!("`{}` {}", p.field, p.problem)).collect();
    parts.join("; ")
}

fn fields(problems: &[Problem]) -> Value {
    let entries = problems.iter().map(|p| (p.field.to_owned(), Value::from(p.problem.as_str())));
    Value::Object(entries.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(field: &'static str, problem: &str) -> Problem {
        Problem { field, problem: problem.into() }
    }

    #[test]
    fn fields_are_all_named() {
        let failure = Failure::Fields(vec![problem("key", MISSING), problem("size", "must be a number")]);
        let response = failure.response("r-1");
        assert_eq!(response.status, 400);
        assert_eq!(
            response.body.unwrap(),
            json!({"error": {
                "code": "missing_fields",
                "message": "`key` is missing; `size` must be a number",
                "fields": {"key": "is missing", "size": "must be a number"},
            }})
        );
    }

    #[test]
    fn a_cause_stays_in_the_log() {
        let response =
            Failure::Internal("arn:aws:dynamodb:eu-west-1:123456789012:table/T".into()).response("r-1");
        assert_eq!(response.status, 500);
        let body = response.body.unwrap();
        assert_eq!(body["error"]["requestId"], "r-1");
        assert!(!body.to_string().contains("arn:"), "{body}");
    }

    #[test]
    fn only_a_500_tells_the_request_id() {
        for failure in
            [Failure::NoCaller, Failure::NotJson, Failure::Conflict("taken"), Failure::NotFound("x")]
        {
            assert_eq!(failure.response("r-1").body.unwrap()["error"].get("requestId"), None);
        }
    }

    #[test]
    fn too_many_requests_says_when_to_come_back() {
        let response = Failure::TooManyRequests(30).response("r-1");
        assert_eq!((response.status, response.headers["retry-after"].as_str()), (429, "30"));
        assert_eq!(response.body.unwrap()["error"]["code"], "too_many_requests");
    }
}
