//! Answering from the cache, or from the origin by way of it.

use crate::compress;
use crate::errors;
use crate::exchange::Exchange;
use crate::fetch::{Purpose, fetch};
use crate::flight::{Flight, Turn, over};
use crate::freshness::lifetime;
use crate::key::{self, takes_gzip};
use crate::message::{ERROR, HIT, Head, MISS, Payload, REFRESHED, Reply, Viewer};
use crate::peek::{Peeked, peek};
use crate::store::{LARGEST, Object};
use http::{HeaderMap, Method, StatusCode, header};
use stack_builder_local_core::Layer;
use std::sync::Arc;

/// Answers a request whose answer may be kept.
pub(crate) async fn answer(exchange: &Exchange, viewer: Viewer) -> Reply {
    let key = key::key(&exchange.distribution, &exchange.behavior, &viewer.head, exchange.ip);
    let found = exchange.shared.store.get(&key);
    if let Some(reply) = fresh(exchange, found.as_deref(), &viewer.head) {
        return reply;
    }
    if viewer.head.method == Method::HEAD || viewer.head.headers.contains_key(header::RANGE) {
        return pass(exchange, viewer).await;
    }
    if exchange.behavior.cache.is_off() {
        return ask(exchange, viewer, &key, None, None).await;
    }
    match exchange.shared.flights.join(&key) {
        Turn::Own(flight) => ask(exchange, viewer, &key, found, Some(flight)).await,
        Turn::Other(receiver) => {
            over(receiver).await;
            let found = exchange.shared.store.get(&key);
            match fresh(exchange, found.as_deref(), &viewer.head) {
                Some(reply) => reply,
                None => ask(exchange, viewer, &key, found, None).await,
            }
        }
    }
}

/// Answers a request whose answer is nobody else's.
pub(crate) async fn pass(exchange: &Exchange, viewer: Viewer) -> Reply {
    let head = viewer.head.clone();
    let reply = fetch(exchange, viewer, Purpose::default()).await;
    if reply.status < 400 { reply } else { errors::shown(exchange, &head, reply).await }
}

fn fresh(exchange: &Exchange, found: Option<&Object>, head: &Head) -> Option<Reply> {
    let now = exchange.now();
    let object = found.filter(|object| object.is_fresh(now))?;
    exchange.trace.step(Layer::Cdn, Some(&exchange.distribution.resource), "cache").end("hit");
    Some(object.reply(head, now, HIT))
}

async fn ask(
    exchange: &Exchange,
    viewer: Viewer,
    key: &str,
    old: Option<Arc<Object>>,
    flight: Option<Flight>,
) -> Reply {
    let generation = exchange.shared.store.generation();
    let head = viewer.head.clone();
    let known = old.as_ref().filter(|object| !object.error);
    let purpose = Purpose { whole: !exchange.behavior.cache.is_off(), unless: known.map(AsRef::as_ref) };
    let reply = fetch(exchange, viewer, purpose).await;
    let keeping = Keeping { exchange, head: &head, key, generation };
    match known {
        Some(old) if reply.status == 304 => keeping.again(old, Some(&reply.headers)),
        Some(old) if (500..=504).contains(&reply.status) => keeping.again(old, None),
        _ if reply.status >= 400 => keeping.error(reply).await,
        _ => keeping.good(reply, flight).await,
    }
}

/// What is needed to keep an answer.
struct Keeping<'a> {
    exchange: &'a Exchange,
    head: &'a Head,
    key: &'a str,
    generation: u64,
}

impl Keeping<'_> {
    /// Uses an object again that the origin calls unchanged, or for which there is no better one right now.
    fn again(&self, old: &Object, said: Option<&HeaderMap>) -> Reply {
        let now = self.exchange.now();
        let mut headers = old.headers.clone();
        for name in [header::CACHE_CONTROL, header::EXPIRES, header::DATE] {
            if let Some(value) = said.and_then(|said| said.get(&name)) {
                headers.insert(name, value.clone());
            }
        }
        let policy = &self.exchange.behavior.cache;
        let seconds = match said {
            Some(_) => lifetime(policy, &headers, now / 1000).unwrap_or(0),
            None => self.exchange.distribution.error(500).map_or(errors::KEEP, |rule| rule.keep),
        };
        let since = if said.is_some() { now } else { old.since };
        let again = Object {
            status: old.status,
            headers,
            body: old.body.clone(),
            since,
            fresh_until: until(now, seconds),
            error: false,
            place: old.place.clone(),
        };
        self.store(again).reply(self.head, now, REFRESHED)
    }

    async fn good(&self, reply: Reply, flight: Option<Flight>) -> Reply {
        let seconds = lifetime(&self.exchange.behavior.cache, &reply.headers, self.exchange.now() / 1000);
        let Some(seconds) = seconds.filter(|_| keepable(reply.status)) else {
            // Nobody else can use it: they need not wait for its body.
            drop(flight);
            return reply;
        };
        self.keep(reply, seconds).await
    }

    async fn error(&self, reply: Reply) -> Reply {
        let status = reply.status;
        let seconds = errors::seconds(self.exchange, &reply, self.exchange.now() / 1000);
        let reply = errors::shown(self.exchange, self.head, reply).await;
        match seconds {
            Some(seconds) if seconds > 0 && status >= 400 => self.keep(reply, seconds).await,
            _ => reply,
        }
    }

    async fn keep(&self, reply: Reply, seconds: u64) -> Reply {
        let Reply { status, mut headers, payload, cache, shown } = reply;
        if length(&headers).is_some_and(|length| length > LARGEST) {
            return Reply { status, headers, payload, cache, shown };
        }
        let body = match payload {
            Payload::Whole(body) => body,
            Payload::Stream(body) => match peek(body, LARGEST).await {
                Peeked::Whole(body) => body,
                Peeked::Longer(_, body) => {
                    return Reply { status, headers, payload: Payload::Stream(body), cache, shown };
                }
                Peeked::Broken => {
                    return self.exchange.page(502, "The origin's answer broke off.");
                }
            },
        };
        if length(&headers).is_some_and(|length| length != body.len()) && !headers.contains_key("x-cache") {
            headers.remove(header::CONTENT_LENGTH);
        }
        let behavior = &self.exchange.behavior;
        let small =
            behavior.compress && takes_gzip(self.head) && compress::worth(status, &headers, body.len());
        let body = if small { compress::compress(&mut headers, body).await } else { body };
        let now = self.exchange.now();
        let object = Object {
            status,
            headers,
            body,
            since: now,
            fresh_until: until(now, seconds),
            error: cache == ERROR,
            place: self.place(),
        };
        let mut reply = self.store(object).reply(self.head, now, MISS);
        (reply.cache, reply.shown) = (cache, shown);
        reply
    }

    fn place(&self) -> (Arc<str>, String) {
        let query = key::query(&self.exchange.behavior, self.head);
        let mark = if query.is_empty() { "" } else { "?" };
        (self.exchange.distribution.id.as_str().into(), format!("{}{mark}{query}", self.head.path))
    }

    fn store(&self, object: Object) -> Arc<Object> {
        let object = Arc::new(object);
        self.exchange.shared.store.put(self.key, object.clone(), self.generation);
        object
    }
}

fn until(now: u64, seconds: u64) -> u64 {
    now.saturating_add(seconds.saturating_mul(1000))
}

fn length(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Good answers that are kept; a part of an object is not.
fn keepable(status: u16) -> bool {
    StatusCode::from_u16(status).is_ok()
        && matches!(status, 200 | 203 | 204 | 300 | 301 | 302 | 303 | 307 | 308)
}
