//! What every command that starts from synthesized stacks takes, and how it comes by them.

use crate::app::{self, Request, Synthesis};
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use anyhow::Result;
use stack_builder_assembly::{Diagnostic, Severity};
use std::path::PathBuf;
use std::{fs, io};

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
    /// Builds and runs the user's program, judges its templates, shows what is wrong, and fails if that is an error.
    pub(crate) fn synthesize(&self, session: &Session) -> Result<Synthesis> {
        self.synthesize_for(session, session.likely_region().as_deref())
    }

    /// The same for a region that is known.
    pub(crate) fn synthesize_for(&self, session: &Session, region: Option<&str>) -> Result<Synthesis> {
        let output = self.output.as_deref();
        let request = Request { stacks: &self.stacks, output, region, quiet: self.json };
        let mut synthesis = app::synthesize(session, &request)?;
        judge(&mut synthesis)?;
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

/// Judges the templates by the rules that the describing side cannot know, and adds what they find to the diagnostics.
pub(super) fn judge(synthesis: &mut Synthesis) -> Result<()> {
    let assembly = &mut synthesis.assembly;
    let mut found = Vec::new();
    for stack in &assembly.manifest.stacks {
        let file = assembly.directory().join(&stack.template);
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            // What is wrong with the stack may have left it without a template.
            Err(error) if error.kind() == io::ErrorKind::NotFound && assembly.manifest.has_errors() => {
                continue;
            }
            Err(error) => {
                let file = file.display();
                return Err(Failure::new(format!("cannot read `{file}`")).because(error).into());
            }
        };
        let told = told_by_synth(&assembly.manifest.diagnostics, &stack.name);
        let findings = stack_builder_validate::apply_rules(&bytes).findings.into_iter();
        for finding in findings.filter(|finding| !told.contains(&(&*finding.rule, finding.element()))) {
            let source = finding.element().and_then(|id| stack.sources.get(id)).cloned();
            found.push(Diagnostic { source, ..finding.into_diagnostic(&stack.name) });
        }
    }
    assembly.manifest.diagnostics.append(&mut found);
    Ok(())
}

/// The code and the element of what synth told about `stack`: where a rule finds the same, synth knew the better line.
fn told_by_synth<'a>(diagnostics: &'a [Diagnostic], stack: &str) -> Vec<(&'a str, Option<&'a str>)> {
    let element = |path: &'a str| path.split(['.', '[']).next();
    let own = diagnostics.iter().filter(|diagnostic| diagnostic.stack.as_deref() == Some(stack));
    own.map(|diagnostic| (&*diagnostic.code, diagnostic.path.as_deref().and_then(element))).collect()
}

/// Errors forbid the use of the templates; the name of a stack that does not exist is a slip of the keyboard.
pub(super) fn check(diagnostics: &[Diagnostic]) -> Result<()> {
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
