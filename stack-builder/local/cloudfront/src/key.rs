//! What an object in the cache is known by.

use crate::definition::{Behavior, Distribution};
use crate::message::Head;
use crate::names::{Names, cookie_pairs, query_pairs};
use crate::viewer_headers::made;
use http::{Method, header};
use std::fmt::Write as _;
use std::net::IpAddr;

/// Whether the viewer takes gzip: named, or `*`, and not refused by `q=0`.
pub(crate) fn takes_gzip(head: &Head) -> bool {
    let lines = head.headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let refused = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok());
        name.trim().eq_ignore_ascii_case("gzip") && refused.is_none_or(|q| q > 0.0)
    })
}

/// The query string that counts, in the viewer's order.
pub(crate) fn query(behavior: &Behavior, head: &Head) -> String {
    match behavior.cache.queries {
        Names::None => String::new(),
        Names::All => head.query.clone(),
        _ => query_pairs(&head.query, |name| behavior.cache.queries.takes(name)),
    }
}

/// The key of a request: distribution, behaviour, path, and what the policy chooses.
pub(crate) fn key(distribution: &Distribution, behavior: &Behavior, head: &Head, ip: IpAddr) -> String {
    let mut key = String::with_capacity(128);
    let method = if head.method == Method::OPTIONS { "OPTIONS" } else { "" };
    let _ = write!(key, "{}\n{}\n{method}\n{}\n", distribution.id, behavior.number, head.path);
    let _ = writeln!(key, "{}", query(behavior, head));
    if behavior.cache.gzip && takes_gzip(head) {
        key.push_str("gzip");
    }
    key.push('\n');
    headers(&mut key, behavior, head, ip);
    if behavior.cache.cookies != Names::None {
        let lines = head.headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        key.push_str(&cookie_pairs(lines, |name| behavior.cache.cookies.takes(name)));
    }
    key
}

fn headers(key: &mut String, behavior: &Behavior, head: &Head, ip: IpAddr) {
    let Names::Only(names) = &behavior.cache.headers else { return };
    for name in names {
        let _ = write!(key, "{name}:");
        for value in head.headers.get_all(name.as_str()) {
            let _ = write!(key, "{value:?},");
        }
        if let Some(value) = made(name, head, ip) {
            key.push_str(&value);
        }
        key.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue};

    #[test]
    fn gzip_is_taken_when_it_is_named_and_not_refused() {
        let table = [
            ("gzip, deflate, br", true),
            ("GZIP;q=0.5", true),
            ("br", false),
            ("gzip;q=0", false),
            ("", false),
            ("gzip;q=junk", true),
        ];
        for (value, expect) in table {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]);
            let head = Head { method: Method::GET, path: "/".to_owned(), query: String::new(), headers };
            assert_eq!(takes_gzip(&head), expect, "{value}");
        }
    }
}
