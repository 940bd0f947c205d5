//! A destruction: what would go, and what did.

use super::Printer;
use super::events::Lines;
use super::style::{ERROR, FAINT, HEADING, WARNING};
use super::text::{count, shown};
use anyhow::Result;
use serde_json::{Value, json};
use stack_builder_assembly::StackArtifact;
use stack_builder_deploy::{
    BucketToEmpty, DeployFailure, DestroyEvent, DestroyPlan, DestroySummary, Environment, LogGroup,
    PlannedResource, RetainedResource,
};

/// A stack that is not there.
pub(crate) fn absent(printer: &Printer, stack: &StackArtifact, environment: &Environment) {
    printer.progress(format!(
        "nothing to destroy: there is no stack `{}` in {}",
        stack.stack_name, environment.region
    ));
}

/// A stack that has to stay because one that takes outputs of it is left out.
pub(crate) fn still_used(printer: &Printer, stack_name: &str) {
    printer.problem(format!(
        "{WARNING}warning{WARNING:#}: stack `{stack_name}` stays, for a stack that is left out takes outputs of it"
    ));
}

/// What would happen; shown even when quiet if a question is to follow.
pub(crate) fn plan(printer: &Printer, plan: &DestroyPlan, question_follows: bool) {
    let text = render(plan);
    if question_follows { printer.problem(text) } else { printer.progress(text) }
}

fn render(plan: &DestroyPlan) -> String {
    let kinds = plan.removed.iter().chain(plan.retained.iter().map(|kept| &kept.resource));
    let width = kinds.map(|resource| resource.resource_type.len()).max().unwrap_or_default();
    let resource = |resource: &PlannedResource| {
        format!(
            "{:width$}  {}  {FAINT}{}{FAINT:#}",
            shown(&resource.resource_type),
            shown(&resource.logical_id),
            shown(&resource.physical_id)
        )
    };
    let heading = format!(
        "{HEADING}{}{HEADING:#} in {} ({}): destroy, {}",
        plan.stack_name,
        plan.region,
        plan.status,
        count(plan.removed.len(), "resource")
    );
    let removed = plan.removed.iter().map(|r| format!("\n  {ERROR}- remove{ERROR:#}  {}", resource(r)));
    let kept = plan
        .retained
        .iter()
        .map(|r| format!("\n  {WARNING}= keep{WARNING:#}    {} ({})", resource(&r.resource), r.policy));
    let buckets = plan
        .buckets
        .iter()
        .filter(|bucket| bucket.objects > 0)
        .map(|b| format!("\n  {ERROR}- empty{ERROR:#}   {}", bucket(b)));
    let groups = plan.log_groups.iter();
    let groups = groups.map(|g| format!("\n  {ERROR}- remove{ERROR:#}  {}", group(g, &plan.region)));
    [heading].into_iter().chain(removed).chain(kept).chain(buckets).chain(groups).collect()
}

/// Its region is told where it is not that of the stack.
fn group(group: &LogGroup, region: &str) -> String {
    let LogGroup { name, region: own } = group;
    if own == region {
        format!("log group {}", shown(name))
    } else {
        format!("log group {} in {own}", shown(name))
    }
}

fn bucket(bucket: &BucketToEmpty) -> String {
    let more = if bucket.and_more { "more than " } else { "" };
    format!("bucket {}: {more}{}", shown(&bucket.name), count(bucket.objects, "object version"))
}

/// One step.
pub(crate) fn event(printer: &Printer, lines: &Lines<'_>, event: &DestroyEvent) {
    match event {
        DestroyEvent::Stack(event) => lines.show(event),
        DestroyEvent::BucketEmptied { objects: 0, .. } => {}
        DestroyEvent::BucketEmptied { bucket, objects } => {
            printer.progress(format!("emptied bucket {bucket}: {}", count(*objects, "object version")));
        }
        DestroyEvent::TryingAgain => {
            printer.progress("the deletion failed; emptying the buckets again and trying once more");
        }
        DestroyEvent::LogGroupDeleted(LogGroup { name, region }) => {
            printer.progress(format!("deleted log group {} in {region}", shown(name)));
        }
        _ => {}
    }
}

/// A stack that has to wait for CloudFront, while the others go.
pub(crate) fn waiting(printer: &Printer, failure: &DeployFailure) {
    printer.progress(format!(
        "{HEADING}{}{HEADING:#} waits for CloudFront to remove its copies of an edge function",
        failure.stack_name
    ));
}

/// What was done, for people.
pub(crate) fn summary(printer: &Printer, summary: &DestroySummary) {
    let gone = count(summary.gone.len(), "resource");
    let kept = summary.retained.len();
    let kept = if kept == 0 { String::new() } else { format!(", {kept} kept") };
    printer.result(format!("{HEADING}{}{HEADING:#} is destroyed: {gone} gone{kept}", summary.stack_name));
    for RetainedResource { resource, policy, removal } in &summary.retained {
        printer.result(format!("  {} {} is kept ({policy}):", resource.resource_type, resource.logical_id));
        printer.result(format!("    {}", shown(removal)));
    }
    for name in &summary.log_groups_elsewhere {
        printer.result(format!(
            "  an edge function logs wherever it runs; look for the log group {name} in other regions:"
        ));
        printer.result(format!(
            "    aws logs describe-log-groups --log-group-name-prefix {name} --region REGION"
        ));
    }
}

/// What was done, for programs.
pub(crate) fn json(printer: &Printer, environment: &Environment, done: &[DestroySummary]) -> Result<()> {
    printer.json(&json!({
        "account": environment.account,
        "region": environment.region,
        "stacks": done.iter().map(stack_json).collect::<Vec<_>>(),
    }))
}

fn stack_json(summary: &DestroySummary) -> Value {
    let retained = summary.retained.iter().map(|kept| {
        let mut value = resource_json(&kept.resource);
        value["policy"] = kept.policy.as_str().into();
        value["removal"] = kept.removal.as_str().into();
        value
    });
    json!({
        "stackName": summary.stack_name,
        "region": summary.region,
        "gone": summary.gone.iter().map(resource_json).collect::<Vec<_>>(),
        "retained": retained.collect::<Vec<_>>(),
        "objects": summary.objects,
        "logGroups": summary.log_groups.iter().map(group_json).collect::<Vec<_>>(),
        "logGroupsElsewhere": summary.log_groups_elsewhere,
    })
}

fn group_json(group: &LogGroup) -> Value {
    json!({"name": group.name, "region": group.region})
}

fn resource_json(resource: &PlannedResource) -> Value {
    json!({
        "logicalId": resource.logical_id,
        "physicalId": resource.physical_id,
        "type": resource.resource_type,
    })
}
