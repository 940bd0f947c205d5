//! A viewer's request, from its head to the answer.

use crate::cached;
use crate::definition::{Behavior, Distribution};
use crate::edge;
use crate::exchange::{Exchange, Shared};
use crate::ident;
use crate::message::{Head, Payload, Reply, Viewer, strip_connection};
use crate::page::page;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header, request::Parts};
use stack_builder_local_core::{Body, Layer, Request, Response, Trace};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// Bytes of a URL.
/// See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html>.
const LONGEST_URL: usize = 8_192;
/// Bytes of a request without its body.
const LONGEST_HEAD: usize = 32_768;

/// Answers a request of a viewer.
pub(crate) async fn serve(
    shared: &Arc<Shared>,
    distribution: &Arc<Distribution>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let trace = parts.extensions.get::<Trace>().cloned().unwrap_or_default();
    let ip = parts.extensions.get::<SocketAddr>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), SocketAddr::ip);
    let id = ident::request_id();
    let admitted = admit(distribution, &parts, &id);
    let head = head(distribution, parts);
    let what = format!("{} {}", head.method, head.path);
    let behavior = distribution.behavior(&head.path).cloned();
    let pattern = behavior.as_ref().map_or("*", |behavior| behavior.pattern.as_str());
    let span = trace.step(Layer::Cdn, Some(&distribution.resource), format!("{what} (behavior `{pattern}`)"));
    let (wants_body, dress) = (head.wants_body(), Dress::new(distribution, &id));
    let reply = match (admitted, behavior) {
        (Err(page), _) => *page,
        (Ok(()), Some(behavior)) => {
            let exchange = Exchange {
                shared: shared.clone(),
                distribution: distribution.clone(),
                behavior,
                id,
                trace,
                ip,
                for_error: false,
            };
            admitted_request(&exchange, Viewer { head, body }).await
        }
        (Ok(()), None) => page(404, "No behavior fits the path.", &id),
    };
    span.end(format!("{} {}", reply.status, reply.cache));
    dress.response(reply, wants_body)
}

/// What every behaviour asks of a request.
fn admit(distribution: &Distribution, parts: &Parts, id: &str) -> Result<(), Box<Reply>> {
    let refuse = |status, reason: &str| Err(Box::new(page(status, reason, id)));
    if !distribution.enabled {
        return refuse(403, "The distribution is disabled.");
    }
    let url = parts.uri.path_and_query().map_or(0, |path| path.as_str().len());
    if url > LONGEST_URL {
        return refuse(414, "The URL is longer than 8,192 bytes.");
    }
    let headers: usize =
        parts.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if url + headers > LONGEST_HEAD {
        return refuse(494, "The request is longer than 32,768 bytes without its body.");
    }
    if parts.headers.get_all(header::HOST).iter().count() > 1 {
        return refuse(400, "The request has more than one Host header.");
    }
    if !parts.uri.path().starts_with('/') {
        return refuse(400, "The request has no path.");
    }
    Ok(())
}

/// The request as behaviours see it: with the root object in place of `/`.
fn head(distribution: &Distribution, parts: Parts) -> Head {
    let path = parts.uri.path();
    let path = if path == "/" { format!("/{}", distribution.root) } else { path.to_owned() };
    let query = parts.uri.query().unwrap_or_default().to_owned();
    Head { method: parts.method, path, query, headers: parts.headers }
}

async fn admitted_request(exchange: &Exchange, viewer: Viewer) -> Reply {
    let behavior = exchange.behavior.clone();
    let (method, origin) = (viewer.head.method.clone(), viewer.head.headers.get(header::ORIGIN).cloned());
    let Some(reply) = refused(exchange, &behavior, &viewer) else {
        let (mut reply, seen) = Box::pin(through(exchange, viewer)).await;
        decorate(&behavior, &mut reply, &method, origin.as_ref());
        if let (Some(edge), Some(seen), true) = (&behavior.edges.viewer_response, &seen, reply.shown) {
            // A function's page has been seen by no policy, and is not.
            if let Err(failure) = edge::viewer_response(exchange, edge, seen, &mut reply).await {
                return failure.page(&exchange.id);
            }
        }
        return reply;
    };
    let mut reply = reply;
    decorate(&behavior, &mut reply, &method, origin.as_ref());
    reply
}

