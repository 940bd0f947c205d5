//! One function: its present definition and code, and its environments that wait for work.

use crate::code::{Build, Program};
use crate::definition::Definition;
use crate::environment::{End, Environment};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Failed starts after which a function is not started again at once.
const FORGIVEN: u32 = 2;
/// The longest pause between two failing starts.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long a call waits for code beyond the function's timeout.
const BUILDING: Duration = Duration::from_secs(30);

/// What a function is at a time.
#[derive(Debug, PartialEq)]
pub(crate) struct Setup {
    pub(crate) definition: Arc<Definition>,
    pub(crate) build: Build,
}

/// A function.
#[derive(Debug)]
pub(crate) struct Function {
    setup: watch::Sender<Arc<Setup>>,
    pool: Mutex<Pool>,
    busy: AtomicUsize,
}

#[derive(Debug, Default)]
struct Pool {
    /// The most recently used last.
    idle: Vec<(Instant, Arc<Environment>)>,
    failures: u32,
    not_before: Option<Instant>,
    /// The template has it no more.
    removed: bool,
}

/// A call under way.
#[derive(Debug)]
pub(crate) struct Busy(Arc<Function>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Function {
    pub(crate) fn new(setup: Setup) -> Self {
        Self { setup: watch::Sender::new(Arc::new(setup)), pool: Mutex::default(), busy: AtomicUsize::new(0) }
    }

    /// What it is now.
    pub(crate) fn setup(&self) -> Arc<Setup> {
        self.setup.borrow().clone()
    }

    /// From now on it is this: idle environments of what it was end, busy ones when they are done.
    pub(crate) fn become_like(&self, setup: Setup) {
        if *self.setup() == setup {
            return;
        }
        self.setup.send_replace(Arc::new(setup));
        let mut pool = self.pool();
        (pool.failures, pool.not_before) = (0, None);
        end(pool.idle.drain(..));
    }

    /// It is in the template no more: its environments end as soon as they have nothing to do.
    pub(crate) fn remove(&self) {
        let mut pool = self.pool();
        pool.removed = true;
        end(pool.idle.drain(..));
    }

    /// Waits until there is code.
    ///
    /// # Errors
    /// Why there is none.
    pub(crate) async fn code(&self) -> Result<(Arc<Setup>, Program), String> {
        let mut setups = self.setup.subscribe();
        let patience = self.setup().definition.timeout + BUILDING;
        let built = setups.wait_for(|setup| setup.build != Build::Pending);
        let Ok(Ok(setup)) = tokio::time::timeout(patience, built).await else {
            return Err("the function is still being built".to_owned());
        };
        match &setup.build {
            Build::Ready(program) => Ok((setup.clone(), program.clone())),
            Build::Failed(why) => Err(why.clone()),
            Build::Pending => Err("the function is being built".to_owned()),
        }
    }

    /// Counts a call; `None` when the function's reserved concurrency is used up.
    pub(crate) fn enter(self: &Arc<Self>, reserved: Option<usize>) -> Option<Busy> {
        let before = self.busy.fetch_add(1, Ordering::Relaxed);
        let busy = Busy(self.clone());
        (before < reserved.unwrap_or(usize::MAX)).then_some(busy)
    }

    /// An idle environment, the most recently used.
    pub(crate) fn take_idle(&self, setup: &Arc<Setup>, version: &str) -> Option<Arc<Environment>> {
        let mut pool = self.pool();
        let fits = |(_, one): &(Instant, Arc<Environment>)| {
            Arc::ptr_eq(&one.setup, setup) && *one.version == *version
        };
        let index = pool.idle.iter().rposition(fits)?;
        Some(pool.idle.remove(index).1)
    }

    /// An environment has nothing to do.
    pub(crate) fn idle(&self, environment: Arc<Environment>) {
        // Compared under the lock under which idle ones are ended after a change.
        let mut pool = self.pool();
        if !pool.removed && Arc::ptr_eq(&environment.setup, &self.setup.borrow()) {
            pool.idle.push((Instant::now(), environment));
        } else {
            environment.end(End::Politely);
        }
    }

    /// An environment has ended.
    pub(crate) fn forget(&self, gone: &Environment) {
        self.pool().idle.retain(|(_, environment)| !std::ptr::eq(&raw const **environment, gone));
    }

    /// Environments that are waiting for a call, and calls under way.
    pub(crate) fn environments(&self) -> (usize, usize) {
        (self.pool().idle.len(), self.busy.load(Ordering::Relaxed))
    }

    /// Since when its longest idle environment is idle.
    pub(crate) fn idle_since(&self) -> Option<Instant> {
        self.pool().idle.first().map(|(since, _)| *since)
    }

    /// Ends environments that are idle since `limit` or longer.
    pub(crate) fn retire(&self, limit: Instant) {
        let mut pool = self.pool();
        let kept = pool.idle.iter().position(|(since, _)| *since > limit).unwrap_or(pool.idle.len());
        end(pool.idle.drain(..kept));
    }

    /// An environment came up.
    pub(crate) fn started(&self) {
        let mut pool = self.pool();
        (pool.failures, pool.not_before) = (0, None);
    }

    /// An environment did not come up: the next ones start ever later.
    pub(crate) fn failed(&self) {
        let mut pool = self.pool();
        pool.failures = pool.failures.saturating_add(1);
        let doublings = pool.failures.saturating_sub(FORGIVEN).min(8);
        let pause = Duration::from_millis(50 << doublings).min(LONGEST_PAUSE);
        pool.not_before = (doublings > 0).then(|| Instant::now() + pause);
    }

    /// Waits as long as failed starts ask for.
    pub(crate) async fn pause(&self) {
        let until = self.pool().not_before;
        if let Some(until) = until {
            tokio::time::sleep_until(until.into()).await;
        }
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn end(environments: impl Iterator<Item = (Instant, Arc<Environment>)>) {
    environments.for_each(|(_, environment)| environment.end(End::Politely));
}
