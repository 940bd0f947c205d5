//! `stack-builder outputs`: what the deployed stacks say about themselves.

use super::list::manifest;
use super::target::{Engine, Target, stop};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use anyhow::Result;
use stack_builder_assembly::{Manifest, StackArtifact, write_json};
use stack_builder_deploy::{Error, Outputs, Regions, outputs};
use std::collections::BTreeMap;
use std::path::Path;

/// Show the outputs of the deployed stacks
///
/// Asks CloudFormation for the outputs, such as the URL of a site, of every deployed stack or of those you name,
/// each in its region, which `stack-builder list --json` tells machines. Changes nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct OutputsArgs {
    /// Stacks by the names that `stack-builder list` shows [default: all that are deployed]
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    target: Target,
}

const EXAMPLES: &str = "\
EXAMPLES:
  stack-builder outputs                            of every deployed stack
  stack-builder outputs notes --stage prod         of one, in another stage
  stack-builder outputs --json | jq -r .notes.Url";

/// Reads and shows them, by the stack's name on the command line.
pub(crate) fn run(args: &OutputsArgs, session: &Session) -> Result<ExitStatus> {
    let engine = Engine::new()?;
    let environment = engine.load(&args.target, session)?;
    let manifest = manifest(session, Some(&environment.region), args.json)?;
    let regions = Regions::new(environment, &manifest).map_err(stop)?;
    let (mut found, mut unread) = (Vec::new(), None);
    for stack in chosen(&manifest, &args.stacks)? {
        let environment = regions.of(stack);
        match engine.run(outputs(environment, &stack.stack_name)) {
            Err(Error::StackAbsent { .. }) if args.stacks.is_empty() => {
                views::outputs::absent(&session.printer, stack, environment);
            }
            Err(error) if is_of_one_stack(&error) => {
                views::outputs::unreadable(&session.printer, &stack.stack_name);
                unread = Some(error);
            }
            outputs => found.push((stack, outputs.map_err(stop)?)),
        }
    }
    if unread.is_none() || !found.is_empty() {
        show(args, session, &regions, &found)?;
    }
    unread.map_or(Ok(ExitStatus::Done), |error| Err(stop(error)))
}

/// Whether others may well be read: the answer itself was odd, such as one with characters that XML cannot hold.
pub(super) fn is_of_one_stack(error: &Error) -> bool {
    matches!(error, Error::NotAws { .. } | Error::Service { .. })
}

fn show(
    args: &OutputsArgs,
    session: &Session,
    regions: &Regions,
    found: &[(&StackArtifact, Outputs)],
) -> Result<()> {
    if args.json {
        let by_name = found.iter().map(|(stack, outputs)| (stack.name.as_str(), outputs)).collect();
        return views::outputs::json(&session.printer, &by_name);
    }
    if found.is_empty() {
        let names: Vec<_> = regions.all().map(|environment| environment.region.as_str()).collect();
        let account = &regions.home().account;
        let message = format!("no stack is deployed to account {account} in {}", names.join(" or "));
        return Err(Failure::new(message)
            .hint("run `stack-builder deploy`, or check `--stage` and `--region`")
            .into());
    }
    for (stack, outputs) in found {
        views::outputs::show(&session.printer, &stack.name, &regions.of(stack).region, outputs);
    }
    Ok(())
}

/// The stacks that go by `names`, in the manifest's order; all of them when there are no names.
pub(crate) fn chosen<'a>(manifest: &'a Manifest, names: &[String]) -> Result<Vec<&'a StackArtifact>> {
    if let Some(unknown) = names.iter().find(|name| manifest.stack(name).is_none()) {
        let known: Vec<_> = manifest.stacks.iter().map(|stack| format!("`{}`", stack.name)).collect();
        let failure = Failure::new(format!("there is no stack `{unknown}`"));
        return Err(failure.hint(format!("the stacks are {}", known.join(", "))).usage().into());
    }
    let wanted = |stack: &&StackArtifact| names.is_empty() || names.contains(&stack.name);
    Ok(manifest.stacks.iter().filter(wanted).collect())
}

/// Writes outputs by stack to `file`.
pub(crate) fn write<'a>(file: &Path, stacks: impl Iterator<Item = (&'a str, &'a Outputs)>) -> Result<()> {
    Ok(write_json(file, &stacks.collect::<BTreeMap<_, _>>())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_stack_is_a_slip_of_the_keyboard() {
        let manifest = Manifest::new("app", "dev");
        let error = chosen(&manifest, &["nots".to_owned()]).unwrap_err();
        assert_eq!(error.to_string(), "there is no stack `nots`");
        assert_eq!(Failure::status_of(&error), ExitStatus::Usage);
    }
}
