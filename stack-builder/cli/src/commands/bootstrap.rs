//! `stack-builder bootstrap`: prepare an account and region for deployments.

use super::target::{Engine, Target, stop, unless_interrupted};
use crate::commands::deploy::watch;
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use anyhow::Result;
use stack_builder_deploy::{BOOTSTRAP_STACK, Environment, Outputs, Prepared, prepare_bootstrap};

/// Prepare an AWS account and region, once, for deployments
///
/// Makes the stack `stack-builder-bootstrap`: a private, encrypted, versioned bucket for archives and long templates.
/// Nothing else is needed, and nothing runs there. Doing it again brings it up to date; deleting the stack keeps the
/// bucket. No stacks program is needed.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct BootstrapArgs {
    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    target: Target,
}

const EXAMPLES: &str = "\
EXAMPLES:
  stack-builder bootstrap                        the account and region of the AWS environment
  stack-builder bootstrap --region us-east-1     another region, as an edge function needs";

/// Creates or updates the bootstrap stack.
pub(crate) fn run(args: &BootstrapArgs, session: &Session) -> Result<ExitStatus> {
    let engine = Engine::new()?;
    let environment = engine.load(&args.target)?;
    let (changed, outputs) = engine.run(bootstrap(session, &environment))?;
    if args.json {
        views::bootstrap::json(&session.printer, &environment, changed, &outputs)?;
    } else {
        views::bootstrap::show(&session.printer, &environment, changed, &outputs);
    }
    Ok(ExitStatus::Done)
}

async fn bootstrap(session: &Session, environment: &Environment) -> Result<(bool, Outputs)> {
    let interrupted = || Failure::new("interrupted; nothing was changed");
    let prepared = unless_interrupted(prepare_bootstrap(environment), interrupted).await?.map_err(stop)?;
    match prepared {
        Prepared::NoChange { outputs } => Ok((false, outputs)),
        Prepared::ChangeSet(change_set) => {
            views::deploy::change_set(&session.printer, &change_set, false);
            Ok((true, watch(session, *change_set, BOOTSTRAP_STACK).await?))
        }
    }
}
