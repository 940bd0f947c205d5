//! The user's program: find it, build it, run it, and read the assembly that it writes.

mod build;
mod cargo;
mod locate;
mod packages;
mod run;
mod sweep;

pub(crate) use locate::{Workspace, locate};
pub(crate) use packages::Packages;

use crate::session::Session;
use anyhow::Result;
use stack_builder_assembly::{CloudAssembly, Lock};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What to synthesize, and where to.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    /// Names of stacks; none means all.
    pub(crate) stacks: &'a [String],
    /// The folder for the assembly; `target/assembly` in the workspace when unset.
    pub(crate) output: Option<&'a Path>,
    /// The region of the stacks that are not pinned to one, when it is known.
    pub(crate) region: Option<&'a str>,
    /// Keep cargo's progress to itself, whatever the session says.
    pub(crate) quiet: bool,
}

/// What the user's program wrote, possibly with errors among its diagnostics.
#[derive(Debug)]
pub(crate) struct Synthesis {
    /// The assembly, as read back.
    pub(crate) assembly: CloudAssembly,
    /// The workspace's root, to which paths in diagnostics are relative.
    pub(crate) workspace: PathBuf,
    /// The program that wrote it.
    pub(crate) program: PathBuf,
    /// How long cargo took to build the program.
    pub(crate) build_time: Duration,
    /// How long the program ran.
    pub(crate) run_time: Duration,
    /// Keeps other runs from the assembly as long as this one uses it.
    _lock: Lock,
}

/// Finds, builds and runs the user's program.
pub(crate) fn synthesize(session: &Session, request: &Request<'_>) -> Result<Synthesis> {
    synthesize_in(&locate(session)?, session, request)
}

/// The same for a program that has been found.
pub(crate) fn synthesize_in(
    workspace: &Workspace,
    session: &Session,
    request: &Request<'_>,
) -> Result<Synthesis> {
    let start = Instant::now();
    let program = build::build(workspace, session, request.quiet)?;
    let build_time = start.elapsed();
    let (assembly, lock) = run::run(&program, workspace, session, request)?;
    let run_time = start.elapsed().saturating_sub(build_time);
    Ok(Synthesis { assembly, workspace: workspace.root.clone(), program, build_time, run_time, _lock: lock })
}
