//! Errors of S3 that `s3s` has no name for.

use http::StatusCode;
use s3s::{S3Error, S3ErrorCode};

/// An error by its code.
pub(crate) fn custom(status: StatusCode, code: &'static str, message: &'static str) -> S3Error {
    let mut error = S3Error::with_message(S3ErrorCode::Custom(code.into()), message);
    error.set_status_code(status);
    error
}

/// One with status 400, as most have.
pub(crate) fn bad(code: &'static str, message: &'static str) -> S3Error {
    custom(StatusCode::BAD_REQUEST, code, message)
}
