//! `stack-builder destroy`: take the stacks out of the cloud.

use super::consent::{self, Answer};
use super::list::manifest;
use super::outputs::{chosen, is_of_one_stack};
use super::target::{Engine, Target, heard, stop, unless_interrupted};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use anyhow::Result;
use stack_builder_assembly::StackArtifact;
use stack_builder_deploy::{
    DestroyPlan, DestroySummary, Error, LogGroup, Regions, destruction_order, plan_destroy, require_unused,
};

/// Delete the stacks from the cloud, and what CloudFormation alone would leave behind
///
/// Shows what goes, what stays, which buckets are emptied and which log groups are cleared away, and asks. Then it
/// empties the buckets (all versions), deletes the stack, shows its events, and deletes the log groups that Lambda
/// and API Gateway made on their own. What a stack keeps on purpose is listed with the command that removes it.
/// A stack that is not there is no failure, so that doing it again is harmless. Each stack goes before those that it
/// takes inputs from; one that you do not name stays. As long as a stack stands that takes outputs of one that you
/// name, and that you do not name too, nothing is destroyed.
///
/// An edge function can be deleted only after CloudFront has removed its copies, minutes to days after the last
/// distribution let go of it. Until then its stack is left in `DELETE_FAILED`, everything else goes, and the command
/// ends with 1 and says so; repeat it later.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DestroyArgs {
    /// Stacks by the names that `stack-builder list` shows [default: all]
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    /// Delete without asking
    #[arg(short, long)]
    yes: bool,

    /// Print one JSON document, and nothing else, on standard output
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    target: Target,
}

const EXAMPLES: &str = "\
EXAMPLES:
  stack-builder destroy notes                 one stack of the stage `dev`
  stack-builder destroy --stage try-out       everything of another stage
  stack-builder destroy --yes --json | jq '.stacks[].retained'

EXIT CODES:
  0    the stacks are gone, or were not there
  1    something failed, or the answer was no
  2    usage
  130  interrupted; a deletion that CloudFormation has begun goes on";

/// Destroys one stack after another, the last first, and reports what was done even when one fails.
pub(crate) fn run(args: &DestroyArgs, session: &Session) -> Result<ExitStatus> {
    consent::require(args.yes)?;
    let engine = Engine::new()?;
    let environment = engine.load(&args.target, session)?;
    let manifest = manifest(session, Some(&environment.region), args.json)?;
    let regions = Regions::new(environment, &manifest).map_err(stop)?;
    let stacks = destruction_order(&manifest, &chosen(&manifest, &args.stacks)?).map_err(stop)?;
    let unused = require_unused(&regions, &manifest, &stacks);
    engine.run(unless_interrupted(unused, untouched))?.map_err(stop)?;
    let mut done = Vec::new();
    let result = engine.run(all(args, session, &regions, &stacks, &mut done));
    if args.json {
        views::destroy::json(&session.printer, regions.home(), &done)?;
    }
    result.map(|()| ExitStatus::Done)
}

async fn all(
    args: &DestroyArgs,
    session: &Session,
    regions: &Regions,
    stacks: &[&StackArtifact],
    done: &mut Vec<DestroySummary>,
) -> Result<()> {
    let (mut waiting, mut unread) = (None, None);
    // Those that cannot be read, and what they stand on.
    let mut left: Vec<&StackArtifact> = Vec::new();
    for stack in stacks {
        if left.iter().any(|user| user.inputs.values().any(|input| input.stack == stack.name)) {
            views::destroy::still_used(&session.printer, &stack.stack_name);
            left.push(stack);
            continue;
        }
        let planning = plan_destroy(regions, stack);
        match unless_interrupted(planning, untouched).await? {
            Err(error) if is_of_one_stack(&error) => {
                views::outputs::unreadable(&session.printer, &stack.stack_name);
                left.push(stack);
                unread = Some(error);
            }
            Err(error) => return Err(stop(error)),
            Ok(Some(plan)) => match confirmed(args, session, plan).await? {
                Ok(summary) => done.push(summary),
                // Only time is missing, so that the other stacks need not wait.
                Err(Error::Failed(failure)) if failure.awaits_replicas() => {
                    views::destroy::waiting(&session.printer, &failure);
                    waiting = Some(Error::Failed(failure));
                }
                Err(error) => return Err(stop(error)),
            },
            Ok(None) => views::destroy::absent(&session.printer, stack, regions.of(stack)),
        }
    }
    unread.or(waiting).map_or(Ok(()), |error| Err(stop(error)))
}

fn untouched() -> Failure {
    Failure::new("interrupted; nothing more was changed")
}

/// How a destruction ended; the outer failure is of this command, the inner one of the engine.
type Destroyed = Result<Result<DestroySummary, Error>>;

/// Shows the plan, asks, and carries it out.
async fn confirmed(args: &DestroyArgs, session: &Session, plan: DestroyPlan) -> Destroyed {
    views::destroy::plan(&session.printer, &plan, !args.yes);
    let name = plan.stack_name.clone();
    let question = format!("Destroy `{name}` in {}? Only `yes` will do:", plan.region);
    match consent::ask(session, &question, &["yes"], args.yes).await {
        Answer::Yes => carry_out(args, session, plan).await,
        Answer::No => Err(Failure::new(format!("`{name}` was not destroyed")).into()),
        Answer::Interrupted => Err(Failure::new(format!("`{name}` was not destroyed")).interrupted().into()),
    }
}

async fn carry_out(args: &DestroyArgs, session: &Session, plan: DestroyPlan) -> Destroyed {
    let (stack_name, groups) = (plan.stack_name.clone(), plan.log_groups.clone());
    let goes_on = || {
        Failure::new(format!("interrupted while `{stack_name}` was being destroyed")).hint(remainder(&groups))
    };
    let lines = views::events::Lines::of_resources(&session.printer, &stack_name, &plan.removed);
    let mut destruction = plan.execute();
    let quiet = |quiet| lines.waiting(quiet);
    while let Some(event) =
        unless_interrupted(heard(destruction.next(), quiet), goes_on).await?.map_err(stop)?
    {
        views::destroy::event(&session.printer, &lines, &event);
    }
    let finished = unless_interrupted(destruction.finish(), goes_on).await?;
    if let Ok(summary) = &finished
        && !args.json
    {
        views::destroy::summary(&session.printer, summary);
    }
    Ok(finished)
}

/// What to do after an interruption; once the stack is gone, nothing else remembers its log groups.
fn remainder(log_groups: &[LogGroup]) -> String {
    let goes_on = "what CloudFormation has begun goes on; run the command again to finish the rest";
    if log_groups.is_empty() {
        return goes_on.to_owned();
    }
    let groups: Vec<_> = log_groups.iter().map(|g| format!("`{}` in {}", g.name, g.region)).collect();
    format!("{goes_on}; if the stack is gone by then, delete the log groups yourself: {}", groups.join(", "))
}
