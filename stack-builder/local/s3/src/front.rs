//! The way of every request: CORS, forms, the protocol, and what all answers have.

use crate::access::Found;
use crate::buckets::Inner;
use crate::cors::{self, Refusal};
use crate::{form, presigned};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, ORIGIN, RANGE, SERVER, TRANSFER_ENCODING};
use http::{HeaderMap, Method, StatusCode};
use s3s::service::S3Service;
use s3s::{S3Error, S3ErrorCode, S3Result};
use stack_builder_local_core::{Answer, Body, Request, Response, Service, empty, full};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Answers requests in the path style.
pub(crate) struct Front {
    inner: Arc<Inner>,
    s3: S3Service,
    count: AtomicU64,
}

impl fmt::Debug for Front {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Front").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl Service for Front {
    fn call(&self, request: Request) -> Answer<'_> {
        Box::pin(self.answer(request))
    }
}

impl Front {
    pub(crate) fn new(inner: Arc<Inner>, s3: S3Service) -> Self {
        Self { inner, s3, count: AtomicU64::new(0) }
    }

    async fn answer(&self, mut request: Request) -> Response {
        let rules = self.rules(request.uri().path());
        let method = request.method().clone();
        let origin = request.headers().get(ORIGIN).cloned();
        let found = Found::default();
        request.extensions_mut().insert(found.clone());
        let mut response = match method {
            Method::OPTIONS => preflight(&rules, &request),
            _ => self.operate(request, &found).await.unwrap_or_else(refuse),
        };
        found.end(response.status().as_u16());
        if let Some(origin) = origin.as_ref().and_then(|origin| origin.to_str().ok())
            && method != Method::OPTIONS
        {
            response.headers_mut().extend(cors::headers(&rules, origin, method.as_str()));
        }
        self.sign_off(&mut response);
        response
    }

    async fn operate(&self, request: Request, found: &Found) -> S3Result<Response> {
        presigned::check_form(request.uri(), request.headers())?;
        if form::is_form(&request) {
            return form::receive(&self.inner, request, found).await;
        }
        let request = without_odd_range(request).map(s3s::Body::http_body_unsync);
        let response = self.s3.call(request).await;
        let response = response.map_err(|error| S3Error::with_source(S3ErrorCode::InternalError, error.into()))?;
        Ok(as_http_has_it(response.map(Body::new)))
    }

    /// The rules of the bucket that a path begins with.
    fn rules(&self, path: &str) -> Vec<cors::Rule> {
        let name = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        self.inner.bucket(name).map(|bucket| bucket.settings.cors.clone()).unwrap_or_default()
    }

    /// Headers that every answer of S3 has.
    fn sign_off(&self, response: &mut Response) {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let headers = response.headers_mut();
        headers.insert(SERVER, HeaderValue::from_static("AmazonS3"));
        for (name, id) in [
            ("x-amz-request-id", format!("{:016X}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15))),
            ("x-amz-id-2", format!("local/{number:016x}")),
        ] {
            if let Ok(id) = HeaderValue::from_str(&id) {
                headers.insert(HeaderName::from_static(name), id);
            }
        }
    }
}

/// S3 answers a range that it does not understand, or several, with the whole object; `s3s` refuses it.
fn without_odd_range(mut request: Request) -> Request {
    let range = request.headers().get(RANGE).map(|range| range.to_str().unwrap_or_default());
    let odd = range.is_some_and(|range| s3s::dto::Range::parse(range).is_err());
    // A signature may cover it; then it stays, and is refused.
    let signed = request.headers().get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let signed = signed.is_some_and(|signed| signed.contains("range"));
    if odd && !signed {
        request.headers_mut().remove(RANGE);
    }
    request
}

/// An answer that has no body has no description of one.
fn as_http_has_it(mut response: Response) -> Response {
    if matches!(response.status(), StatusCode::NOT_MODIFIED | StatusCode::NO_CONTENT) {
        *response.body_mut() = Body::empty();
        for name in [CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING] {
            response.headers_mut().remove(name);
        }
    }
    response
}

/// An error as an answer.
pub(crate) fn refuse(error: S3Error) -> Response {
    match error.to_http_response() {
        Ok(response) => as_http_has_it(response.map(Body::new)),
        Err(_) => empty(500),
    }
}

fn preflight(rules: &[cors::Rule], request: &Request) -> Response {
    let refusal = match cors::preflight(rules, request.headers()) {
        Ok(headers) => return allowed(headers),
        Err(refusal) => refusal,
    };
    let (status, code, message) = match refusal {
        Refusal::NoOrigin => (400, "BadRequest", "Insufficient information. Origin request header needed."),
        Refusal::NoMethod => (400, "BadRequest", "Invalid Access-Control-Request-Method: null"),
        Refusal::NotEnabled => (403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket."),
        Refusal::NotAllowed => (
            403,
            "AccessForbidden",
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, \
             request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted \
             by the resource's CORS spec.",
        ),
    };
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    full(status, "application/xml", body)
}

fn allowed(headers: HeaderMap) -> Response {
    let mut response = empty(200);
    response.headers_mut().extend(headers);
    response
}
