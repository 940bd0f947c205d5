//! What of a viewer's request the origin is sent.

use crate::definition::{Behavior, OriginDef};
use crate::exchange::Exchange;
use crate::key::takes_gzip;
use crate::message::{Head, OriginRequest, Viewer, strip_connection};
use crate::names::{Names, cookie_pairs, query_pairs};
use crate::viewer_headers::made;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use std::sync::Arc;

/// Headers that go on without being asked for, as they belong to the body or to the kind of request.
const ALWAYS: [&str; 9] = [
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "range",
    "if-match",
    "if-unmodified-since",
];
/// Headers that are about what the viewer has kept.
const CONDITIONS: [&str; 3] = ["if-none-match", "if-modified-since", "if-range"];
/// Headers that CloudFront writes itself, or that are treated apart below.
const OWN: [&str; 8] = [
    "accept-encoding",
    "cookie",
    "expect",
    "host",
    "via",
    "x-forwarded-for",
    "x-forwarded-proto",
    "x-real-ip",
];

/// A viewer must not speak in CloudFront's name.
pub(crate) fn reserved(name: &str) -> bool {
    ["x-amz-cf-", "x-edge-", "cloudfront-"].iter().any(|prefix| name.starts_with(prefix))
}

/// Makes the request to an origin. With `whole`, the viewer's conditions stay here, as the answer is for others too.
pub(crate) fn request(
    exchange: &Exchange,
    viewer: Viewer,
    origin: Arc<OriginDef>,
    whole: bool,
) -> OriginRequest {
    let behavior = &exchange.behavior;
    let query = query_pairs(&viewer.head.query, |name| {
        behavior.cache.queries.takes(name) || behavior.forward.queries.takes(name)
    });
    let headers = headers(exchange, &viewer.head, &origin, whole);
    let Head { method, path, .. } = viewer.head;
    OriginRequest { head: Head { method, path, query, headers }, body: viewer.body, origin }
}

fn headers(exchange: &Exchange, head: &Head, origin: &OriginDef, whole: bool) -> HeaderMap {
    let behavior = &exchange.behavior;
    let mut from = head.headers.clone();
    strip_connection(&mut from);
    let mut to = HeaderMap::with_capacity(from.len() + 6);
    put(&mut to, header::HOST, host(behavior, head, origin));
    for (name, value) in &from {
        if goes_on(behavior, head, name.as_str(), whole) {
            to.append(name, value.clone());
        }
    }
    cookies(&mut to, behavior, &from);
    encoding(&mut to, behavior, head);
    if !to.contains_key(header::USER_AGENT) {
        to.insert(header::USER_AGENT, HeaderValue::from_static("Amazon CloudFront"));
    }
    about_viewer(&mut to, exchange, head);
    to
}

fn chosen(behavior: &Behavior, name: &str) -> bool {
    behavior.cache.headers.takes(name) || behavior.forward.headers.takes(name)
}

fn goes_on(behavior: &Behavior, head: &Head, name: &str, whole: bool) -> bool {
    if reserved(name) || OWN.contains(&name) {
        return false;
    }
    if CONDITIONS.contains(&name) || name == "range" {
        return !whole;
    }
    let changes = !matches!(head.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let usual = match name {
        "authorization" => changes,
        "user-agent" | "referer" => false,
        // Only with policies are headers that nobody speaks of left out.
        _ => behavior.legacy && !name.starts_with("accept"),
    };
    ALWAYS.contains(&name) || usual || chosen(behavior, name)
}

/// The origin's own name, unless a policy asks for the viewer's.
fn host(behavior: &Behavior, head: &Head, origin: &OriginDef) -> String {
    let viewer = head.header("host").filter(|_| chosen(behavior, "host"));
    viewer.unwrap_or(&origin.domain).to_owned()
}

fn cookies(to: &mut HeaderMap, behavior: &Behavior, from: &HeaderMap) {
    let takes = |name: &str| behavior.cache.cookies.takes(name) || behavior.forward.cookies.takes(name);
    let lines = from.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookie_pairs(lines, takes);
    if !pairs.is_empty() {
        put(to, header::COOKIE, pairs);
    }
}

/// Reduced to what the cache tells apart; without a cache, the viewer's own when a policy asks for it.
fn encoding(to: &mut HeaderMap, behavior: &Behavior, head: &Head) {
    if behavior.cache.gzip {
        if takes_gzip(head) {
            to.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        }
    } else if chosen(behavior, "accept-encoding") {
        head.headers.get_all(header::ACCEPT_ENCODING).iter().for_each(|value| {
            to.append(header::ACCEPT_ENCODING, value.clone());
        });
    }
}

/// See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html>.
fn about_viewer(to: &mut HeaderMap, exchange: &Exchange, head: &Head) {
    let before: Vec<_> =
        head.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let ip = exchange.ip.to_string();
    let chain = before.into_iter().chain([ip.as_str()]).collect::<Vec<_>>().join(", ");
    put(to, HeaderName::from_static("x-forwarded-for"), chain);
    put(to, header::VIA, exchange.distribution.via.clone());
    put(to, HeaderName::from_static("x-amz-cf-id"), exchange.id.clone());
    let behavior = &exchange.behavior;
    let listed = match &behavior.cache.headers {
        Names::Only(names) => names.as_slice(),
        _ => &[],
    };
    for name in listed.iter().chain(&behavior.forward.added) {
        if let (Some(value), Ok(name)) = (made(name, head, exchange.ip), name.parse::<HeaderName>()) {
            put(to, name, value);
        }
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}
