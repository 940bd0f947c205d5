//! `stack-builder seed`: load demonstration data into stacks that stand.

use super::consent::{self, Answer};
use super::list::manifest_of;
use super::outputs::chosen;
use super::target::{Engine, Target, stop, unless_interrupted};
use crate::app::{self, Workspace};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use crate::views::seed::Seeded;
use anyhow::Result;
use stack_builder_assembly::{Manifest, StackArtifact};
use stack_builder_deploy::{Error, Regions, SeedPlan, check_seed, plan_seed};
use std::fs;
use std::path::{Path, PathBuf};

/// Stages whose data is nobody's to play with.
const PRODUCTION: [&str; 2] = ["prod", "production"];

/// Load demonstration data into stacks that are deployed
///
/// A stack names its file of demonstration data with `stack.seed("..")`: items for tables, values for secrets, and
/// users with passwords, by the names of the resources in the stack. Mistakes in its form, its names, its items and
/// its passwords are found before anything is written, and numbers keep every digit. You see what goes where, without
/// passwords and secrets, and are asked. Doing it again leaves the same: items of the same key are replaced, and users
/// get their password back.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SeedArgs {
    /// Stacks by the names that `stack-builder list` shows [default: all with demonstration data]
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    /// Load this file instead of the one that the stack names; for one stack
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Load without asking
    #[arg(short, long)]
    yes: bool,

    /// Load even into a stage called `prod` or `production`
    #[arg(long)]
    allow_production: bool,

    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    target: Target,
}

const EXAMPLES: &str = "\
EXAMPLES:
  stack-builder seed                            every stack that has demonstration data
  stack-builder seed captains-log --yes         one stack, without asking
  stack-builder seed todo --file items.json     other data

EXIT CODES:
  0    the data is there
  1    something failed, or the answer was no
  2    usage
  130  interrupted; run it again to load the rest";

/// Plans every stack first, so that a mistake in the last file stops the first one too.
pub(crate) fn run(args: &SeedArgs, session: &Session) -> Result<ExitStatus> {
    refuse_production(&session.stage, args.allow_production)?;
    consent::require(args.yes)?;
    let engine = Engine::new()?;
    let home = engine.load(&args.target, session)?;
    let workspace = app::locate(session)?;
    let manifest = manifest_of(&workspace, session, Some(&home.region), args.json)?;
    let regions = Regions::new(home, &manifest).map_err(stop)?;
    let stacks = with_data(&manifest, args)?;
    let mut plans = Vec::new();
    for stack in stacks {
        plans.extend(engine.run(planned(args, session, &workspace, &regions, stack))?);
    }
    if plans.is_empty() {
        let failure = Failure::new("no stack with demonstration data is deployed");
        return Err(failure.hint("run `stack-builder deploy`, or check `--stage` and `--region`").into());
    }
    let mut seeded = Vec::new();
    let result = engine.run(load(args, session, &regions, plans, &mut seeded));
    if args.json {
        views::seed::json(&session.printer, regions.home(), &seeded)?;
    }
    result.map(|()| ExitStatus::Done)
}

fn refuse_production(stage: &str, allowed: bool) -> Result<()> {
    if allowed || !PRODUCTION.contains(&stage) {
        return Ok(());
    }
    let failure = Failure::new(format!("demonstration data does not belong into the stage `{stage}`"));
    Err(failure.hint("pass `--allow-production` if it does").usage().into())
}

/// The stacks to load, each with a file.
fn with_data<'a>(manifest: &'a Manifest, args: &SeedArgs) -> Result<Vec<&'a StackArtifact>> {
    let stacks = chosen(manifest, &args.stacks)?;
    if args.file.is_some() {
        return match stacks.as_slice() {
            [_] => Ok(stacks),
            _ => Err(Failure::new("`--file` is for one stack").hint("name the stack").usage().into()),
        };
    }
    let hint = "name a file in its description with `stack.seed(\"..\")`, or pass `--file`";
    match stacks.iter().find(|stack| stack.seed.is_none()) {
        Some(without) if !args.stacks.is_empty() => {
            let failure = Failure::new(format!("stack `{}` has no demonstration data", without.name));
            Err(failure.hint(hint).into())
        }
        _ => {
            let stacks: Vec<_> = stacks.into_iter().filter(|stack| stack.seed.is_some()).collect();
            if stacks.is_empty() {
                return Err(Failure::new("no stack has demonstration data").hint(hint).into());
            }
            Ok(stacks)
        }
    }
}

