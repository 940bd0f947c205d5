//! Requests and replies between viewer, edge and origin.

use crate::definition::OriginDef;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method};
use stack_builder_local_core::Body;
use std::sync::Arc;

/// A request without its body.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) method: Method,
    /// As it was sent, percent-encoding and all.
    pub(crate) path: String,
    /// Without the question mark.
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
}

impl Head {
    /// A header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the answer to it has a body.
    pub(crate) fn wants_body(&self) -> bool {
        self.method != Method::HEAD
    }
}

/// What the viewer sends.
pub(crate) struct Viewer {
    pub(crate) head: Head,
    pub(crate) body: Body,
}

/// What the origin is sent.
pub(crate) struct OriginRequest {
    pub(crate) head: Head,
    pub(crate) body: Body,
    pub(crate) origin: Arc<OriginDef>,
}

/// A body that is all there, or still arrives.
pub(crate) enum Payload {
    Whole(Bytes),
    Stream(Body),
}

/// What is answered.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) payload: Payload,
    /// What `X-Cache` says.
    pub(crate) cache: &'static str,
    /// Whether a viewer-response function may see it.
    pub(crate) shown: bool,
}

pub(crate) const HIT: &str = "Hit from cloudfront";
pub(crate) const MISS: &str = "Miss from cloudfront";
pub(crate) const REFRESHED: &str = "RefreshHit from cloudfront";
pub(crate) const ERROR: &str = "Error from cloudfront";

/// Headers that mean one connection only (RFC 9110, 7.6.1).
const OF_CONNECTION: [&str; 9] = [
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Removes what means one connection only, and whatever `Connection` names.
pub(crate) fn strip_connection(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all("connection")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named {
        headers.remove(name);
    }
    for name in OF_CONNECTION {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn what_means_one_connection_goes_no_further() {
        let mut headers = HeaderMap::new();
        for (name, value) in
            [("connection", "close, X-Secret"), ("x-secret", "1"), ("te", "trailers"), ("accept", "*/*")]
        {
            headers.append(name, HeaderValue::from_static(value));
        }
        strip_connection(&mut headers);
        assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["accept"]);
    }
}
