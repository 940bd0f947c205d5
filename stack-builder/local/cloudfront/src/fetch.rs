//! Asking the origin.

use crate::definition::OriginDef;
use crate::edge;
use crate::exchange::Exchange;
use crate::forward;
use crate::message::{Head, MISS, OriginRequest, Payload, Reply, Viewer, strip_connection};
use crate::store::Object;
use http::{HeaderMap, HeaderValue, Method, header};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use stack_builder_local_core::{Body, Caller, Origin, Request, Response};
use std::sync::Arc;

/// What no URI may hold; functions at the edge may write it all the same.
const UNFIT: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`');

/// How an answer will be used.
#[derive(Clone, Copy, Default)]
pub(crate) struct Purpose<'a> {
    /// For others as well, so the viewer's conditions stay here.
    pub(crate) whole: bool,
    /// Only if it is other than this one.
    pub(crate) unless: Option<&'a Object>,
}

/// Asks the origin of the behaviour, and the other of its group if need be.
pub(crate) async fn fetch(exchange: &Exchange, viewer: Viewer, purpose: Purpose<'_>) -> Reply {
    let Some(target) = &exchange.behavior.target else {
        return exchange.page(502, "The behavior names an origin that the distribution does not have.");
    };
    let safe = matches!(viewer.head.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let Some((second, statuses)) = target.second.as_ref().filter(|_| safe) else {
        return once(exchange, viewer, target.first.clone(), purpose).await;
    };
    let again = Viewer { head: viewer.head.clone(), body: Body::empty() };
    let reply = once(exchange, viewer, target.first.clone(), purpose).await;
    if !statuses.contains(&reply.status) {
        return reply;
    }
    once(exchange, again, second.clone(), purpose).await
}

async fn once(exchange: &Exchange, viewer: Viewer, origin: Arc<OriginDef>, purpose: Purpose<'_>) -> Reply {
    let mut request = forward::request(exchange, viewer, origin, purpose.whole);
    if let Some(object) = purpose.unless {
        conditions(&mut request.head.headers, object);
    }
    if let Some(edge) = &exchange.behavior.edges.origin_request {
        match edge::origin_request(exchange, edge, &mut request).await {
            Ok(None) => {}
            Ok(Some(reply)) => return reply,
            Err(failure) => return failure.page(&exchange.id),
        }
    }
    let Some(edge) = &exchange.behavior.edges.origin_response else {
        return send(exchange, request).await.unwrap_or_else(|page| page);
    };
    let (head, origin) = (request.head.clone(), request.origin.clone());
    let mut reply = match send(exchange, request).await {
        Ok(reply) => reply,
        Err(page) => return page,
    };
    match edge::origin_response(exchange, edge, (&head, &origin), &mut reply).await {
        Ok(()) => reply,
        Err(failure) => failure.page(&exchange.id),
    }
}

/// Asks whether an object is still the same. The mark of a weak tag goes: ours may come from compression.
fn conditions(headers: &mut HeaderMap, object: &Object) {
    let tag = object.headers.get(header::ETAG).and_then(|tag| tag.to_str().ok());
    if let Some(Ok(tag)) = tag.map(|tag| HeaderValue::from_str(tag.trim_start_matches("W/"))) {
        headers.insert(header::IF_NONE_MATCH, tag);
    }
    if let Some(time) = object.headers.get(header::LAST_MODIFIED) {
        headers.insert(header::IF_MODIFIED_SINCE, time.clone());
    }
}

/// The origin's answer, or a page when there is none.
async fn send(exchange: &Exchange, request: OriginRequest) -> Result<Reply, Reply> {
    let domain = request.origin.domain.clone();
    let Some(origin) = exchange.shared.origins.find(&domain) else {
        exchange.shared.tell_once(
            &exchange.distribution.resource,
            &format!("origin `{domain}` is not local: its requests are answered with 502"),
            "serve it from the application, or point the origin at a resource of it",
        );
        return Err(exchange.page(502, &format!("The origin {domain} is not served on this machine.")));
    };
    let timeout = request.origin.timeout;
    let Some(request) = outgoing(exchange, request) else {
        return Err(exchange.page(502, "The request to the origin is no valid HTTP."));
    };
    let service = match &origin {
        Origin::Bucket(service) | Origin::Custom(service) => service,
    };
    match tokio::time::timeout(timeout, service.call(request)).await {
        Ok(response) => Ok(incoming(response)),
        Err(_) => Err(exchange
            .page(504, &format!("The origin {domain} did not answer within {} seconds.", timeout.as_secs()))),
    }
}

fn outgoing(exchange: &Exchange, request: OriginRequest) -> Option<Request> {
    let Head { method, path, query, mut headers } = request.head;
    let origin = request.origin;
    let mark = if query.is_empty() { "" } else { "?" };
    let target = format!("{}{path}{mark}{query}", origin.path);
    let target = utf8_percent_encode(&target, UNFIT).to_string();
    // The origin's own headers win over the viewer's.
    for (name, value) in &origin.headers {
        headers.insert(name.clone(), value.clone());
    }
    let caller = if origin.signed {
        headers.remove(header::AUTHORIZATION);
        Caller::Service {
            name: "cloudfront.amazonaws.com".to_owned(),
            source_arn: exchange.distribution.arn.clone(),
        }
    } else {
        Caller::Anonymous
    };
    let mut outgoing = Request::new(request.body);
    *outgoing.method_mut() = method;
    *outgoing.uri_mut() = target.parse().ok()?;
    *outgoing.headers_mut() = headers;
    outgoing.extensions_mut().insert(caller);
    outgoing.extensions_mut().insert(exchange.trace.clone());
    Some(outgoing)
}

fn incoming(response: Response) -> Reply {
    let (parts, body) = response.into_parts();
    let mut headers = parts.headers;
    strip_connection(&mut headers);
    let status = parts.status.as_u16();
    Reply { status, headers, payload: Payload::Stream(body), cache: MISS, shown: status < 400 }
}
