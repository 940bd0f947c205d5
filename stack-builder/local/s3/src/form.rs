//! Uploads by HTML form.

use crate::access::Found;
use crate::buckets::Inner;
use http::Method;
use http::header::CONTENT_TYPE;
use s3s::{S3Result, s3_error};
use stack_builder_local_core::{Request, Response};
use std::sync::Arc;

/// Whether a request is a form.
pub(crate) fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    request.method() == Method::POST && kind.to_ascii_lowercase().starts_with("multipart/form-data")
}

/// Keeps the file of a form.
pub(crate) async fn receive(_inner: &Arc<Inner>, _request: Request, _found: &Found) -> S3Result<Response> {
    Err(s3_error!(NotImplemented))
}
