//! The web console at `/_stack-builder`.

use crate::application::Application;
use crate::stores::Stores;
use arc_swap::ArcSwap;
use stack_builder_local_core::{Answer, Request, Service, text};
use std::sync::Arc;

/// Where the console is.
pub(crate) const PATH: &str = "/_stack-builder";
/// What is below it.
pub(crate) const BELOW: &str = "/_stack-builder/";

/// The console.
pub(crate) struct Console {
    stores: Arc<Stores>,
    application: Arc<ArcSwap<Application>>,
}

impl Console {
    pub(crate) fn new(stores: Arc<Stores>, application: Arc<ArcSwap<Application>>) -> Self {
        Self { stores, application }
    }
}

impl Service for Console {
    fn call(&self, _request: Request) -> Answer<'_> {
        Box::pin(std::future::ready(text(404, "no such page\n")))
    }
}
