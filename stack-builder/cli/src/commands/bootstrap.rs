//! `stack-builder bootstrap`: prepare an account and its regions for deployments.

use super::list::manifest_of;
use super::target::{Engine, Target, stop, unless_interrupted};
use super::watch;
use crate::app;
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use crate::views::bootstrap::Bootstrapped;
use anyhow::Result;
use clap::ValueEnum;
use stack_builder_deploy::{ApiGatewayLogs, Environment, Prepared, PreparedBootstrap, prepare_bootstrap};
use std::collections::BTreeSet;

/// Prepare an AWS account and its regions, once, for deployments
///
/// Makes the stack `stack-builder-bootstrap` in each region: a private, encrypted, versioned bucket for archives and
/// long templates, and a role with which API Gateway may write logs. Nothing runs there. Doing it again brings it up
/// to date; deleting the stack keeps the bucket and the role.
///
/// Without regions it prepares the chosen one and, where there is a stacks program, those that its stacks are pinned
/// to, such as us-east-1 for an edge function.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct BootstrapArgs {
    /// Regions to prepare [default: the chosen one and those that the application is pinned to]
    #[arg(value_name = "REGION")]
    regions: Vec<String>,

    /// What to do about the role with which API Gateway writes its logs
    ///
    /// An account has one such role for each region, and REST APIs cannot log before it is set. To set it changes the
    /// whole account: APIs that logged with another role log with this one from then on. Without this option it is
    /// left at what an earlier run did, and the first run sets the role only where none is set.
    #[arg(long, value_enum, value_name = "WHAT")]
    api_gateway_logs: Option<Logs>,

    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    target: Target,
}

/// What becomes of the account's role for API Gateway's logs.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Logs {
    /// Set the role of the bootstrap stack, whichever the account has
    Set,
    /// Leave the account's as it is
    Keep,
}

const EXAMPLES: &str = "\
EXAMPLES:
  stack-builder bootstrap                          the chosen region, and what the application needs besides
  stack-builder bootstrap eu-west-1 us-east-1      these regions and no others
  stack-builder bootstrap --api-gateway-logs keep  leave the account's role for API Gateway's logs alone";

/// Creates or updates the bootstrap stack in one region after another.
pub(crate) fn run(args: &BootstrapArgs, session: &Session) -> Result<ExitStatus> {
    let engine = Engine::new()?;
    let chosen = session.region.clone().or_else(|| args.regions.first().cloned());
    let home = engine.load_in(&args.target, chosen)?;
    let mut done = Vec::new();
    let result = regions(args, session, &home).and_then(|regions| {
        let all = regions.iter().map(|region| home.in_region(region));
        all.into_iter().try_for_each(|here| engine.run(bootstrap(args, session, here, &mut done)))
    });
    if args.json {
        views::bootstrap::json(&session.printer, &home, &done)?;
    }
    result.map(|()| ExitStatus::Done)
}

/// The regions that were named, or else the chosen one first and then what the application needs.
fn regions(args: &BootstrapArgs, session: &Session, home: &Environment) -> Result<Vec<String>> {
    let pinned = if args.regions.is_empty() { pinned(args, session, home)? } else { BTreeSet::new() };
    let named = session.region.iter().chain(&args.regions).cloned();
    let home = args.regions.is_empty().then(|| home.region.clone());
    let mut regions: Vec<String> = Vec::new();
    for region in home.into_iter().chain(named).chain(pinned) {
        if !regions.contains(&region) {
            regions.push(region);
        }
    }
    Ok(regions)
}

/// The regions that the application's stacks are pinned to; none where there is no application.
fn pinned(args: &BootstrapArgs, session: &Session, home: &Environment) -> Result<BTreeSet<String>> {
    let workspace = match app::locate(session) {
        Ok(workspace) => workspace,
        Err(error) if session.app.is_some() => return Err(error),
        Err(error) => {
            views::bootstrap::no_application(&session.printer, &home.region, &error);
            return Ok(BTreeSet::new());
        }
    };
    let manifest = manifest_of(&workspace, session, Some(&home.region), args.json).map_err(|error| {
        let hint = format!("or name the regions: `stack-builder bootstrap {} us-east-1`", home.region);
        Failure::new("cannot tell which regions the stacks are pinned to").because(error).hint(hint)
    })?;
    Ok(manifest.stacks.into_iter().filter_map(|stack| stack.region).collect())
}

async fn bootstrap(
    args: &BootstrapArgs,
    session: &Session,
    environment: Environment,
    done: &mut Vec<Bootstrapped>,
) -> Result<()> {
    let interrupted = || Failure::new("interrupted; nothing more was changed");
    let logs = args.api_gateway_logs.map(|logs| match logs {
        Logs::Set => ApiGatewayLogs::Set,
        Logs::Keep => ApiGatewayLogs::Keep,
    });
    let preparing = prepare_bootstrap(&environment, logs);
    let PreparedBootstrap { prepared, kept_log_role, sets_log_role } =
        unless_interrupted(preparing, interrupted).await?.map_err(stop)?;
    if let Some(role) = kept_log_role {
        views::bootstrap::kept(&session.printer, &environment.region, &role);
    }
    let (changed, outputs) = match prepared {
        Prepared::NoChange { outputs } => (false, outputs),
        Prepared::ChangeSet(change_set) => {
            views::deploy::change_set(&session.printer, &change_set, false);
            if sets_log_role {
                views::bootstrap::announce(&session.printer, &environment.region);
            }
            (true, watch::apply(session, *change_set).await?)
        }
    };
    let record = Bootstrapped { region: environment.region, changed, outputs };
    if !args.json {
        views::bootstrap::show(&session.printer, &environment.account, &record);
    }
    done.push(record);
    Ok(())
}
