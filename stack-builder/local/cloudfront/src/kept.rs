//! Answering from an object that is kept: conditions, ranges and age.

use crate::message::{ERROR, HIT, Head, Payload, REFRESHED, Reply};
use crate::store::Object;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use std::ops::Range;

impl Object {
    /// Whether it may be used without asking the origin.
    pub(crate) fn is_fresh(&self, now: u64) -> bool {
        now < self.fresh_until
    }

    /// The answer to a request, with what `X-Cache` is to say of it.
    pub(crate) fn reply(&self, head: &Head, now: u64, cache: &'static str) -> Reply {
        let mut headers = self.headers.clone();
        let used = cache == HIT || cache == REFRESHED;
        let cache = if self.error { ERROR } else { cache };
        if used {
            headers.insert(header::AGE, HeaderValue::from(now.saturating_sub(self.since) / 1000));
        }
        let shown = !self.error;
        if self.status == 200 && unchanged(head, &self.headers) {
            for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::CONTENT_ENCODING] {
                headers.remove(name);
            }
            return Reply { status: 304, headers, payload: Payload::Whole(Bytes::new()), cache, shown };
        }
        let (status, body) = self.part(head, &mut headers);
        Reply { status, headers, payload: Payload::Whole(body), cache, shown }
    }

    fn part(&self, head: &Head, headers: &mut HeaderMap) -> (u16, Bytes) {
        let size = self.body.len();
        let fits = self.status == 200 && same_version(head, &self.headers);
        let wanted = head.header("range").filter(|_| fits).map_or(Wanted::Whole, |range| parse(range, size));
        let (status, body, range) = match wanted {
            Wanted::Whole => (self.status, self.body.clone(), None),
            Wanted::Outside => (416, Bytes::new(), Some(format!("bytes */{size}"))),
            Wanted::Part(range) => {
                let text = format!("bytes {}-{}/{size}", range.start, range.end - 1);
                (206, self.body.slice(range), Some(text))
            }
        };
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        if let Some(Ok(range)) = range.map(HeaderValue::try_from) {
            headers.insert(header::CONTENT_RANGE, range);
        }
        (status, body)
    }
}

/// Whether the viewer has it already (RFC 9110, 13.1.2 and 13.1.3).
fn unchanged(head: &Head, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if let Some(tags) = head.header("if-none-match") {
        let Some(own) = text(header::ETAG) else { return false };
        let own = own.trim_start_matches("W/");
        return tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == own);
    }
    let since = head.header("if-modified-since").and_then(|time| httpdate::parse_http_date(time).ok());
    let modified = text(header::LAST_MODIFIED).and_then(|time| httpdate::parse_http_date(time).ok());
    matches!((since, modified), (Some(since), Some(modified)) if modified <= since)
}

/// Whether a part of it fits what the viewer has (RFC 9110, 13.1.5).
fn same_version(head: &Head, headers: &HeaderMap) -> bool {
    let Some(wanted) = head.headers.get(header::IF_RANGE) else { return true };
    let weak = wanted.as_bytes().starts_with(b"W/");
    !weak && (headers.get(header::ETAG) == Some(wanted) || headers.get(header::LAST_MODIFIED) == Some(wanted))
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// Everything, as also when it asks for several parts, or for nothing that can be understood.
    Whole,
    /// What lies outside.
    Outside,
    Part(Range<usize>),
}

fn parse(range: &str, size: usize) -> Wanted {
    match bounds(range, size) {
        None => Wanted::Whole,
        Some(range) if range.is_empty() => Wanted::Outside,
        Some(range) => Wanted::Part(range),
    }
}

fn bounds(range: &str, size: usize) -> Option<Range<usize>> {
    let (first, last) = range.strip_prefix("bytes=")?.trim().split_once('-')?;
    let number = |text: &str| text.trim().parse::<usize>().ok();
    if first.is_empty() {
        return Some(size.saturating_sub(number(last)?)..size);
    }
    let start = number(first)?;
    if last.is_empty() {
        return Some(start..size);
    }
    let last = number(last).filter(|last| *last >= start)?;
    Some(start..last.saturating_add(1).min(size))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::MISS;
    use http::{HeaderName, Method};

    fn object() -> Object {
        let pairs = [
            ("etag", "W/\"x\""),
            ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("content-type", "text/plain"),
        ];
        let pairs = pairs.map(|(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)));
        Object {
            status: 200,
            headers: pairs.into_iter().collect(),
            body: Bytes::from("0123456789"),
            since: 1_000,
            fresh_until: 9_000,
            error: false,
            place: ("E1".into(), "/".to_owned()),
        }
    }

    fn head(name: &'static str, value: &'static str) -> Head {
        let headers =
            HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(value))]);
        Head { method: Method::GET, path: "/".to_owned(), query: String::new(), headers }
    }

    #[test]
    fn ranges() {
        let table = [
            ("bytes=0-3", 206, "0123"),
            ("bytes=8-", 206, "89"),
            ("bytes=-3", 206, "789"),
            ("bytes=5-999999999999999999", 206, "56789"),
            ("bytes=10-", 416, ""),
            ("bytes=-0", 416, ""),
            ("bytes=5-2", 200, "0123456789"),
            ("bytes=0-1,4-5", 200, "0123456789"),
            ("bytes=99999999999999999999999-", 200, "0123456789"),
            ("lines=0-3", 200, "0123456789"),
        ];
        for (range, status, body) in table {
            let reply = object().reply(&head("range", range), 3_500, HIT);
            let Payload::Whole(bytes) = reply.payload else { panic!("whole") };
            assert_eq!((reply.status, &bytes[..]), (status, body.as_bytes()), "{range}");
            assert_eq!(reply.headers["age"], "2");
        }
    }

    #[test]
    fn what_the_viewer_has_is_not_sent_again() {
        let table = [
            ("if-none-match", "\"x\"", 304),
            ("if-none-match", "\"y\", W/\"x\"", 304),
            ("if-none-match", "*", 304),
            ("if-none-match", "\"y\"", 200),
            ("if-modified-since", "Sun, 06 Nov 1994 08:49:37 GMT", 304),
            ("if-modified-since", "Sun, 06 Nov 1994 08:49:36 GMT", 200),
            ("if-modified-since", "yesterday", 200),
        ];
        for (name, value, status) in table {
            let reply = object().reply(&head(name, value), 3_500, MISS);
            assert_eq!((reply.status, reply.headers.contains_key("age")), (status, false), "{name} {value}");
        }
    }
}
