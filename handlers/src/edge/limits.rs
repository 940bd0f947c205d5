//! What CloudFront takes from an edge function, checked before it would refuse with a 502 of its own.
//!
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-restrictions.html>

use super::{EdgeError, Headers, Trigger};
use serde_json::Value;

/// Bytes of a response that a function makes at a viewer trigger.
const VIEWER_LIMIT: usize = 40 * 1024;
/// Bytes of a response that a function makes at an origin trigger.
const ORIGIN_LIMIT: usize = 1024 * 1024;

/// Headers that functions neither see nor may add.
const FORBIDDEN: [&str; 29] = [
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "trailer",
    "upgrade",
    "x-accel-buffering",
    "x-accel-charset",
    "x-accel-limit-rate",
    "x-accel-redirect",
    "x-amzn-auth",
    "x-amzn-cf-billing",
    "x-amzn-cf-id",
    "x-amzn-cf-xff",
    "x-amzn-errortype",
    "x-amzn-fle-profile",
    "x-amzn-header-count",
    "x-amzn-header-order",
    "x-amzn-lambda-integration-tag",
    "x-amzn-requestid",
    "x-cache",
    "x-forwarded-proto",
    "x-real-ip",
    "transfer-encoding",
    "via",
    "content-length",
    "warning",
];

/// Checks the size of a response; as JSON, which is never shorter than what CloudFront counts.
pub(super) fn check_size(trigger: Trigger, response: &Value) -> Result<(), EdgeError> {
    let limit = match trigger {
        Trigger::ViewerRequest | Trigger::ViewerResponse => VIEWER_LIMIT,
        Trigger::OriginRequest | Trigger::OriginResponse => ORIGIN_LIMIT,
    };
    let size = response.to_string().len();
    if size <= limit { Ok(()) } else { Err(EdgeError::TooLarge { size, limit }) }
}

/// Checks every header that the function changed.
pub(super) fn check_headers(trigger: Trigger, before: &Headers, after: &Headers) -> Result<(), EdgeError> {
    let names = before.names().chain(after.names());
    names.filter(|name| !after.same(before, name)).try_for_each(|name| {
        if is_protected(trigger, name, after) {
            Err(EdgeError::ProtectedHeader(name.to_owned()))
        } else if is_token(name) && after.values(name).all(is_value) {
            Ok(())
        } else {
            Err(EdgeError::ImpossibleHeader(name.escape_debug().to_string()))
        }
    })
}

/// The origin's length and warnings may be dropped, together with its body, but no others set in their place.
fn is_protected(trigger: Trigger, name: &str, after: &Headers) -> bool {
    let removed = after.values(name).next().is_none();
    let forbidden = FORBIDDEN.contains(&name) || name.starts_with("x-amz-cf-") || name.starts_with("x-edge-");
    let droppable =
        trigger == Trigger::OriginResponse && removed && ["content-length", "warning"].contains(&name);
    (forbidden && !droppable) || read_only(trigger).contains(&name)
}

/// Headers that functions see but may not touch.
fn read_only(trigger: Trigger) -> &'static [&'static str] {
    match trigger {
        Trigger::ViewerRequest => &["host"],
        Trigger::OriginRequest => &[
            "accept-encoding",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "range",
        ],
        Trigger::OriginResponse => &[],
        Trigger::ViewerResponse => &["content-encoding"],
    }
}

fn is_token(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(token)
}

/// No control character can end the header and begin another one.
fn is_value(value: &str) -> bool {
    !value.chars().any(|c| c.is_control() && c != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn headers(pairs: &[(&str, &str)]) -> Headers {
        let mut headers = Headers::default();
        for (key, value) in pairs {
            headers.set(key, *value);
        }
        headers
    }

    #[test]
    fn viewers_get_less_than_origins() {
        let of = |length: usize| json!("x".repeat(length - 2));
        for (trigger, limit) in [(Trigger::ViewerRequest, 40_960), (Trigger::OriginResponse, 1_048_576)] {
            assert_eq!(check_size(trigger, &of(limit)), Ok(()));
            assert_eq!(
                check_size(trigger, &of(limit + 1)),
                Err(EdgeError::TooLarge { size: limit + 1, limit })
            );
        }
    }

    #[test]
    fn protected_headers_can_be_neither_set_nor_removed() {
        for name in ["Connection", "Via", "X-Amz-Cf-Id", "x-edge-location", "Transfer-Encoding", "x-cache"] {
            let (some, none, other) = (headers(&[(name, "a")]), headers(&[]), headers(&[(name, "b")]));
            let expect = Err(EdgeError::ProtectedHeader(name.to_lowercase()));
            for (before, after) in [(&none, &some), (&some, &none), (&some, &other)] {
                assert_eq!(check_headers(Trigger::OriginResponse, before, after), expect, "{name}");
            }
            assert_eq!(check_headers(Trigger::OriginResponse, &some, &some), Ok(()), "{name}");
        }
    }

    #[test]
    fn what_is_read_only_depends_on_the_trigger() {
        let (host, range) = (headers(&[("Host", "a")]), headers(&[("Range", "bytes=0-")]));
        let none = headers(&[]);
        assert!(check_headers(Trigger::ViewerRequest, &none, &host).is_err());
        assert!(check_headers(Trigger::OriginRequest, &none, &host).is_ok());
        assert!(check_headers(Trigger::OriginRequest, &range, &none).is_err());
        assert!(check_headers(Trigger::ViewerRequest, &range, &none).is_ok());
        let length = headers(&[("Content-Length", "3")]);
        assert!(check_headers(Trigger::OriginResponse, &length, &none).is_ok());
        assert!(check_headers(Trigger::OriginResponse, &none, &length).is_err());
        assert!(check_headers(Trigger::ViewerResponse, &length, &none).is_err());
    }

    #[test]
    fn no_header_holds_another_one() {
        for (name, value) in [("location", "/\r\nset-cookie: a=1"), ("a b", "c"), ("", "c"), ("x", "a\0")] {
            let result = check_headers(Trigger::ViewerRequest, &headers(&[]), &headers(&[(name, value)]));
            assert!(matches!(result, Err(EdgeError::ImpossibleHeader(_))), "{name:?} {value:?}");
        }
    }
}
