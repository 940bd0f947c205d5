//! The stream of events.

use super::{console, request};
use crate::application::Application;
use crate::console::STREAMS;
use http_body_util::BodyExt;
use stack_builder_local_core::{Body, ResourceId, Service};
use std::sync::Arc;
use std::time::Duration;

async fn chunk(body: &mut Body) -> String {
    let frame = body.frame().await.expect("a frame").expect("no error");
    String::from_utf8(frame.into_data().expect("data").to_vec()).expect("text")
}

#[tokio::test(start_paused = true)]
async fn the_stream_tells_of_news_together_and_breathes() {
    let console = console();
    let mut body = console.call(request("/api/events", &[])).await.into_body();
    assert!(chunk(&mut body).await.contains("event: hello\ndata: {\"run\":"));
    let journal = &console.stores.world.journal;
    (0..5000).for_each(|_| journal.log(&ResourceId::default(), "", "line"));
    journal.mail("a@example.com", "", "", None);
    let first = chunk(&mut body).await;
    assert!(first.starts_with("event: news\ndata: [") && first.contains("\"inbox\""), "{first}");
    assert_eq!(chunk(&mut body).await, ": alive\n\n");
    console.application.store(Arc::new(Application::default()));
    assert_eq!(chunk(&mut body).await, "event: news\ndata: [\"application\"]\n\n");
}

#[tokio::test(start_paused = true)]
async fn streams_are_few_and_end_with_their_reader() {
    let console = console();
    let mut open = Vec::new();
    for _ in 0..STREAMS {
        open.push(console.call(request("/api/events", &[])).await);
    }
    assert_eq!(console.call(request("/api/events", &[])).await.status(), 503);
    open.truncate(3);
    assert_eq!(console.call(request("/api/events", &[])).await.status(), 200);
    drop(open);
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(console.streams.available_permits(), STREAMS);
}