fn refused(exchange: &Exchange, behavior: &Behavior, viewer: &Viewer) -> Option<Reply> {
    let head = &viewer.head;
    if !behavior.methods.contains(&head.method) {
        let reason = "This distribution is not configured to allow the HTTP request method that was used for \
                      this request.";
        return Some(exchange.page(403, reason));
    }
    let length = head.header("content-length").is_some_and(|length| length.trim() != "0");
    let has_body = length || head.headers.contains_key(header::TRANSFER_ENCODING);
    let bad = has_body && matches!(head.method, Method::GET | Method::HEAD);
    bad.then(|| exchange.page(403, "A GET or HEAD request must not have a body."))
}

/// Functions, cache and origin; with the reply, the request as a viewer-response function sees it, unless the
/// viewer-request function has answered.
async fn through(exchange: &Exchange, mut viewer: Viewer) -> (Reply, Option<Head>) {
    let edges = &exchange.behavior.edges;
    if let Some(edge) = &edges.viewer_request {
        match edge::viewer_request(exchange, edge, &mut viewer).await {
            Ok(None) => {}
            Ok(Some(reply)) => return (reply, None),
            Err(failure) => return (failure.page(&exchange.id), None),
        }
    }
    let seen = edges.viewer_response.as_ref().map(|_| viewer.head.clone());
    let method = &viewer.head.method;
    let options = *method == Method::OPTIONS && exchange.behavior.options_cached;
    let reply = if matches!(*method, Method::GET | Method::HEAD) || options {
        cached::answer(exchange, viewer).await
    } else {
        cached::pass(exchange, viewer).await
    };
    (reply, seen)
}

fn decorate(behavior: &Behavior, reply: &mut Reply, method: &Method, origin: Option<&HeaderValue>) {
    if let Some(policy) = &behavior.headers {
        let origin = origin.and_then(|origin| origin.to_str().ok());
        policy.apply(&mut reply.headers, method, origin, reply.cache);
    }
}

/// What every answer wears.
struct Dress {
    via: String,
    id: String,
}

impl Dress {
    fn new(distribution: &Distribution, id: &str) -> Self {
        Self { via: distribution.via.clone(), id: id.to_owned() }
    }

    fn response(self, reply: Reply, wants_body: bool) -> Response {
        let Reply { status, mut headers, payload, cache, .. } = reply;
        strip_connection(&mut headers);
        let bodiless = matches!(status, 204 | 304);
        let body = match payload {
            Payload::Whole(body) if wants_body && !bodiless => whole(&mut headers, body),
            Payload::Whole(body) => {
                if !bodiless && !body.is_empty() {
                    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
                }
                Body::empty()
            }
            Payload::Stream(body) if wants_body && !bodiless => body,
            Payload::Stream(_) => Body::empty(),
        };
        self.sign(&mut headers, cache);
        let mut response = Response::new(body);
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::BAD_GATEWAY);
        *response.headers_mut() = headers;
        response
    }

    fn sign(self, headers: &mut HeaderMap, cache: &'static str) {
        headers.insert("x-cache", HeaderValue::from_static(cache));
        if let Ok(via) = HeaderValue::try_from(self.via) {
            headers.append(header::VIA, via);
        }
        headers.insert("x-amz-cf-pop", HeaderValue::from_static("LOC50-C1"));
        if let Ok(id) = HeaderValue::try_from(self.id) {
            headers.insert("x-amz-cf-id", id);
        }
    }
}

fn whole(headers: &mut HeaderMap, body: Bytes) -> Body {
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    Body::from(body)
}
