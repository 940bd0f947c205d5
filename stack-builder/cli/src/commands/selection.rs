//! What every command that starts from synthesized stacks takes, and how it comes by them.

use crate::app::{self, Request, Synthesis};
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use anyhow::Result;
use stack_builder_assembly::{Diagnostic, Severity};
use std::path::PathBuf;

// Which stacks, and where their assembly goes; flatten this into a command's arguments.
// (No doc comment: clap would show it in place of the command's own.)
#[derive(Debug, clap::Args)]
pub(crate) struct Selection {
    /// Stacks by the names that `stack-builder list` shows, with what they take inputs from [default: all]
    #[arg(value_name = "STACK")]
    pub(crate) stacks: Vec<String>,

    /// Folder that receives the cloud assembly [default: target/assembly in the workspace]
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,

    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    pub(crate) json: bool,
}

impl Selection {
    /// Builds and runs the user's program, shows its diagnostics, and fails if one of them is an error.
    pub(crate) fn synthesize(&self, session: &Session) -> Result<Synthesis> {
        self.synthesize_for(session, session.likely_region().as_deref())
    }

    /// The same for a region that is known.
    pub(crate) fn synthesize_for(&self, session: &Session, region: Option<&str>) -> Result<Synthesis> {
        let output = self.output.as_deref();
        let request = Request { stacks: &self.stacks, output, region, quiet: self.json };
        let synthesis = app::synthesize(session, &request)?;
        self.show_diagnostics(session, &synthesis)?;
        check(&synthesis.assembly.manifest.diagnostics)?;
        Ok(synthesis)
    }

    /// In JSON mode the document says it all, and is printed here only when the command will not get that far.
    fn show_diagnostics(&self, session: &Session, synthesis: &Synthesis) -> Result<()> {
        let manifest = &synthesis.assembly.manifest;
        if !self.json {
            views::diagnostics::show(&session.printer, &manifest.diagnostics, &synthesis.workspace);
        } else if manifest.has_errors() {
            views::synth::json(&session.printer, synthesis)?;
        }
        Ok(())
    }
}

/// Errors forbid the use of the templates; the name of a stack that does not exist is a slip of the keyboard.
fn check(diagnostics: &[Diagnostic]) -> Result<()> {
    let errors: Vec<_> = diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
    if errors.is_empty() {
        return Ok(());
    }
    let warnings = diagnostics.len() - errors.len();
    let failure =
        Failure::new(format!("cannot use the stacks: {}", views::text::findings(errors.len(), warnings)));
    let mistyped = errors.iter().all(|d| d.code == "unknown-stack");
    Err(if mistyped { failure.usage() } else { failure }.into())
}
