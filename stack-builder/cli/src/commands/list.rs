//! `stack-builder list`: which stacks are there?

use crate::app::{self, Request, Workspace};
use crate::exit::ExitStatus;
use crate::session::Session;
use crate::views;
use anyhow::Result;
use stack_builder_assembly::Manifest;
use std::fs;

/// Show the stacks, their names in CloudFormation, and their size
///
/// Builds and runs your stacks program, and shows one line a stack: the name you use on the command line, the name
/// of the stack in CloudFormation (which carries the stage), its region (`any` if it is pinned to none and none is
/// chosen), the number of resources, and the number of assets, such as Lambda handlers and sites, that `package`
/// would make.
/// What an earlier `synth` wrote is left alone.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ListArgs {
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
EXAMPLES:
  stack-builder list                        the stacks of the stage `dev`
  stack-builder list --stage prod           the names they have in another stage
  stack-builder list --json | jq -r '.stacks[].stackName'";

/// Synthesizes into a folder of its own and shows the manifest; errors in the stacks are for `synth` to explain.
pub(crate) fn run(args: &ListArgs, session: &Session) -> Result<ExitStatus> {
    let region = session.likely_region();
    let manifest = manifest(session, region.as_deref(), args.json)?;
    if args.json {
        views::list::json(&session.printer, &manifest, region.as_deref())?;
    } else {
        views::list::show(&session.printer, &manifest, region.as_deref());
    }
    Ok(ExitStatus::Done)
}

/// The folder bears the process's id, so that two of us do not meet in it.
pub(super) fn manifest(session: &Session, region: Option<&str>, quiet: bool) -> Result<Manifest> {
    manifest_of(&app::locate(session)?, session, region, quiet)
}

/// The same for a program that has been found.
pub(super) fn manifest_of(
    workspace: &Workspace,
    session: &Session,
    region: Option<&str>,
    quiet: bool,
) -> Result<Manifest> {
    let output = workspace.root.join(format!("target/stack-builder/list-{}", std::process::id()));
    let request = Request { stacks: &[], output: Some(&output), region, quiet };
    let synthesis = app::synthesize_in(workspace, session, &request);
    // What stays behind does no harm.
    let _ = fs::remove_dir_all(&output);
    Ok(synthesis?.assembly.manifest)
}
