//! The end of a process: waited for, or brought about.

use super::{End, Environment, GRACE};
use crate::answers::Stage;
use crate::failure::Failure;
use crate::host::Host;
use crate::output::Mark;
use crate::process::Process;
use crate::runtime_api;
use crate::slot::Outcome;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::OwnedSemaphorePermit;

/// For an answer that was sent just before the process ended.
const LAST_WORDS: Duration = Duration::from_millis(20);

/// Waits for the end of a process, and sees to it when it is wanted.
pub(super) async fn supervise(
    host: Arc<Host>,
    environment: Arc<Environment>,
    mut process: Process,
    listener: TcpListener,
    place: OwnedSemaphorePermit,
) {
    let mut api = std::pin::pin!(runtime_api::serve(listener, environment.clone()));
    let mut end = environment.end.subscribe();
    let status = tokio::select! {
        status = process.wait() => status,
        how = async { end.wait_for(|end| *end != End::No).await.map(|how| *how) } => {
            finish(&mut process, how.unwrap_or(End::Now)).await
        }
        () = &mut api => None,
    };
    process.group.kill();
    if environment.is_running() {
        let _ = tokio::time::timeout(LAST_WORDS, api).await;
    }
    host.dead(environment.leader, &environment);
    environment.exited(status);
    drop(place);
}

async fn finish(process: &mut Process, how: End) -> Option<ExitStatus> {
    if how == End::Politely {
        process.group.terminate();
        if let Ok(status) = tokio::time::timeout(GRACE, process.wait()).await {
            return status;
        }
    }
    process.group.kill();
    process.wait().await
}

impl Environment {
    /// The process has ended: whoever waits for it is told.
    fn exited(&self, status: Option<ExitStatus>) {
        let mut slot = self.slot();
        let before = std::mem::replace(&mut slot.stage, Stage::Exited);
        let (work, running) = (slot.work.take(), slot.running.take());
        drop(slot);
        let unborn = matches!(before, Stage::Started | Stage::InitError);
        if unborn && *self.end.borrow() != End::Politely {
            self.function.failed();
        }
        self.function.forget(self);
        if let Some(running) = running {
            let failure = Failure::exited(&running.work.request_id, status);
            let document = Outcome::Error(failure.document());
            self.complete(running, document, Some(failure), Instant::now());
        }
        match work {
            Some(work) if unborn => {
                let failure = Failure::exited(&work.request_id, status);
                self.fail_start(work, failure, None);
            }
            Some(work) => drop(work.reply.send(Outcome::Undelivered)),
            None => {}
        }
        self.mark(Mark::Close);
    }

    fn is_running(&self) -> bool {
        self.slot().running.is_some()
    }
}
