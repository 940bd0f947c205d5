//! Requests and answers as every local service sees them.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// A body that may be whole or still arriving.
pub type Body = axum::body::Body;
/// A request.
pub type Request = http::Request<Body>;
/// An answer.
pub type Response = http::Response<Body>;
/// An answer that is being made.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Response> + Send + 'a>>;

/// What answers HTTP requests: a distribution, an API, the console.
///
/// The request's extensions hold the [`Caller`](crate::Caller) and the [`Trace`](crate::Trace) when there is one.
/// There is no error: what goes wrong is an answer, as it is for the service's clients.
pub trait Service: Send + Sync {
    /// Answers a request.
    fn call(&self, request: Request) -> Answer<'_>;
}

/// A body was longer than its reader allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLarge {
    /// More bytes than the limit.
    Limit(usize),
    /// The sender went away, or sent what is no HTTP.
    Broken,
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit(limit) => write!(f, "the body is longer than {limit} bytes"),
            Self::Broken => write!(f, "the body ended before its time"),
        }
    }
}

impl std::error::Error for TooLarge {}

/// Reads a body to its end, but never more than `limit` bytes.
///
/// # Errors
/// When it is longer, or breaks off.
pub async fn collect(body: Body, limit: usize) -> Result<Bytes, TooLarge> {
    let mut body = body;
    let mut first: Option<Bytes> = None;
    let mut rest = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| TooLarge::Broken)?.into_data() else { continue };
        let so_far = first.as_ref().map_or(0, Bytes::len) + rest.len();
        if so_far + data.len() > limit {
            return Err(TooLarge::Limit(limit));
        }
        match &first {
            None => first = Some(data),
            Some(_) => rest.extend_from_slice(&data),
        }
    }
    Ok(match first {
        None => Bytes::new(),
        Some(only) if rest.is_empty() => only,
        Some(head) => [head, rest.freeze()].concat().into(),
    })
}

/// An answer with a whole body.
pub fn full(status: u16, content_type: &str, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(Body::from(body.into()));
    *response.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(value) = content_type.parse() {
        response.headers_mut().insert(http::header::CONTENT_TYPE, value);
    }
    response
}

/// An answer of plain text.
pub fn text(status: u16, body: impl Into<String>) -> Response {
    full(status, "text/plain; charset=utf-8", body.into())
}

/// An answer without a body.
pub fn empty(status: u16) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() =
        http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn reads_up_to_the_limit_and_no_further() {
        let chunks = || futures_util::stream::iter(["abc", "de"].map(Ok::<_, std::io::Error>));
        assert_eq!(collect(Body::from_stream(chunks()), 5).await, Ok(Bytes::from("abcde")));
        assert_eq!(collect(Body::from_stream(chunks()), 4).await, Err(TooLarge::Limit(4)));
        let endless =
            futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[0; 1024])));
        assert_eq!(collect(Body::from_stream(endless), 1 << 20).await, Err(TooLarge::Limit(1 << 20)));
    }
}
