//! `stack-builder synth`: write the templates.

use super::Selection;
use crate::app::Synthesis;
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use crate::{views, yaml};
use anyhow::Result;
use std::fs;

/// Write the CloudFormation templates of the stacks, and report mistakes
///
/// Builds and runs your stacks program, which writes the cloud assembly: `manifest.json` and one
/// `<stack>.template.json` a stack. No network is used, no handler is compiled, and the same source gives the same
/// bytes. A mistake in a stack is shown with the line of your own source that caused it; all of them at once. So is
/// what the rules of `stack-builder validate` find in the templates.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SynthArgs {
    #[command(flatten)]
    selection: Selection,

    /// Also write `<stack>.template.yaml` beside each template
    #[arg(long)]
    yaml: bool,
}

const EXAMPLES: &str = "\
EXAMPLES:
  stack-builder synth                         every stack, to target/assembly
  stack-builder synth notes users             two stacks
  stack-builder synth --stage prod -o out     another stage, another folder
  stack-builder synth --yaml                  templates in YAML as well, to read
  stack-builder synth --json | jq .diagnostics";

/// Synthesizes, adds YAML if asked to, and shows a summary.
pub(crate) fn run(args: &SynthArgs, session: &Session) -> Result<ExitStatus> {
    let synthesis = args.selection.synthesize(session)?;
    if args.yaml {
        write_yaml(&synthesis)?;
    }
    if args.selection.json {
        views::synth::json(&session.printer, &synthesis)?;
    } else {
        views::synth::summary(&session.printer, &synthesis, args.yaml)?;
    }
    Ok(ExitStatus::Done)
}

fn write_yaml(synthesis: &Synthesis) -> Result<()> {
    for stack in &synthesis.assembly.manifest.stacks {
        let template = synthesis.assembly.template(stack)?;
        let path = synthesis.assembly.directory().join(&stack.template).with_extension("yaml");
        fs::write(&path, yaml::to_string(&template))
            .map_err(|error| Failure::new(format!("cannot write `{}`", path.display())).because(error))?;
    }
    Ok(())
}
