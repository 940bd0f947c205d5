//! Custom error responses, and how long errors are kept.

use crate::names::number;
use serde_json::Value;

/// One entry of `CustomErrorResponses`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ErrorRule {
    /// The origin's status.
    pub(crate) code: u16,
    /// The page shown instead, from the same distribution, and the status it is given.
    pub(crate) page: Option<(String, u16)>,
    /// Seconds for which the error is kept at least.
    pub(crate) keep: u64,
}

/// Seconds for which an error is kept when nothing else is said.
/// See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/custom-error-pages-expiration.html>.
pub(crate) const KEEP: u64 = 10;

pub(super) fn read(items: &Value) -> Vec<ErrorRule> {
    let code = |value: &Value| number(value).and_then(|code| u16::try_from(code).ok());
    let rule = |item: &Value| {
        let page = item["ResponsePagePath"].as_str().filter(|path| path.starts_with('/'));
        Some(ErrorRule {
            code: code(&item["ErrorCode"])?,
            page: page.and_then(|path| Some((path.to_owned(), code(&item["ResponseCode"])?))),
            keep: number(&item["ErrorCachingMinTTL"]).unwrap_or(KEEP),
        })
    };
    items.as_array().into_iter().flatten().filter_map(rule).collect()
}

/// Whether an error is kept without being told to.
/// See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html>.
pub(crate) fn kept(status: u16) -> bool {
    matches!(status, 404 | 414 | 500..=504)
}

/// Whether an error is kept when the origin gives it a `max-age`.
pub(crate) fn kept_when_told(status: u16) -> bool {
    matches!(status, 400 | 403 | 405 | 412 | 415)
}
