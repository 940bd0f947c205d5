//! The way of every request: CORS, forms, the protocol, and what all answers have.

use crate::access::Found;
use crate::buckets::{Inner, MOST_DOCUMENT};
use crate::cors::{self, Refusal};
use crate::{form, presigned};
use http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, ORIGIN, RANGE, SERVER, TRANSFER_ENCODING,
};
use http::{HeaderMap, Method, StatusCode};
use s3s::service::S3Service;
use s3s::{S3Error, S3ErrorCode, S3Result, s3_error};
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
        let ids = Ids::new(self.count.fetch_add(1, Ordering::Relaxed));
        let mut response = match method {
            Method::OPTIONS => preflight(&rules, &request, &ids),
            _ => self.operate(request, &found, &ids).await.unwrap_or_else(|error| refuse(error, &ids)),
        };
        found.end(response.status().as_u16());
        if let Some(origin) = origin.as_ref().and_then(|origin| origin.to_str().ok())
            && method != Method::OPTIONS
        {
            response.headers_mut().extend(cors::headers(&rules, origin, method.as_str()));
        }
        ids.sign_off(response.headers_mut());
        response
    }

    async fn operate(&self, request: Request, found: &Found, ids: &Ids) -> S3Result<Response> {
        presigned::check_form(request.uri(), request.headers())?;
        if form::is_form(&request) {
            return form::receive(&self.inner, request, found).await;
        }
        if is_document(&request) && length(&request) > MOST_DOCUMENT as u64 {
            return Err(s3_error!(MaxMessageLengthExceeded, "Your request was too big."));
        }
        let request = without_odd_range(request).map(s3s::Body::http_body_unsync);
        let response = self.s3.call(request).await;
        let response =
            response.map_err(|error| S3Error::with_source(S3ErrorCode::InternalError, error.into()))?;
        Ok(ids.finish(response))
    }

    /// The rules of the bucket that a path begins with.
    fn rules(&self, path: &str) -> Vec<cors::Rule> {
        let name = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        self.inner.bucket(name).map(|bucket| bucket.settings.cors.clone()).unwrap_or_default()
    }
}

/// What names one request in its answer.
struct Ids {
    request: String,
    host: String,
}

impl Ids {
    fn new(number: u64) -> Self {
        // Numbers that follow each other would look like the same one.
        let request = format!("{:016X}", number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        Self { request, host: format!("local/{number:016x}") }
    }

    /// Headers that every answer of S3 has.
    fn sign_off(&self, headers: &mut HeaderMap) {
        headers.insert(SERVER, HeaderValue::from_static("AmazonS3"));
        for (name, id) in [("x-amz-request-id", &self.request), ("x-amz-id-2", &self.host)] {
            if let Ok(id) = HeaderValue::from_str(id) {
                headers.insert(HeaderName::from_static(name), id);
            }
        }
    }

    /// The answer of `s3s` as S3 gives it: an error names the request, and what has no body has no description of one.
    fn finish(&self, response: http::Response<s3s::Body>) -> Response {
        let (mut parts, body) = response.into_parts();
        if matches!(parts.status, StatusCode::NOT_MODIFIED | StatusCode::NO_CONTENT) {
            for name in [CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING] {
                parts.headers.remove(name);
            }
            return Response::from_parts(parts, Body::empty());
        }
        let error = if parts.status.is_success() { None } else { body.bytes() };
        let error =
            error.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok()?.strip_suffix("</Error>"));
        match error {
            None => Response::from_parts(parts, Body::new(body)),
            Some(text) => {
                parts.headers.remove(CONTENT_LENGTH);
                Response::from_parts(parts, Body::from(self.in_error(text)))
            }
        }
    }

    fn in_error(&self, text: &str) -> String {
        let wrong_signature = "<Message>The request signature we calculated does not match the signature you provided. \
                               Check your key and signing method.</Message>";
        // The one error that `s3s` gives without a message.
        let message = if text.ends_with("<Code>SignatureDoesNotMatch</Code>") { wrong_signature } else { "" };
        format!(
            "{text}{message}<RequestId>{}</RequestId><HostId>{}</HostId></Error>",
            self.request, self.host
        )
    }
}

/// Whether the body is XML that is read whole.
fn is_document(request: &Request) -> bool {
    let of_tags = || crate::actions::query(request.uri(), "tagging").is_some();
    *request.method() == Method::POST || (*request.method() == Method::PUT && of_tags())
}

fn length(request: &Request) -> u64 {
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
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

/// An error as an answer.
fn refuse(error: S3Error, ids: &Ids) -> Response {
    error.to_http_response().map_or_else(|_| empty(500), |response| ids.finish(response))
}

fn preflight(rules: &[cors::Rule], request: &Request, ids: &Ids) -> Response {
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
    let error = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>";
    let body = ids.in_error(&format!("{error}<Code>{code}</Code><Message>{message}</Message>"));
    full(status, "application/xml", body)
}

fn allowed(headers: HeaderMap) -> Response {
    let mut response = empty(200);
    response.headers_mut().extend(headers);
    response
}
