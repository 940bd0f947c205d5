//! Where a command acts, and how it talks to the engine.

use crate::failure::Failure;
use crate::session::Session;
use anyhow::Result;
use stack_builder_deploy::{Environment, EnvironmentOptions, Error};
use std::future::Future;
use std::time::Duration;

/// Silence after which a word is due.
const SILENCE: Duration = Duration::from_secs(20);

// Which account; flatten this into a command's arguments.
// (No doc comment: clap would show it in place of the command's own.)
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "AWS options")]
pub(crate) struct Target {
    /// Profile of the AWS configuration files [default: `AWS_PROFILE`]
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

/// The runtime for the engine's calls; one for a command, so that connections are used again.
#[derive(Debug)]
pub(crate) struct Engine(tokio::runtime::Runtime);

impl Engine {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(tokio::runtime::Builder::new_current_thread().enable_all().build()?))
    }

    /// Resolves account and region.
    pub(crate) fn load(&self, target: &Target, session: &Session) -> Result<Environment> {
        self.load_in(target, session.region.clone())
    }

    /// The same in `region`, or the ordinary one.
    pub(crate) fn load_in(&self, target: &Target, region: Option<String>) -> Result<Environment> {
        let options = EnvironmentOptions { region, profile: target.profile.clone() };
        self.0.block_on(Environment::load(options)).map_err(stop)
    }

    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.0.block_on(work)
    }
}

/// The engine's error with the hint that belongs to it.
pub(crate) fn stop(error: Error) -> anyhow::Error {
    let failure = Failure::new(error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint).into(),
        None => failure.into(),
    }
}

/// Does `work` unless Ctrl-C comes first, which ends the command with `interrupted`.
pub(crate) async fn unless_interrupted<T>(
    work: impl Future<Output = T>,
    interrupted: impl FnOnce() -> Failure,
) -> Result<T> {
    tokio::select! {
        done = work => Ok(done),
        _ = tokio::signal::ctrl_c() => Err(interrupted().interrupted().into()),
    }
}

/// Does `work`, and has `still` say how long it has been quiet, every 20 seconds.
pub(crate) async fn heard<T>(work: impl Future<Output = T>, still: impl Fn(Duration)) -> T {
    let mut work = Box::pin(work);
    let mut quiet = Duration::ZERO;
    loop {
        if let Ok(done) = tokio::time::timeout(SILENCE, work.as_mut()).await {
            return done;
        }
        quiet += SILENCE;
        still(quiet);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[tokio::test(start_paused = true)]
    async fn long_work_is_heard_of() {
        let said = RefCell::new(Vec::new());
        let work = tokio::time::sleep(Duration::from_secs(50));
        heard(work, |quiet| said.borrow_mut().push(quiet.as_secs())).await;
        assert_eq!(said.into_inner(), [20, 40]);
    }
}
