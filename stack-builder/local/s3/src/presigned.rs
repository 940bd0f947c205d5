//! What S3 demands of signatures beyond their being right.

use crate::actions::query;
use crate::error::bad;
use http::header::AUTHORIZATION;
use http::{HeaderMap, Uri};
use s3s::{S3Error, S3Result, s3_error};

/// A week, in seconds.
const LONGEST: u64 = 604_800;

/// Refuses signatures of version 2, and URLs that would be valid for more than a week.
///
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html>
pub(crate) fn check_form(uri: &Uri, headers: &HeaderMap) -> S3Result<()> {
    let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if authorization.starts_with("AWS ") || query(uri, "Signature").is_some() {
        return Err(s3_error!(
            InvalidRequest,
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
        ));
    }
    if query(uri, "X-Amz-Signature").is_none() {
        return Ok(());
    }
    if !authorization.is_empty() {
        return Err(s3_error!(
            InvalidArgument,
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"
        ));
    }
    if query(uri, "X-Amz-Algorithm").as_deref() != Some("AWS4-HMAC-SHA256") {
        return Err(malformed(
            "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"",
        ));
    }
    match query(uri, "X-Amz-Expires").map(|seconds| seconds.parse::<i64>()) {
        Some(Ok(seconds)) if seconds < 0 => Err(malformed("X-Amz-Expires must be non-negative")),
        Some(Ok(seconds)) if seconds.unsigned_abs() > LONGEST => Err(malformed(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
        )),
        Some(Ok(_)) => Ok(()),
        Some(Err(_)) => Err(malformed("X-Amz-Expires should be a number")),
        None => Err(malformed(
            "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
        )),
    }
}

fn malformed(message: &'static str) -> S3Error {
    bad("AuthorizationQueryParametersError", message)
}

/// Refuses headers of S3 that the signature does not cover: whoever has a URL could add them.
pub(crate) fn check_signed_headers(uri: &Uri, headers: &HeaderMap) -> S3Result<()> {
    let authorization = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let signed = query(uri, "X-Amz-SignedHeaders").or_else(|| {
        let (_, rest) = authorization?.split_once("SignedHeaders=")?;
        Some(rest.split(',').next().unwrap_or_default().trim().to_owned())
    });
    let signed = signed.unwrap_or_default();
    let covered = |name: &str| signed.split(';').any(|other| other.eq_ignore_ascii_case(name));
    // The body is compared with this one, whoever has set it.
    let exempt = |name: &str| name == "x-amz-content-sha256";
    let mut names = headers.keys().map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
    match names.find(|name| !exempt(name) && !covered(name)) {
        None => Ok(()),
        Some(_) => {
            Err(s3_error!(AccessDenied, "There were headers present in the request which were not signed"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(uri: &str) -> Option<String> {
        let result = check_form(&uri.parse().unwrap(), &HeaderMap::new());
        result.err().map(|error| error.code().as_str().to_owned())
    }

    #[test]
    fn urls_are_valid_for_a_week_at_most() {
        assert_eq!(
            form("/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0&X-Amz-Expires=604800"),
            None
        );
        for wrong in ["604801", "-1", "x", "99999999999999999999"] {
            let code = form(&format!(
                "/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0&X-Amz-Expires={wrong}"
            ));
            assert_eq!(code.as_deref(), Some("AuthorizationQueryParametersError"), "{wrong}");
        }
        assert_eq!(form("/b/k?AWSAccessKeyId=a&Signature=b&Expires=1").as_deref(), Some("InvalidRequest"));
        assert_eq!(form("/b/k?versionId=1"), None);
    }

    #[test]
    fn headers_that_are_not_signed_are_refused() {
        let headers = HeaderMap::from_iter([("x-amz-acl".parse().unwrap(), "public-read".parse().unwrap())]);
        let check = |signed: &str| {
            check_signed_headers(&format!("/b?X-Amz-SignedHeaders={signed}").parse().unwrap(), &headers)
        };
        assert!(check("host").is_err());
        assert!(check("host%3Bx-amz-acl").is_ok());
    }
}
