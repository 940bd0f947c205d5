//! CloudFront's events as the edge receives them: the shape of real ones, with names of our own.

use serde_json::Value;

/// The session that `viewer-request-home.json` brings.
pub(crate) const ID: &str = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGw";

/// All of them: file name and content.
pub(crate) const ALL: [(&str, &str); 10] = [
    ("origin-request", include_str!("../fixtures/cloudfront/origin-request.json")),
    ("origin-response-forbidden", include_str!("../fixtures/cloudfront/origin-response-forbidden.json")),
    ("origin-response-missing", include_str!("../fixtures/cloudfront/origin-response-missing.json")),
    ("origin-response-page", include_str!("../fixtures/cloudfront/origin-response-page.json")),
    ("viewer-request-body", include_str!("../fixtures/cloudfront/viewer-request-body.json")),
    ("viewer-request-home", include_str!("../fixtures/cloudfront/viewer-request-home.json")),
    ("viewer-request-login", include_str!("../fixtures/cloudfront/viewer-request-login.json")),
    ("viewer-request-style", include_str!("../fixtures/cloudfront/viewer-request-style.json")),
    ("viewer-request-visitor", include_str!("../fixtures/cloudfront/viewer-request-visitor.json")),
    ("viewer-response", include_str!("../fixtures/cloudfront/viewer-response.json")),
];

/// One of them.
pub(crate) fn event(name: &str) -> Value {
    let (_, text) = ALL.iter().find(|(known, _)| *known == name).unwrap();
    serde_json::from_str(text).unwrap()
}

/// CloudFront's part of an event.
pub(crate) fn cf(event: &Value) -> &Value {
    &event["Records"][0]["cf"]
}
