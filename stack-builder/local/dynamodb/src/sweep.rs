//! Deleting items whose time to live has passed.

use dynoxide::Database;
use stack_builder_local_core::{Journal, Severity};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// The least time between two sweeps.
const EVERY: Duration = Duration::from_secs(5);
/// A sweep reads all tables with a time to live; big ones are read more seldom, so that it takes 2 % of a processor.
const SHARE: u32 = 50;

/// A task that sweeps until this is dropped, or the runtime ends.
#[derive(Debug)]
pub(crate) struct Sweeper(JoinHandle<()>);

impl Sweeper {
    /// Starts it; nothing without a runtime.
    pub(crate) fn start(database: Database, journal: Journal) -> Option<Self> {
        let runtime = tokio::runtime::Handle::try_current().ok()?;
        Some(Self(runtime.spawn(async move {
            let mut pause = EVERY;
            loop {
                tokio::time::sleep(pause).await;
                let database = database.clone();
                let began = Instant::now();
                let swept = tokio::task::spawn_blocking(move || database.sweep_ttl()).await;
                if let Ok(Err(error)) = swept {
                    let message = format!("expired items are not deleted: {error}");
                    journal.notice(Severity::Error, None, &message, "");
                    return;
                }
                pause = EVERY.max(began.elapsed() * SHARE);
            }
        })))
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}
