//! Running the user's program, by the protocol of [`stack_builder_assembly::environment`].

use super::sweep::sweep;
use super::{Request, Workspace};
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use anyhow::Result;
use stack_builder_assembly::{AssemblyError, CloudAssembly, Lock, environment};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// Runs `program` and reads what it wrote.
pub(super) fn run(
    program: &Path,
    workspace: &Workspace,
    session: &Session,
    request: &Request<'_>,
) -> Result<(CloudAssembly, Lock)> {
    let output = match request.output {
        Some(folder) => std::path::absolute(folder)?,
        None => workspace.root.join("target/assembly"),
    };
    let waiting = || views::build::waiting(&session.printer, &output);
    let lock = Lock::acquire(&output, waiting).map_err(|error| unwritable(&output, error))?;
    // An unreadable one is of no interest: it is about to be replaced.
    let earlier = CloudAssembly::open(&output).ok();
    forget_manifest(&output)?;
    let mut command = Command::new(program);
    command
        // As `cargo run` at the root: paths in the stacks mean the same from wherever we were called.
        .current_dir(&workspace.root)
        .env(environment::OUTPUT, &output)
        .env(environment::STAGE, &session.stage)
        .env(environment::STACKS, request.stacks.join(","))
        .env(environment::DRIVEN, "1")
        .stdin(Stdio::null())
        // Standard output is for our results; what the program prints is for its author to see.
        .stdout(io::stderr());
    match request.region {
        Some(region) => command.env(environment::REGION, region),
        None => command.env_remove(environment::REGION),
    };
    views::build::starting(&session.printer, &command);
    let status = command
        .status()
        .map_err(|error| Failure::new(format!("cannot run `{}`", program.display())).because(error))?;
    let assembly = read(output, status, workspace)?;
    sweep(&assembly, earlier);
    Ok((assembly, lock))
}

/// Removes an earlier manifest so that it cannot be taken for a new one.
fn forget_manifest(output: &Path) -> Result<(), Failure> {
    match fs::remove_file(output.join("manifest.json")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritable(output, error)),
        _ => Ok(()),
    }
}

fn unwritable(output: &Path, error: io::Error) -> Failure {
    Failure::new(format!("cannot write the assembly to `{}`", output.display()))
        .because(error)
        .hint("choose another folder with `--output`")
}

/// Exit status 0 or 1 and a manifest are the protocol; 1 says that the manifest holds errors.
fn read(output: PathBuf, status: ExitStatus, workspace: &Workspace) -> Result<CloudAssembly> {
    let ended = |what: &str| {
        Failure::new(format!("the stacks program `{}` {what} ({status})", workspace.package)).hint(format!(
            "what it printed is above; `cargo run --package {}` runs it alone",
            workspace.package
        ))
    };
    if !matches!(status.code(), Some(0 | 1)) {
        return Err(ended("failed").into());
    }
    let assembly = match CloudAssembly::open(output) {
        Err(AssemblyError::Absent(_)) if status.success() => return Err(no_synth(workspace).into()),
        Err(AssemblyError::Absent(_)) => return Err(ended("wrote no assembly").into()),
        other => other?,
    };
    if status.success() == assembly.manifest.has_errors() {
        return Err(ended("wrote a manifest that does not fit its exit status").into());
    }
    Ok(assembly)
}

fn no_synth(workspace: &Workspace) -> Failure {
    Failure::new(format!("the stacks program `{}` ended without writing an assembly", workspace.package))
        .hint("its `main` must return `App::new(…).stack(…).synth()`")
}