/// A stack, and what is to be loaded into it.
type Planned<'a> = (&'a StackArtifact, SeedPlan);

/// `None` for a stack that nobody named and that is not deployed.
async fn planned<'a>(
    args: &SeedArgs,
    session: &Session,
    workspace: &Workspace,
    regions: &Regions,
    stack: &'a StackArtifact,
) -> Result<Option<Planned<'a>>> {
    let named = stack.seed.as_ref().map(|file| (workspace.root.join(file), file.clone()));
    let typed = args.file.as_ref().map(|file| (file.clone(), file.display().to_string()));
    let Some((path, shown)) = typed.or(named) else { return Ok(None) };
    let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
    let environment = regions.of(stack);
    let planning = plan_seed(environment, &stack.stack_name, &shown, &text);
    match unless_interrupted(planning, untouched).await? {
        Err(Error::StackAbsent { .. }) if args.stacks.is_empty() && args.file.is_none() => {
            views::outputs::absent(&session.printer, stack, environment);
            Ok(None)
        }
        plan => Ok(Some((stack, plan.map_err(stop)?))),
    }
}

/// Shows the plans, asks once, and carries them out.
async fn load(
    args: &SeedArgs,
    session: &Session,
    regions: &Regions,
    plans: Vec<Planned<'_>>,
    seeded: &mut Vec<Seeded>,
) -> Result<()> {
    for (stack, plan) in &plans {
        views::seed::plan(&session.printer, plan, &regions.of(stack).region, !args.yes);
    }
    let question = format!("Load this into account {}? [y/N]", regions.home().account);
    match consent::ask(session, &question, &["y", "yes"], args.yes).await {
        Answer::Yes => {}
        Answer::No => return Err(Failure::new("nothing was loaded").into()),
        Answer::Interrupted => return Err(Failure::new("nothing was loaded").interrupted().into()),
    }
    for (stack, plan) in plans {
        let mut record = Seeded::new(stack, &regions.of(stack).region);
        let loading = plan.execute(|step| {
            views::seed::step(&session.printer, &step);
            record.steps.push(step);
        });
        let result = unless_interrupted(loading, || interrupted(stack)).await;
        seeded.push(record);
        result?.map_err(stop)?;
        if !args.json {
            views::seed::done(&session.printer, stack);
        }
    }
    Ok(())
}

pub(super) fn unreadable(path: &Path, error: std::io::Error) -> Failure {
    Failure::new(format!("cannot read `{}`", path.display())).because(error).hint(
        "a stack's `stack.seed(\"..\")` is relative to the workspace's root, `--file` to the current folder; \
         mend it there, or write the file",
    )
}

/// Warns of files that `seed` will not be able to load into these stacks.
pub(super) fn warn_early(session: &Session, workspace: &Path, stacks: &[&StackArtifact]) {
    for (stack, file) in stacks.iter().filter_map(|stack| Some((stack, stack.seed.as_ref()?))) {
        let path = workspace.join(file);
        let problem = match fs::read_to_string(&path) {
            Ok(text) => check_seed(file, &text).err().map(|error| error.to_string()),
            Err(error) => Some(format!("cannot read `{}`: {error}", path.display())),
        };
        if let Some(problem) = problem {
            views::seed::unloadable(&session.printer, &stack.name, &problem);
        }
    }
}

fn untouched() -> Failure {
    Failure::new("interrupted; nothing was loaded")
}

fn interrupted(stack: &StackArtifact) -> Failure {
    Failure::new(format!("interrupted while data was loaded into `{}`", stack.stack_name))
        .hint("run the command again, which loads the rest")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_has_to_be_meant() {
        assert!(refuse_production("dev", false).is_ok());
        assert!(refuse_production("prod", true).is_ok());
        for stage in ["prod", "production"] {
            let error = refuse_production(stage, false).unwrap_err();
            assert_eq!(Failure::status_of(&error), ExitStatus::Usage);
            assert_eq!(Failure::hint_of(&error), Some("pass `--allow-production` if it does"));
        }
    }
}
