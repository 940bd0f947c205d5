//! From an SDK error to one that says what happened and what to do.

use crate::{Environment, Error};
use aws_sdk_cloudformation::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_cloudformation::operation::RequestId;
use std::error::Error as StdError;

const EXPIRED: [&str; 5] =
    ["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired", "TokenRefreshFailed"];
const DENIED: [&str; 5] =
    ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "Forbidden"];
const UNKNOWN_IDENTITY: [&str; 6] = [
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "MissingAuthenticationToken",
    "AuthFailure",
];
const THROTTLED: [&str; 8] = [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "BandwidthLimitExceeded",
];

impl Environment {
    /// Classifies what a call of `action`, named as IAM names it, came back with.
    pub(crate) fn failed<E>(&self, action: &'static str) -> impl FnOnce(SdkError<E>) -> Error + '_
    where
        E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
    {
        move |error| match &error {
            SdkError::ResponseError(_) if error.code().is_none() => self.not_aws(action, &innermost(&error)),
            SdkError::ServiceError(_) | SdkError::ResponseError(_) => answered(action, &error),
            _ => Error::Unreachable { endpoint: self.endpoint_of(action), action, detail: innermost(&error) },
        }
    }
}

impl Environment {
    /// An answer that no AWS service gives: of a portal, a proxy, or another server.
    pub(crate) fn not_aws(&self, action: &'static str, detail: &str) -> Error {
        Error::NotAws { endpoint: self.endpoint_of(action), action, detail: detail.to_owned() }
    }
}

fn answered<E>(action: &'static str, error: &SdkError<E>) -> Error
where
    E: ProvideErrorMetadata + StdError + Send + Sync + 'static,
{
    let status = error.raw_response().map_or(0, |response| response.status().as_u16());
    let request_id = error.request_id().unwrap_or("unknown").to_owned();
    let code = error.code().map_or_else(|| format!("status {status}"), str::to_owned);
    let message = error.message().map_or_else(|| innermost(error), str::to_owned);
    classify(action, status, code, message, request_id)
}

fn classify(action: &'static str, status: u16, code: String, message: String, request_id: String) -> Error {
    let is = |codes: &[&str]| codes.contains(&code.as_str());
    if is(&EXPIRED) {
        Error::ExpiredCredentials { action }
    } else if is(&UNKNOWN_IDENTITY) {
        Error::RejectedCredentials { action, message }
    } else if is(&THROTTLED) {
        Error::Throttled { action }
    } else if is(&DENIED) || status == 403 {
        Error::AccessDenied { action, message }
    } else {
        Error::Service { action, code, message, request_id }
    }
}

/// The last link of the chain of causes, which alone says something useful ("Connection refused").
pub(crate) fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    let text = last.to_string();
    if text.is_empty() { DisplayErrorContext(error).to_string() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, status: u16, expected: &str) {
        let error =
            classify("s3:PutObject", status, code.to_owned(), "the message".to_owned(), "id-1".to_owned());
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn an_expired_token_is_told_from_a_denied_one() {
        check("ExpiredToken", 400, "the AWS credentials have expired (`s3:PutObject`)");
        check("ExpiredTokenException", 403, "the AWS credentials have expired (`s3:PutObject`)");
        check("AccessDenied", 403, "not allowed to call `s3:PutObject`: the message");
    }

    #[test]
    fn a_bare_403_is_a_denial() {
        check("status 403", 403, "not allowed to call `s3:PutObject`: the message");
    }

    #[test]
    fn unknown_keys_are_told_from_missing_rights() {
        check(
            "InvalidClientTokenId",
            403,
            "AWS does not accept these credentials (`s3:PutObject`): the message",
        );
    }

    #[test]
    fn throttling_goes_by_many_codes() {
        check("Throttling", 400, "`s3:PutObject` was throttled again and again");
        check("SlowDown", 503, "`s3:PutObject` was throttled again and again");
    }

    #[test]
    fn anything_else_keeps_code_message_and_request_id() {
        check(
            "InternalFailure",
            500,
            "`s3:PutObject` failed with InternalFailure: the message (request id id-1)",
        );
    }
}
