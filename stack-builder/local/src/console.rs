//! The web console at `/_stack-builder`: what runs, what happens, and what is stored.
//!
//! It only shows: every route is a `GET` without effect, and a page of another site is refused ([`guard`]). What the
//! routes answer is JSON made afresh from the stores ([`routes`]); a stream of events ([`events`]) says only *that*
//! something is new, never what, so that a slow reader costs nothing. Values that the application keeps secret are not
//! shown ([`mask`]).

mod asked;
mod assets;
mod events;
mod functions;
mod graph;
mod guard;
mod journal;
mod logs;
mod mask;
mod overview;
mod people;
mod requests;
mod resource;
mod routes;
mod stored;

use crate::application::Application;
use crate::stores::Stores;
use arc_swap::ArcSwap;
use stack_builder_local_core::{Answer, Request, Service};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Where the console is.
pub(crate) const PATH: &str = "/_stack-builder";
/// What is below it.
pub(crate) const BELOW: &str = "/_stack-builder/";
/// Streams of events at once; a browser has one for each tab that is seen.
const STREAMS: usize = 32;

/// The console.
pub(crate) struct Console {
    stores: Arc<Stores>,
    application: Arc<ArcSwap<Application>>,
    endpoint: String,
    /// When this run began, by which a page notices that it talks to another one.
    run: u64,
    streams: Arc<Semaphore>,
}

impl Console {
    /// `endpoint` is the URL of AWS's API, below which the console is.
    pub(crate) fn new(stores: Arc<Stores>, application: Arc<ArcSwap<Application>>, endpoint: &str) -> Self {
        let run = stores.world.clock.millis();
        let streams = Arc::new(Semaphore::new(STREAMS));
        Self { stores, application, endpoint: endpoint.to_owned(), run, streams }
    }
}

impl Service for Console {
    fn call(&self, request: Request) -> Answer<'_> {
        let response = match guard::refusal(&request) {
            Some(refusal) => refusal,
            None => self.route(&request),
        };
        Box::pin(std::future::ready(guard::sealed(response)))
    }
}

#[cfg(test)]
mod tests;
