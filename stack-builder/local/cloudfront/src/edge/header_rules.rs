//! Which headers a function at the edge may see and change.
//!
//! See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html>.

use super::Moment;
use http::{HeaderMap, HeaderName, HeaderValue};

const HIDDEN: [&str; 23] = [
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
];

/// Whether functions neither see nor write it.
pub(super) fn hidden(name: &str) -> bool {
    HIDDEN.contains(&name)
        || matches!(name, "x-forwarded-proto" | "x-real-ip")
        || name.starts_with("x-amz-cf-")
        || name.starts_with("x-edge-")
}

fn read_only(moment: Moment) -> &'static [&'static str] {
    match moment {
        Moment::ViewerRequest => &["cdn-loop", "content-length", "host", "transfer-encoding", "via"],
        Moment::OriginRequest => &[
            "accept-encoding",
            "cdn-loop",
            "content-length",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "transfer-encoding",
            "via",
        ],
        Moment::OriginResponse => &["transfer-encoding", "via"],
        Moment::ViewerResponse => {
            &["content-encoding", "content-length", "transfer-encoding", "via", "warning"]
        }
    }
}

/// The headers that a function sees.
pub(super) fn exposed(headers: &HeaderMap) -> impl Iterator<Item = &HeaderName> {
    headers.keys().filter(|name| !hidden(name.as_str()))
}

/// Puts a function's headers in the place of those that it saw, if it changed none that it must not.
pub(super) fn change(moment: Moment, headers: &mut HeaderMap, new: HeaderMap) -> Result<(), String> {
    written(moment, &new, headers)?;
    for name in read_only(moment) {
        if headers.contains_key(*name) && !new.contains_key(*name) {
            return Err(format!("the function removed the read-only header `{name}`"));
        }
    }
    let unseen: Vec<_> = headers
        .iter()
        .filter(|(name, _)| hidden(name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    *headers = new;
    for (name, value) in unseen {
        headers.append(name, value);
    }
    Ok(())
}

/// Whether a function may write `new` where `old` were.
fn written(moment: Moment, new: &HeaderMap, old: &HeaderMap) -> Result<(), String> {
    if let Some(name) = new.keys().find(|name| hidden(name.as_str())) {
        return Err(format!("the function added the disallowed header `{name}`"));
    }
    let same = |name: &str| new.get_all(name).iter().eq(old.get_all(name).iter());
    match read_only(moment).iter().find(|name| new.contains_key(**name) && !same(name)) {
        Some(name) => Err(format!("the function changed the read-only header `{name}`")),
        None => Ok(()),
    }
}

/// Whether the headers of an answer that a function made are such as it may make.
pub(super) fn answered(headers: &mut HeaderMap) -> Result<(), String> {
    headers.remove("content-length");
    headers.entry("server").or_insert(HeaderValue::from_static("CloudFront"));
    let bad =
        |name: &&HeaderName| hidden(name.as_str()) || matches!(name.as_str(), "transfer-encoding" | "via");
    match headers.keys().find(bad) {
        Some(name) => Err(format!("the function's answer has the disallowed header `{name}`")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn what_must_not_change_does_not() {
        let seen = [("host", "a"), ("accept", "1")];
        let table: [(Moment, &[_], bool); 6] = [
            (Moment::ViewerRequest, &[("host", "a")], true),
            (Moment::ViewerRequest, &[("host", "a"), ("x-new", "1"), ("accept", "2")], true),
            (Moment::ViewerRequest, &[("host", "b")], false),
            (Moment::ViewerRequest, &[("accept", "1")], false),
            (Moment::ViewerRequest, &[("host", "a"), ("x-edge-y", "1")], false),
            (Moment::OriginRequest, &[("host", "b")], true),
        ];
        for (moment, new, expect) in table {
            assert_eq!(change(moment, &mut headers(&seen), headers(new)).is_ok(), expect, "{new:?}");
        }
    }

    #[test]
    fn what_is_not_seen_stays() {
        let mut all = headers(&[("x-amzn-requestid", "r"), ("etag", "x")]);
        change(Moment::OriginResponse, &mut all, headers(&[("etag", "y")])).expect("allowed");
        assert_eq!(all, headers(&[("etag", "y"), ("x-amzn-requestid", "r")]));
    }
}
