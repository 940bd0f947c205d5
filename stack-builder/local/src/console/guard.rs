//! Who may ask, and what every answer says to browsers.

use super::{BELOW, PATH};
use http::{HeaderMap, HeaderValue, Method, header};
use stack_builder_local_core::{Request, Response, text};

/// Scripts, styles and data come from here and from nowhere else, and nobody may put the page into a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// On every answer.
const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
];

/// The answer to a request that is not served: one that would change something, or that another site's page makes.
pub(super) fn refusal(request: &Request) -> Option<Response> {
    if request.method() != Method::GET {
        let mut response = text(405, "the console only shows: use GET\n");
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET"));
        return Some(response);
    }
    let path = request.uri().path();
    let page = path == PATH || path == BELOW;
    let wanted = comes_from_here(request.headers(), page) && has_own_origin(request.headers());
    (!wanted).then(|| text(403, "the console answers its own page only; type its address\n"))
}

/// Whether the browser says that the request is made by the console, or by a person. The page itself may also be
/// opened from the application's pages, which are at other ports: the same site, but another origin. A client that is no
/// browser says nothing.
fn comes_from_here(headers: &HeaderMap, page: bool) -> bool {
    let text = |name| headers.get(name).map(HeaderValue::as_bytes);
    match text("sec-fetch-site") {
        None | Some(b"same-origin" | b"none") => true,
        Some(b"same-site") => {
            let opened = text("sec-fetch-mode") == Some(b"navigate");
            page && opened && text("sec-fetch-dest") == Some(b"document")
        }
        Some(_) => false,
    }
}

/// Browsers too old for the headers above send an origin with requests across origins.
fn has_own_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://"));
    origin.is_some_and(|(_, origin)| Some(origin) == host)
}

/// The answer with the headers that every answer has.
pub(super) fn sealed(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(*name, HeaderValue::from_static(value));
    }
    response
}
