//! A bucket as a distribution sees it: the path is the key, nothing is signed.

use crate::front::Front;
use http::Uri;
use http::header::{AUTHORIZATION, HOST, HeaderValue};
use stack_builder_local_core::{Answer, Caller, Request, Service, empty};
use std::sync::Arc;

/// One bucket.
pub(crate) struct BucketOrigin {
    front: Arc<Front>,
    bucket: String,
}

impl BucketOrigin {
    pub(crate) fn new(front: Arc<Front>, bucket: String) -> Self {
        Self { front, bucket }
    }

    /// The same request in the path style, without what only a signature would need; `None` when it gets too long.
    fn in_path_style(&self, mut request: Request) -> Option<Request> {
        let path = request.uri().path();
        let path = format!("/{}/{}", self.bucket, path.strip_prefix('/').unwrap_or(path));
        let query = request.uri().query().map(unsigned).filter(|query| !query.is_empty());
        let uri = query.map_or_else(|| path.clone(), |query| format!("{path}?{query}"));
        *request.uri_mut() = uri.parse::<Uri>().ok()?;
        let headers = request.headers_mut();
        headers.remove(AUTHORIZATION);
        headers.remove("x-amz-security-token");
        headers.insert(HOST, HeaderValue::from_static("127.0.0.1"));
        if request.extensions().get::<Caller>().is_none() {
            request.extensions_mut().insert(Caller::Anonymous);
        }
        Some(request)
    }
}

impl Service for BucketOrigin {
    fn call(&self, request: Request) -> Answer<'_> {
        match self.in_path_style(request) {
            Some(request) => self.front.call(request),
            None => Box::pin(std::future::ready(empty(400))),
        }
    }
}

/// A query without the parameters of signatures: the distribution signs anew, and a viewer's would be taken for it.
fn unsigned(query: &str) -> String {
    let signs = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default();
        let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().to_ascii_lowercase();
        !name.starts_with("x-amz-") && !matches!(name.as_str(), "signature" | "awsaccesskeyid" | "expires")
    };
    query.split('&').filter(signs).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_of_viewers_are_left_out() {
        assert_eq!(unsigned("versionId=1&X-Amz-Signature=2&x%2Damz-Date=3&a"), "versionId=1&a");
    }
}
