//! What all environments share: the machine that they run on.

use crate::Options;
use crate::environment::{End, Environment};
use crate::ids::TraceIds;
use crate::watchdog::Watchdog;
use stack_builder_local_core::World;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long the end may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// The machine.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) world: World,
    pub(crate) options: Options,
    pub(crate) traces: TraceIds,
    room: Arc<Semaphore>,
    watchdog: Watchdog,
    living: Mutex<BTreeMap<u32, Arc<Environment>>>,
    stopping: AtomicBool,
}

/// How long what an environment signed outlives it, in seconds: the least that Lambda gives a session of a role.
const SESSION: u64 = 3600;

impl Host {
    pub(crate) fn new(world: World, options: Options) -> Self {
        Self {
            traces: TraceIds::new(world.clock.seconds()),
            room: Arc::new(Semaphore::new(options.environments)),
            watchdog: Watchdog::start(),
            living: Mutex::default(),
            stopping: AtomicBool::new(false),
            world,
            options,
        }
    }

    /// Room for one more environment, if there is some now.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        let free = !self.stopping.load(Ordering::Relaxed);
        free.then(|| self.room.clone().try_acquire_owned().ok()).flatten()
    }

    /// Room for one more environment, when another one ends within `patience`.
    pub(crate) async fn wait_for_place(&self, patience: Duration) -> Option<OwnedSemaphorePermit> {
        let place = tokio::time::timeout(patience, self.room.clone().acquire_owned()).await;
        place.ok()?.ok().filter(|_| !self.stopping.load(Ordering::Relaxed))
    }

    /// An environment has begun.
    pub(crate) fn born(&self, leader: u32, environment: Arc<Environment>) {
        self.world.identities.add(environment.credentials.clone());
        self.watchdog.add(leader);
        self.living.lock().unwrap_or_else(PoisonError::into_inner).insert(leader, environment);
    }

    /// It has ended.
    pub(crate) fn dead(&self, leader: u32, environment: &Environment) {
        let until = self.world.clock.seconds() + SESSION;
        self.world.identities.retire(&environment.credentials.access_key, until);
        self.watchdog.remove(leader);
        self.living.lock().unwrap_or_else(PoisonError::into_inner).remove(&leader);
    }

    /// Ends all environments and begins no new one.
    pub(crate) async fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        let all: Vec<_> =
            self.living.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        for environment in &all {
            environment.end(End::Politely);
        }
        let everyone = u32::try_from(self.options.environments).unwrap_or(u32::MAX);
        // Whoever is not gone by then is killed by the watchdog.
        let _ = tokio::time::timeout(PATIENCE, self.room.acquire_many(everyone)).await;
    }
}
