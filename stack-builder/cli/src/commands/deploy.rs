//! `stack-builder deploy`: bring the stacks into the cloud.

use super::consent::{self, Answer};
use super::package::archive;
use super::target::{Engine, Target, stop, unless_interrupted};
use super::{Selection, outputs};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use crate::views::deploy::{Deployed, State};
use anyhow::Result;
use stack_builder_assembly::{CloudAssembly, StackArtifact};
use stack_builder_deploy::{Activity, ChangeSet, Environment, Error, Outputs, Prepared, prepare, publish};
use std::path::PathBuf;

/// Create or update the stacks in the cloud
///
/// Synthesizes, packages, uploads what is new to the asset bucket, and makes a change set for each stack. You see
/// what would happen to which resource, and are asked before anything is applied. Then events appear as they happen,
/// and at the end the outputs. A stack that is already as described is left alone. If a resource fails, CloudFormation
/// takes the stack back to where it was, and the first cause is shown.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DeployArgs {
    #[command(flatten)]
    selection: Selection,

    /// Apply the changes without asking
    #[arg(short, long)]
    yes: bool,

    /// Also write the outputs to a JSON file: `{"stack": {"name": "value"}}`
    #[arg(long, value_name = "FILE")]
    outputs_file: Option<PathBuf>,

    #[command(flatten)]
    target: Target,
}

const EXAMPLES: &str = "\
EXAMPLES:
  stack-builder deploy                              every stack of the stage `dev`
  stack-builder deploy notes --stage prod           one stack, another stage
  stack-builder deploy --yes --outputs-file out.json   from a script

EXIT CODES:
  0    every stack is as described
  1    something failed, or the answer was no; no stack after that one was touched
  2    usage
  130  interrupted; what CloudFormation has begun goes on";

/// Deploys one stack after another, and reports what was done even when one fails.
pub(crate) fn run(args: &DeployArgs, session: &Session) -> Result<ExitStatus> {
    consent::require(args.yes)?;
    let engine = Engine::new()?;
    // Before the long part, so that expired credentials are found out at once.
    let environment = engine.load(&args.target)?;
    let synthesis = args.selection.synthesize(session)?;
    archive(session, &synthesis, args.selection.json)?;
    let mut deployed = Vec::new();
    let result = engine.run(all(args, session, &environment, &synthesis.assembly, &mut deployed));
    if args.selection.json {
        views::deploy::json(&session.printer, &environment, &deployed)?;
    }
    if let Some(file) = &args.outputs_file {
        let standing = deployed.iter().filter(|stack| matches!(stack.state, State::Done | State::Unchanged));
        outputs::write(file, standing.map(|stack| (stack.name.as_str(), &stack.outputs)))?;
    }
    result.map(|()| ExitStatus::Done)
}

async fn all(
    args: &DeployArgs,
    session: &Session,
    environment: &Environment,
    assembly: &CloudAssembly,
    deployed: &mut Vec<Deployed>,
) -> Result<()> {
    let stacks = outputs::chosen(&assembly.manifest, &args.selection.stacks)?;
    let publishing =
        publish(environment, assembly, &stacks, |step| views::deploy::published(&session.printer, &step));
    unless_interrupted(publishing, untouched).await?.map_err(stop)?;
    for stack in stacks {
        one(args, session, environment, assembly, stack, deployed).await?;
    }
    Ok(())
}

fn untouched() -> Failure {
    Failure::new("interrupted; nothing more was changed").hint("run the command again")
}

/// Deploys `stack` and notes what became of it.
async fn one(
    args: &DeployArgs,
    session: &Session,
    environment: &Environment,
    assembly: &CloudAssembly,
    stack: &StackArtifact,
    deployed: &mut Vec<Deployed>,
) -> Result<()> {
    let mut record = Deployed::new(stack);
    match prepared(session, environment, assembly, stack).await? {
        Prepared::NoChange { outputs } => {
            views::deploy::unchanged(&session.printer, stack);
            record.outputs = outputs;
        }
        Prepared::ChangeSet(change_set) => {
            record.changes.clone_from(&change_set.changes);
            record.state = State::Failed;
            let result = confirmed(args, session, environment, *change_set, stack, &mut record).await;
            if result.is_err() {
                deployed.push(record);
                return result;
            }
        }
    }
    if !args.selection.json {
        views::outputs::show(&session.printer, &stack.name, &record.outputs);
    }
    deployed.push(record);
    Ok(())
}

/// Prepares, after the end of what is under way if need be: an earlier run may have been interrupted.
async fn prepared(
    session: &Session,
    environment: &Environment,
    assembly: &CloudAssembly,
    stack: &StackArtifact,
) -> Result<Prepared> {
    let first = unless_interrupted(prepare(environment, assembly, stack), untouched).await?;
    let Err(Error::Busy { status, .. }) = first else { return first.map_err(stop) };
    views::deploy::joining(&session.printer, stack, &status);
    if let Some(activity) = Activity::join(environment, &stack.stack_name).await.map_err(stop)? {
        let lines = views::events::Lines::of_changes(&session.printer, &stack.stack_name, &[]);
        // How it ended shows in the state in which it left the stack.
        let _ = follow(activity, &stack.stack_name, &lines).await?;
    }
    unless_interrupted(prepare(environment, assembly, stack), untouched).await?.map_err(stop)
}

/// Shows the change set, asks, and applies or discards it.
async fn confirmed(
    args: &DeployArgs,
    session: &Session,
    environment: &Environment,
    change_set: ChangeSet,
    stack: &StackArtifact,
    record: &mut Deployed,
) -> Result<()> {
    views::deploy::change_set(&session.printer, &change_set, !args.yes);
    let question = format!(
        "Deploy `{}` to account {} in {}?",
        stack.stack_name, environment.account, environment.region
    );
    let answer = consent::ask(session, &format!("{question} [y/N]"), &["y", "yes"], args.yes).await;
    if answer != Answer::Yes {
        record.state = State::Discarded;
        change_set.discard().await.map_err(stop)?;
        let failure =
            Failure::new(format!("`{}` was not deployed; its change set is deleted", stack.stack_name));
        return Err(if answer == Answer::Interrupted { failure.interrupted() } else { failure }.into());
    }
    record.outputs = watch(session, change_set, &stack.stack_name).await?;
    record.state = State::Done;
    Ok(())
}

/// Applies `change_set` and shows what happens until it is over.
pub(crate) async fn watch(session: &Session, change_set: ChangeSet, stack_name: &str) -> Result<Outputs> {
    let lines = views::events::Lines::of_changes(&session.printer, stack_name, &change_set.changes);
    let activity = change_set.execute().await.map_err(stop)?;
    follow(activity, stack_name, &lines).await?.map_err(stop)
}

/// Shows what happens until it is over, and how it ended.
async fn follow(
    mut activity: Activity,
    stack_name: &str,
    lines: &views::events::Lines<'_>,
) -> Result<Result<Outputs, Error>> {
    let goes_on = || {
        Failure::new(format!("interrupted; CloudFormation goes on with `{stack_name}`")).hint(format!(
            "look again with `aws cloudformation describe-stack-events --stack-name {stack_name}`, \
             or run the command again when it is done"
        ))
    };
    while let Some(event) = unless_interrupted(activity.next(), goes_on).await?.map_err(stop)? {
        lines.show(&event);
    }
    Ok(activity.finish().await)
}
