//! `stack-builder deploy`: bring the stacks into the cloud.

use super::consent::{self, Answer};
use super::package::archive;
use super::target::{Engine, Target, heard, stop, unless_interrupted};
use super::{Selection, outputs, parameters};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use crate::views::deploy::{Deployed, State};
use anyhow::Result;
use stack_builder_assembly::{CloudAssembly, StackArtifact};
use stack_builder_deploy::{Activity, ChangeSet, Environment, Error, Outputs, Prepared, prepare, publish};
use std::collections::BTreeMap;
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

    /// Value of a template's parameter; repeat it for several
    ///
    /// It goes to every stack that declares the parameter. One that is not given keeps the value that the deployed
    /// stack has, else takes its default.
    #[arg(short, long = "parameter", value_name = "NAME=VALUE", value_parser = parameters::parse)]
    parameters: Vec<(String, String)>,

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
  stack-builder deploy -p Address=me@example.org    a value for a parameter of the template

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
    let assembly = &synthesis.assembly;
    let stacks = outputs::chosen(&assembly.manifest, &args.selection.stacks)?;
    let parameters = parameters::known(&args.parameters, assembly, &stacks)?;
    archive(session, &synthesis, args.selection.json)?;
    let deployment = Deployment { args, session, environment: &environment, assembly, parameters };
    let mut deployed = Vec::new();
    let result = engine.run(deployment.all(&stacks, &mut deployed));
    if args.selection.json {
        views::deploy::json(&session.printer, &environment, &deployed)?;
    }
    let written = write_outputs(args, &deployed, result.is_ok());
    result.and(written).map(|()| ExitStatus::Done)
}

/// Writes the outputs of what stands. A run that got nowhere leaves the file of an earlier one as it is.
fn write_outputs(args: &DeployArgs, deployed: &[Deployed], succeeded: bool) -> Result<()> {
    let Some(file) = &args.outputs_file else { return Ok(()) };
    let standing = |stack: &&Deployed| matches!(stack.state, State::Done | State::Unchanged);
    let standing: Vec<_> = deployed.iter().filter(standing).collect();
    if standing.is_empty() && !succeeded {
        return Ok(());
    }
    outputs::write(file, standing.iter().map(|stack| (stack.name.as_str(), &stack.outputs)))
}

/// One run of `deploy`, and what it works with.
struct Deployment<'a> {
    args: &'a DeployArgs,
    session: &'a Session,
    environment: &'a Environment,
    assembly: &'a CloudAssembly,
    parameters: BTreeMap<String, String>,
}

impl Deployment<'_> {
    async fn all(&self, stacks: &[&StackArtifact], deployed: &mut Vec<Deployed>) -> Result<()> {
        let printer = &self.session.printer;
        let publishing = publish(self.environment, self.assembly, stacks, |step| {
            views::deploy::published(printer, &step);
        });
        unless_interrupted(publishing, untouched).await?.map_err(stop)?;
        for stack in stacks {
            self.one(stack, deployed).await?;
        }
        Ok(())
    }

    /// Deploys `stack` and notes what became of it.
    async fn one(&self, stack: &StackArtifact, deployed: &mut Vec<Deployed>) -> Result<()> {
        let mut record = Deployed::new(stack);
        match self.prepared(stack).await? {
            Prepared::NoChange { outputs } => {
                views::deploy::unchanged(&self.session.printer, stack);
                record.outputs = outputs;
            }
            Prepared::ChangeSet(change_set) => {
                record.changes.clone_from(&change_set.changes);
                record.state = State::Failed;
                let result = self.confirmed(*change_set, stack, &mut record).await;
                if result.is_err() {
                    deployed.push(record);
                    return result;
                }
            }
        }
        if !self.args.selection.json {
            views::outputs::show(&self.session.printer, &stack.name, &record.outputs);
        }
        deployed.push(record);
        Ok(())
    }

    /// Prepares, after the end of what is under way if need be: an earlier run may have been interrupted.
    async fn prepared(&self, stack: &StackArtifact) -> Result<Prepared> {
        let prepare = || prepare(self.environment, self.assembly, stack, &self.parameters);
        let first = unless_interrupted(prepare(), untouched).await?;
        let Err(Error::Busy { status, .. }) = first else { return first.map_err(stop) };
        let printer = &self.session.printer;
        views::deploy::joining(printer, stack, &status);
        let joining = Activity::join(self.environment, &stack.stack_name);
        if let Some(activity) = unless_interrupted(joining, untouched).await?.map_err(stop)? {
            let lines = views::events::Lines::of_changes(printer, &stack.stack_name, &[]);
            // How it ended shows in the state in which it left the stack.
            let _ = follow(activity, &stack.stack_name, &lines).await?;
        }
        unless_interrupted(prepare(), untouched).await?.map_err(stop)
    }

    /// Shows the change set, asks, and applies or discards it.
    async fn confirmed(
        &self,
        change_set: ChangeSet,
        stack: &StackArtifact,
        record: &mut Deployed,
    ) -> Result<()> {
        let Environment { account, region, .. } = self.environment;
        views::deploy::change_set(&self.session.printer, &change_set, !self.args.yes);
        let question = format!("Deploy `{}` to account {account} in {region}? [y/N]", stack.stack_name);
        let answer = consent::ask(self.session, &question, &["y", "yes"], self.args.yes).await;
        if answer != Answer::Yes {
            record.state = State::Discarded;
            unless_interrupted(change_set.discard(), left_over).await?.map_err(stop)?;
            let failure =
                Failure::new(format!("`{}` was not deployed; its change set is deleted", stack.stack_name));
            return Err(if answer == Answer::Interrupted { failure.interrupted() } else { failure }.into());
        }
        record.outputs = watch(self.session, change_set, &stack.stack_name).await?;
        record.state = State::Done;
        Ok(())
    }
}

fn left_over() -> Failure {
    Failure::new("interrupted; the change set may be left").hint("the next run clears it away")
}

fn untouched() -> Failure {
    Failure::new("interrupted; nothing more was changed").hint("run the command again")
}

/// Applies `change_set` and shows what happens until it is over.
pub(crate) async fn watch(session: &Session, change_set: ChangeSet, stack_name: &str) -> Result<Outputs> {
    let lines = views::events::Lines::of_changes(&session.printer, stack_name, &change_set.changes);
    let executing = unless_interrupted(change_set.execute(), || goes_on("interrupted", stack_name));
    let activity = executing.await?.map_err(stop)?;
    follow(activity, stack_name, &lines).await?.map_err(stop)
}

/// Shows what happens until it is over, and how it ended.
async fn follow(
    mut activity: Activity,
    stack_name: &str,
    lines: &views::events::Lines<'_>,
) -> Result<Result<Outputs, Error>> {
    let interrupted = || goes_on("interrupted", stack_name);
    let lost = |error: Error| goes_on(&error.to_string(), stack_name);
    let quiet = |quiet| lines.waiting(quiet);
    while let Some(event) =
        unless_interrupted(heard(activity.next(), quiet), interrupted).await?.map_err(lost)?
    {
        lines.show(&event);
    }
    unless_interrupted(activity.finish(), interrupted).await
}

/// We look away for this reason, and CloudFormation does not mind.
fn goes_on(reason: &str, stack_name: &str) -> Failure {
    Failure::new(format!("{reason}; CloudFormation goes on with `{stack_name}`")).hint(format!(
        "run the command again, which joins it, or look at \
         `aws cloudformation describe-stack-events --stack-name {stack_name}`"
    ))
}
