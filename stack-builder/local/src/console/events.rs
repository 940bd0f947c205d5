//! A stream that says that something is new.
//!
//! It carries the names of what has changed and nothing else, at most ten times a second: the page then fetches what it
//! shows. So a flood of requests or log lines costs a reader, and this process, no more than a trickle does.

use super::Console;
use crate::application::Application;
use arc_swap::ArcSwap;
use futures_util::stream;
use http::{HeaderValue, header};
use serde_json::json;
use stack_builder_local_core::{Body, Event, Response, text};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// Something is sent at least this often, by which either side notices that the other has gone.
const HEARTBEAT: Duration = Duration::from_secs(5);
/// What happens so soon after something else is told together with it.
const TOGETHER: Duration = Duration::from_millis(100);

/// One reader.
struct Reader {
    events: Receiver<Event>,
    application: Arc<ArcSwap<Application>>,
    /// What the reader has been told of; weak, so that it does not keep an application that is gone.
    known: Weak<Application>,
    /// What is to be sent before anything else.
    greeting: Option<String>,
    _permit: OwnedSemaphorePermit,
}

impl Console {
    /// Answers with a stream that ends when the reader goes, or the process.
    pub(super) fn events(&self) -> Response {
        let Ok(permit) = self.streams.clone().try_acquire_owned() else {
            return text(503, "too many pages watch already; close some\n");
        };
        let reader = Reader {
            events: self.stores.world.journal.subscribe(),
            known: Arc::downgrade(&self.application.load_full()),
            application: self.application.clone(),
            greeting: Some(format!("retry: 1000\nevent: hello\ndata: {}\n\n", json!({ "run": self.run }))),
            _permit: permit,
        };
        let chunks = stream::unfold(reader, |mut reader| async {
            let chunk = reader.next().await?;
            Some((Ok::<_, Infallible>(chunk), reader))
        });
        let mut response = Response::new(Body::from_stream(chunks));
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        response
    }
}

impl Reader {
    /// The next message; `None` when there will be none.
    async fn next(&mut self) -> Option<String> {
        if let Some(greeting) = self.greeting.take() {
            return Some(greeting);
        }
        let first = tokio::time::timeout(HEARTBEAT, self.events.recv()).await;
        let mut news = BTreeSet::new();
        match first {
            Ok(Ok(event)) => drop(news.insert(name(&event))),
            Ok(Err(RecvError::Lagged(_))) => news.extend(EVERYTHING),
            Ok(Err(RecvError::Closed)) => return None,
            Err(_) => {}
        }
        if !news.is_empty() {
            tokio::time::sleep(TOGETHER).await;
            while let Ok(event) = self.events.try_recv() {
                news.insert(name(&event));
            }
        }
        self.notice_another_application(&mut news);
        Some(message(&news))
    }

    fn notice_another_application(&mut self, news: &mut BTreeSet<&'static str>) {
        let now = Arc::downgrade(&self.application.load_full());
        if !now.ptr_eq(&self.known) {
            self.known = now;
            news.insert("application");
        }
    }
}

const EVERYTHING: [&str; 4] = ["requests", "logs", "inbox", "notices"];

fn name(event: &Event) -> &'static str {
    match event {
        Event::Request(_) => "requests",
        Event::Log { .. } => "logs",
        Event::Mail(_) => "inbox",
        Event::Notice { .. } => "notices",
    }
}

fn message(news: &BTreeSet<&'static str>) -> String {
    if news.is_empty() {
        return ": alive\n\n".to_owned();
    }
    format!("event: news\ndata: {}\n\n", json!(news))
}
