//! Answering from the cache, or from the origin by way of it.

use crate::compress;
use crate::errors;
use crate::exchange::Exchange;
use crate::fetch::{Purpose, fetch};
use crate::flight::{Flight, Turn, over};
use crate::freshness::lifetime;
use crate::key::{self, takes_gzip};
use crate::message::{ERROR, HIT, Head, MISS, Payload, REFRESHED, Reply, Viewer};
use crate::peek::{Peeked, peek, size, tee};
use crate::store::{LARGEST, Object};
use bytes::Bytes;
use http::{HeaderMap, Method, header};
use stack_builder_local_core::Layer;
use std::sync::Arc;
use std::time::Duration;

/// How long a body may take that others wait for as well.
const PATIENCE: Duration = Duration::from_secs(30);

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
        let size = length(&reply.headers).or_else(|| match &reply.payload {
            Payload::Whole(body) => Some(body.len()),
            Payload::Stream(body) => size(body),
        });
        let Some(size) = size else { return self.along(reply, seconds) };
        if size > LARGEST {
            return reply;
        }
        let Reply { status, mut headers, payload, cache, shown } = reply;
        let body = match payload {
            Payload::Whole(body) => body,
            Payload::Stream(body) => match tokio::time::timeout(PATIENCE, peek(body, LARGEST)).await {
                Ok(Peeked::Whole(body)) => body,
                Ok(Peeked::Longer(_, body)) => {
                    return Reply { status, headers, payload: Payload::Stream(body), cache, shown };
                }
                Ok(Peeked::Broken) => return self.exchange.page(502, "The origin's answer broke off."),
                Err(_) => return self.exchange.page(504, "The origin's answer stopped."),
            },
        };
        let behavior = &self.exchange.behavior;
        let small =
            behavior.compress && takes_gzip(self.head) && compress::worth(status, &headers, body.len());
        let body = if small { compress::compress(&mut headers, body).await } else { body };
        let object = self.store(self.object(status, headers, body, seconds, cache == ERROR));
        let mut reply = object.reply(self.head, self.exchange.now(), MISS);
        (reply.cache, reply.shown) = (cache, shown);
        reply
    }

    /// Keeps what passes by, as its size is known only in the end. As with AWS, it is not compressed.
    fn along(&self, reply: Reply, seconds: u64) -> Reply {
        let Payload::Stream(body) = reply.payload else { return reply };
        let mut object = self.object(reply.status, reply.headers.clone(), Bytes::new(), seconds, false);
        object.error = reply.cache == ERROR;
        let (shared, key) = (self.exchange.shared.clone(), self.key.to_owned());
        let generation = self.generation;
        let body = tee(body, LARGEST, move |body| {
            object.body = body;
            shared.store.put(&key, Arc::new(object), generation);
        });
        Reply { payload: Payload::Stream(body), ..reply }
    }

    fn object(&self, status: u16, headers: HeaderMap, body: Bytes, seconds: u64, error: bool) -> Object {
        let now = self.exchange.now();
        Object {
            status,
            headers,
            body,
            since: now,
            fresh_until: until(now, seconds),
            error,
            place: self.place(),
        }
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
    matches!(status, 200 | 203 | 204 | 300 | 301 | 302 | 303 | 307 | 308)
}
