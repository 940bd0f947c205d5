//! Errors of the origin: the pages shown instead, and how long they are kept.

use crate::cached;
use crate::definition::{kept, kept_when_told};
use crate::exchange::Exchange;
use crate::freshness::Directives;
use crate::message::{ERROR, Head, Reply, Viewer};
use http::{HeaderMap, Method, header};
use stack_builder_local_core::Body;

pub(crate) use crate::definition::KEEP;

/// Seconds for which an error is kept; `None` when it is not.
pub(crate) fn seconds(exchange: &Exchange, reply: &Reply, now: u64) -> Option<u64> {
    // A function that fails is asked again each time.
    if reply.cache.contains("Lambda") {
        return None;
    }
    let said = Directives::read(&reply.headers, now).age;
    let rule = exchange.distribution.error(reply.status).map_or(KEEP, |rule| rule.keep);
    if kept(reply.status) {
        let policy = &exchange.behavior.cache;
        Some(said.map_or(0, |said| said.min(policy.max)).max(rule))
    } else if kept_when_told(reply.status) && !exchange.behavior.cache.is_off() {
        said.map(|said| said.max(rule))
    } else {
        None
    }
}

/// The page that the distribution has for an error, or the origin's own.
pub(crate) async fn shown(exchange: &Exchange, head: &Head, reply: Reply) -> Reply {
    let page = exchange.distribution.error(reply.status).and_then(|rule| rule.page.clone());
    let Some((path, status)) = page.filter(|_| !exchange.for_error) else {
        return own(reply);
    };
    let Some(behavior) = exchange.distribution.behavior(&path) else { return own(reply) };
    let inner = Exchange {
        shared: exchange.shared.clone(),
        distribution: exchange.distribution.clone(),
        behavior: behavior.clone(),
        id: exchange.id.clone(),
        trace: exchange.trace.clone(),
        ip: exchange.ip,
        for_error: true,
    };
    // Boxed, as it comes back here, once.
    let mut page = Box::pin(cached::answer(&inner, request(head, path))).await;
    if page.status < 400 {
        page.status = status;
    }
    page.headers.remove(header::AGE);
    (page.cache, page.shown) = (ERROR, false);
    page
}

/// Asks for a page as the viewer would, without conditions.
fn request(head: &Head, path: String) -> Viewer {
    let kept = [header::HOST, header::ACCEPT_ENCODING, header::USER_AGENT];
    let headers: HeaderMap =
        kept.into_iter().filter_map(|name| Some((name.clone(), head.headers.get(&name)?.clone()))).collect();
    let head = Head { method: Method::GET, path, query: String::new(), headers };
    Viewer { head, body: Body::empty() }
}

fn own(mut reply: Reply) -> Reply {
    if !reply.cache.starts_with("Lambda") && !reply.cache.starts_with("Function") {
        reply.cache = ERROR;
    }
    reply
}
