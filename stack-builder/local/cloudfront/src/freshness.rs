//! How long an answer may be kept.

use crate::definition::CachePolicy;
use http::{HeaderMap, header};
use std::time::UNIX_EPOCH;

/// What an answer says about being kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Directives {
    /// Seconds: `s-maxage`, or else `max-age`, or else `Expires`.
    pub(crate) age: Option<u64>,
    /// `no-store` or `private`.
    secret: bool,
    /// `no-cache`.
    checked: bool,
}

impl Directives {
    /// Reads the headers of an answer at `now`, seconds since 1970.
    pub(crate) fn read(headers: &HeaderMap, now: u64) -> Self {
        let mut seen = Self::default();
        let (mut shared, mut own) = (None, None);
        let lines = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
        for directive in lines.flat_map(|line| line.split(',')).map(str::trim) {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            let seconds = || value.trim_matches('"').parse().ok();
            match name.to_ascii_lowercase().as_str() {
                "no-store" | "private" => seen.secret = true,
                "no-cache" => seen.checked = true,
                "s-maxage" => shared = seconds(),
                "max-age" => own = seconds(),
                _ => {}
            }
        }
        seen.age = shared.or(own).or_else(|| expires(headers, now));
        seen
    }
}

fn expires(headers: &HeaderMap, now: u64) -> Option<u64> {
    let value = headers.get(header::EXPIRES)?.to_str().ok()?;
    // `0` and other nonsense mean the past (RFC 9111, 5.3).
    let at = httpdate::parse_http_date(value).ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    Some(at.map_or(0, |at| at.as_secs().saturating_sub(now)))
}

/// Seconds for which a good answer is kept; `None` when it is not kept at all. Zero means that it is kept, but asked
/// about each time.
///
/// See the table in <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html>: with a
/// minimum above zero, not even `no-store` keeps an answer out of the cache.
pub(crate) fn lifetime(policy: &CachePolicy, headers: &HeaderMap, now: u64) -> Option<u64> {
    if policy.is_off() {
        return None;
    }
    let said = Directives::read(headers, now);
    let seconds = if said.secret || said.checked {
        policy.min
    } else {
        said.age.unwrap_or(policy.default).clamp(policy.min, policy.max)
    };
    let can_be_checked = headers.contains_key(header::ETAG) || headers.contains_key(header::LAST_MODIFIED);
    (seconds > 0 || (can_be_checked && !said.secret)).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn policy(min: u64, default: u64, max: u64) -> CachePolicy {
        CachePolicy { min, default, max, ..CachePolicy::default() }
    }

    #[track_caller]
    fn check(policy: &CachePolicy, headers: &[(&'static str, &'static str)], expect: Option<u64>) {
        let headers = headers
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), HeaderValue::from_static(value)));
        assert_eq!(lifetime(policy, &headers.collect(), 784_111_777), expect);
    }

    #[test]
    fn the_table_without_a_minimum() {
        let zero = policy(0, 60, 600);
        check(&zero, &[], Some(60));
        check(&zero, &[("cache-control", "max-age=30")], Some(30));
        check(&zero, &[("cache-control", "public, max-age=9000")], Some(600));
        check(&zero, &[("cache-control", "max-age=30, s-maxage=90")], Some(90));
        check(
            &zero,
            &[("cache-control", "max-age=30"), ("expires", "Sun, 06 Nov 1994 09:00:00 GMT")],
            Some(30),
        );
        check(&zero, &[("expires", "Sun, 06 Nov 1994 08:51:37 GMT")], Some(120));
        check(&zero, &[("expires", "0")], None);
        check(&zero, &[("expires", "0"), ("etag", "\"a\"")], Some(0));
        check(&zero, &[("cache-control", "no-store"), ("etag", "\"a\"")], None);
        check(&zero, &[("cache-control", "private, max-age=60")], None);
        check(&zero, &[("cache-control", "no-cache"), ("etag", "\"a\"")], Some(0));
        check(&zero, &[("cache-control", "max-age=junk")], Some(60));
        check(&zero, &[("cache-control", "max-age=99999999999999999999999")], Some(60));
    }

    #[test]
    fn the_table_with_a_minimum() {
        let five = policy(5, 60, 600);
        check(&five, &[("cache-control", "no-store")], Some(5));
        check(&five, &[("cache-control", "max-age=1")], Some(5));
        check(&five, &[("expires", "0")], Some(5));
        check(&policy(0, 0, 0), &[("cache-control", "max-age=60")], None);
        check(&policy(0, 0, 600), &[], None);
    }
}
