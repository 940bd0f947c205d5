//! Applying a change set and watching what CloudFormation does; for every command that deploys.

use super::target::{heard, stop, unless_interrupted};
use crate::failure::Failure;
use crate::session::Session;
use crate::views::events::Lines;
use anyhow::Result;
use stack_builder_deploy::{Activity, ChangeSet, Environment, Error, Outputs};

/// Applies `change_set` and shows what happens until it is over.
pub(crate) async fn apply(session: &Session, change_set: ChangeSet) -> Result<Outputs> {
    let (name, region) = (change_set.stack_name.clone(), change_set.region.clone());
    let lines = Lines::of_changes(&session.printer, &name, &change_set.changes);
    let executing = unless_interrupted(change_set.execute(), || goes_on("interrupted", &name, &region));
    let activity = executing.await?.map_err(stop)?;
    follow(activity, &name, &region, &lines).await?.map_err(stop)
}

/// Watches the operation under way with `stack_name`, whoever began it, until it is over, whichever way.
pub(crate) async fn join(session: &Session, environment: &Environment, stack_name: &str) -> Result<()> {
    let joining = unless_interrupted(Activity::join(environment, stack_name), untouched);
    let Some(activity) = joining.await?.map_err(stop)? else { return Ok(()) };
    let lines = Lines::of_changes(&session.printer, stack_name, &[]);
    // How it ended shows in the state in which it left the stack.
    follow(activity, stack_name, &environment.region, &lines).await.map(drop)
}

/// Shows what happens until it is over, and how it ended.
async fn follow(
    mut activity: Activity,
    stack_name: &str,
    region: &str,
    lines: &Lines<'_>,
) -> Result<Result<Outputs, Error>> {
    let interrupted = || goes_on("interrupted", stack_name, region);
    let lost = |error: Error| goes_on(&error.to_string(), stack_name, region);
    let quiet = |quiet| lines.waiting(quiet);
    while let Some(event) =
        unless_interrupted(heard(activity.next(), quiet), interrupted).await?.map_err(lost)?
    {
        lines.show(&event);
    }
    unless_interrupted(activity.finish(), interrupted).await
}

/// We look away for this reason, and CloudFormation does not mind.
fn goes_on(reason: &str, stack_name: &str, region: &str) -> Failure {
    Failure::new(format!("{reason}; CloudFormation goes on with `{stack_name}`")).hint(format!(
        "run the command again, which joins it, or look at \
         `aws cloudformation describe-stack-events --stack-name {stack_name} --region {region}`"
    ))
}

/// Interrupted where nothing was under way.
pub(crate) fn untouched() -> Failure {
    Failure::new("interrupted; nothing more was changed").hint("run the command again")
}
