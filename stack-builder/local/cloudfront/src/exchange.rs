//! What belongs to one request, and what all requests share.

use crate::definition::{Behavior, Distribution};
use crate::flight::Flights;
use crate::message::Reply;
use crate::page::page;
use crate::store::Store;
use stack_builder_local_core::{Invoker, Origins, ResourceId, Severity, Trace, World};
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Names remembered so that each is told once.
const TOLD: usize = 200;

/// What all distributions share.
pub(crate) struct Shared {
    pub(crate) world: World,
    pub(crate) invoker: Arc<dyn Invoker>,
    pub(crate) origins: Arc<dyn Origins>,
    pub(crate) store: Store,
    pub(crate) flights: Flights,
    told: Mutex<BTreeSet<String>>,
}

impl Shared {
    pub(crate) fn new(world: &World, invoker: Arc<dyn Invoker>, origins: Arc<dyn Origins>) -> Self {
        Self {
            world: world.clone(),
            invoker,
            origins,
            store: Store::default(),
            flights: Flights::default(),
            told: Mutex::default(),
        }
    }

    /// Says something once.
    pub(crate) fn tell_once(&self, resource: &ResourceId, message: &str, hint: &str) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() < TOLD && told.insert(format!("{resource} {message}")) {
            self.world.journal.notice(Severity::Warning, Some(resource), message, hint);
        }
    }
}

/// One request and where it belongs.
pub(crate) struct Exchange {
    pub(crate) shared: Arc<Shared>,
    pub(crate) distribution: Arc<Distribution>,
    pub(crate) behavior: Arc<Behavior>,
    /// What `X-Amz-Cf-Id` says.
    pub(crate) id: String,
    pub(crate) trace: Trace,
    pub(crate) ip: IpAddr,
    /// Whether it fetches an error page, for which there is no other error page.
    pub(crate) for_error: bool,
}

impl Exchange {
    /// An error page of CloudFront's own.
    pub(crate) fn page(&self, status: u16, reason: &str) -> Reply {
        page(status, reason, &self.id)
    }

    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.shared.world.clock.millis()
    }
}
