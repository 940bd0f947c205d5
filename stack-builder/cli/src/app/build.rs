//! Building the user's program with cargo.

use super::cargo::{self, Message};
use super::locate::Workspace;
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use anyhow::Result;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{ChildStderr, ChildStdout, Command, Stdio};
use std::thread;

/// Builds the program and returns its executable.
pub(super) fn build(workspace: &Workspace, session: &Session, quiet: bool) -> Result<PathBuf> {
    let mut command = cargo::command(session);
    command.args(["build", "--message-format=json-render-diagnostics", "--manifest-path"]);
    command.arg(&workspace.manifest);
    command.args(["--package", &workspace.package_id, "--bin", &workspace.bin]);
    if quiet || session.printer.is_quiet() {
        command.arg("--quiet");
    }
    views::build::starting(&session.printer, &command);
    let (executable, succeeded) = watch(command, workspace, session)?;
    match executable {
        Some(executable) if succeeded => Ok(executable),
        _ => Err(Failure::new(format!(
            "cannot build `{}`, the package that describes the stacks",
            workspace.package
        ))
        .hint("what cargo says is above; mend that, and run the command again")
        .into()),
    }
}

/// Shows cargo's standard error as it comes, and picks the executable out of its standard output.
fn watch(
    mut command: Command,
    workspace: &Workspace,
    session: &Session,
) -> Result<(Option<PathBuf>, bool), Failure> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let follow = |messages: Option<ChildStdout>, progress: Option<ChildStderr>| {
        thread::scope(|scope| {
            let relay = scope.spawn(|| views::build::relay(&session.printer, progress));
            let messages = messages.map(BufReader::new);
            (messages.and_then(|messages| executable(messages, workspace)), relay.join().ok())
        })
    };
    let run = session.cancel.run(&mut command, follow);
    let (status, (executable, held)) = run.map_err(cargo::not_started)?;
    if let Some(held) = held
        && !status.success()
    {
        held.show(&session.printer);
    }
    Ok((executable, status.success()))
}

/// Reads to the end, so that cargo never waits for us.
fn executable(messages: BufReader<impl Read>, workspace: &Workspace) -> Option<PathBuf> {
    let mut found = None;
    for line in messages.lines().map_while(Result::ok) {
        let Ok(message) = serde_json::from_str::<Message>(&line) else { continue };
        let ours = message.package_id.as_ref() == Some(&workspace.package_id)
            && message.target.is_some_and(|target| target.is_bin() && target.name == workspace.bin);
        if ours && message.executable.is_some() {
            found = message.executable;
        }
    }
    found
}
