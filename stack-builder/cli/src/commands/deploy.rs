//! `stack-builder deploy`: bring the stacks into the cloud.

use super::consent::{self, Answer};
use super::package::archive;
use super::publish_sites::{Standing, publish_sites};
use super::target::{Engine, Target, stop, unless_interrupted};
use super::watch::{self, untouched};
use super::{Selection, outputs, parameters, seed};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use crate::views::deploy::{Deployed, State};
use anyhow::Result;
use stack_builder_assembly::{CloudAssembly, StackArtifact};
use stack_builder_deploy::{
    ChangeSet, Environment, Error, Outputs, Prepared, Regions, check_sites, deployment_order, inputs,
    prepare, publish, require_home,
};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Create or update the stacks in the cloud
///
/// Synthesizes, packages, uploads what is new to the asset bucket, and makes a change set for each stack. You see
/// what would happen to which resource, and are asked before anything is applied. Then events appear as they happen,
/// what has changed of the stack's sites is published, and at the end the outputs are shown. A stack that is already
/// as described is left alone; its sites are published none the less. If a resource fails, CloudFormation
/// takes the stack back to where it was, and the first cause is shown.
///
/// A stack that is pinned to a region goes there, the others to the chosen one. Stacks that take outputs of others
/// come after those, which are deployed along even if you name only one; its change set is made when theirs are
/// applied, with the outputs that they then have. So a new version of an edge function reaches its distribution in
/// the same run; the version before it stays, for CloudFront may still serve it, until its function goes.
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
    /// stack has, else takes its default. Those that another stack's output fills cannot be given.
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
  stack-builder deploy notes --stage prod           one stack and what it takes inputs from, another stage
  stack-builder deploy --region eu-central-1        to this region, but for stacks that are pinned to one
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
    let home = engine.load(&args.target, session)?;
    let synthesis = args.selection.synthesize_for(session, Some(&home.region))?;
    let assembly = &synthesis.assembly;
    let regions = Regions::new(home, &assembly.manifest).map_err(stop)?;
    let chosen = outputs::chosen(&assembly.manifest, &args.selection.stacks)?;
    let stacks = deployment_order(assembly, &chosen).map_err(stop)?;
    let parameters = parameters::known(&args.parameters, assembly, &stacks)?;
    seed::warn_early(session, &synthesis.workspace, &stacks);
    let at_home = require_home(&regions, &assembly.manifest, &stacks);
    engine.run(unless_interrupted(at_home, untouched))?.map_err(stop)?;
    archive(session, &synthesis, args.selection.json)?;
    check_sites(&regions, assembly, &stacks).map_err(stop)?;
    let deployment = Deployment { args, session, regions: &regions, assembly, parameters };
    let mut deployed = Vec::new();
    let result = engine.run(deployment.all(&stacks, &mut deployed));
    if args.selection.json {
        views::deploy::json(&session.printer, regions.home(), &deployed)?;
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
    regions: &'a Regions,
    assembly: &'a CloudAssembly,
    parameters: BTreeMap<String, String>,
}

impl Deployment<'_> {
    async fn all(&self, stacks: &[&StackArtifact], deployed: &mut Vec<Deployed>) -> Result<()> {
        let printer = &self.session.printer;
        let publishing = publish(self.regions, self.assembly, stacks, |step| {
            views::deploy::published(printer, &step);
        });
        unless_interrupted(publishing, untouched).await?.map_err(stop)?;
        for stack in stacks {
            let mut record = Deployed::new(stack, &self.regions.of(stack).region);
            let result = self.one(stack, deployed, &mut record).await;
            deployed.push(record);
            result?;
        }
        Ok(())
    }

    /// Deploys `stack` after the `earlier` ones, and notes what becomes of it.
    async fn one(&self, stack: &StackArtifact, earlier: &[Deployed], record: &mut Deployed) -> Result<()> {
        let environment = self.regions.of(stack);
        let parameters = self.parameters(stack, earlier)?;
        match self.prepared(stack, &parameters).await? {
            Prepared::NoChange { outputs } => {
                views::deploy::unchanged(&self.session.printer, stack);
                (record.outputs, record.state) = (outputs, State::Unchanged);
            }
            Prepared::ChangeSet(change_set) => self.confirmed(*change_set, environment, record).await?,
        }
        let (outputs, agreed) = (&record.outputs, self.args.yes || record.state == State::Done);
        let standing = Standing { environment, assembly: self.assembly, stack, outputs, agreed };
        publish_sites(self.session, standing, &mut record.sites).await?;
        if !self.args.selection.json {
            views::outputs::show(&self.session.printer, &stack.name, &environment.region, &record.outputs);
        }
        Ok(())
    }

    /// What was typed, and what the stacks deployed before have to give.
    fn parameters(&self, stack: &StackArtifact, earlier: &[Deployed]) -> Result<BTreeMap<String, String>> {
        let outputs: BTreeMap<String, Outputs> =
            earlier.iter().map(|stack| (stack.name.clone(), stack.outputs.clone())).collect();
        let mut parameters = self.parameters.clone();
        parameters.extend(inputs(stack, &outputs).map_err(stop)?);
        Ok(parameters)
    }

    /// Prepares, after the end of what is under way if need be: an earlier run may have been interrupted.
    async fn prepared(
        &self,
        stack: &StackArtifact,
        parameters: &BTreeMap<String, String>,
    ) -> Result<Prepared> {
        let prepare = || prepare(self.regions, self.assembly, stack, parameters);
        let first = unless_interrupted(prepare(), untouched).await?;
        let Err(Error::Busy { status, .. }) = first else { return first.map_err(stop) };
        views::deploy::joining(&self.session.printer, stack, &status);
        watch::join(self.session, self.regions.of(stack), &stack.stack_name).await?;
        unless_interrupted(prepare(), untouched).await?.map_err(stop)
    }

    /// Shows the change set, asks, and applies or discards it.
    async fn confirmed(
        &self,
        change_set: ChangeSet,
        environment: &Environment,
        record: &mut Deployed,
    ) -> Result<()> {
        let Environment { account, region, .. } = environment;
        let name = change_set.stack_name.clone();
        record.changes.clone_from(&change_set.changes);
        views::deploy::change_set(&self.session.printer, &change_set, !self.args.yes);
        let question = format!("Deploy `{name}` to account {account} in {region}? [y/N]");
        let answer = consent::ask(self.session, &question, &["y", "yes"], self.args.yes).await;
        if answer != Answer::Yes {
            record.state = State::Discarded;
            unless_interrupted(change_set.discard(), left_over).await?.map_err(stop)?;
            let failure = Failure::new(format!("`{name}` was not deployed; its change set is deleted"));
            return Err(if answer == Answer::Interrupted { failure.interrupted() } else { failure }.into());
        }
        record.outputs = watch::apply(self.session, change_set).await?;
        record.state = State::Done;
        Ok(())
    }
}

fn left_over() -> Failure {
    Failure::new("interrupted; the change set may be left").hint("the next run clears it away")
}
