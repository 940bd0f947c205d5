//! `stack-builder destroy`: take the stacks out of the cloud.

use super::consent::{self, Answer};
use super::list::manifest;
use super::outputs::chosen;
use super::target::{Engine, Target, heard, stop, unless_interrupted};
use crate::exit::ExitStatus;
use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use anyhow::Result;
use stack_builder_assembly::{Manifest, StackArtifact};
use stack_builder_deploy::{
    DestroyPlan, DestroySummary, Error, LogGroup, Regions, destruction_order, plan_destroy,
};
use std::collections::BTreeSet;

/// Delete the stacks from the cloud, and what CloudFormation alone would leave behind
///
/// Shows what goes, what stays, which buckets are emptied and which log groups are cleared away, and asks. Then it
/// empties the buckets (all versions), deletes the stack, shows its events, and deletes the log groups that Lambda
/// and API Gateway made on their own. What a stack keeps on purpose is listed with the command that removes it.
/// A stack that is not there is no failure, so that doing it again is harmless. Each stack goes before those that it
/// takes inputs from; one that you do not name stays.
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
    let mut done = Vec::new();
    for (stack, user) in users_that_stay(&manifest, &stacks) {
        views::destroy::used(&session.printer, stack, user);
    }
    let result = engine.run(all(args, session, &regions, &stacks, &mut done));
    if args.json {
        views::destroy::json(&session.printer, regions.home(), &done)?;
    }
    result.map(|()| ExitStatus::Done)
}

/// Of the stacks that are to go, those with one that takes inputs from it and is not to go.
fn users_that_stay<'a>(manifest: &'a Manifest, stacks: &[&'a StackArtifact]) -> Vec<(&'a str, &'a str)> {
    let goes = |name: &str| stacks.iter().any(|stack| stack.name == name);
    let staying = manifest.stacks.iter().filter(|user| !goes(&user.name));
    let used =
        staying.flat_map(|user| user.inputs.values().map(|input| (input.stack.as_str(), user.name.as_str())));
    used.filter(|(stack, _)| goes(stack)).collect::<BTreeSet<_>>().into_iter().collect()
}

async fn all(
    args: &DestroyArgs,
    session: &Session,
    regions: &Regions,
    stacks: &[&StackArtifact],
    done: &mut Vec<DestroySummary>,
) -> Result<()> {
    let untouched = || Failure::new("interrupted; nothing more was changed");
    let mut waiting = None;
    for stack in stacks {
        let planning = plan_destroy(regions, stack);
        match unless_interrupted(planning, untouched).await?.map_err(stop)? {
            Some(plan) => match confirmed(args, session, plan).await? {
                Ok(summary) => done.push(summary),
                // Only time is missing, so that the other stacks need not wait.
                Err(Error::Failed(failure)) if failure.awaits_replicas() => {
                    views::destroy::waiting(&session.printer, &failure);
                    waiting = Some(Error::Failed(failure));
                }
                Err(error) => return Err(stop(error)),
            },
            None => views::destroy::absent(&session.printer, stack, regions.of(stack)),
        }
    }
    waiting.map_or(Ok(()), |error| Err(stop(error)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_assembly::StackInput;

    #[test]
    fn who_goes_on_using_a_stack_is_known() {
        let mut manifest = Manifest::new("app", "dev");
        for (name, sources) in [("edge", &[][..]), ("main", &["edge", "base"]), ("base", &[])] {
            let input = |from: &&str| StackInput { stack: (*from).to_owned(), output: "Out".to_owned() };
            let inputs = sources.iter().map(|from| ((*from).to_owned(), input(from))).collect();
            manifest.stacks.push(StackArtifact { name: name.to_owned(), inputs, ..StackArtifact::default() });
        }
        let staying = |named: &[usize]| {
            let stacks: Vec<_> = named.iter().map(|at| &manifest.stacks[*at]).collect();
            users_that_stay(&manifest, &stacks)
        };
        assert_eq!(staying(&[0]), [("edge", "main")]);
        assert_eq!(staying(&[1]), []);
        assert_eq!(staying(&[0, 1, 2]), []);
    }
}
