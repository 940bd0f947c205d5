//! Demonstration data: what goes where, and what went; names and numbers only.

use super::Printer;
use super::style::{FAINT, HEADING, WARNING};
use super::text::{count, shown, shown_lines};
use anyhow::Result;
use serde_json::{Value, json};
use stack_builder_assembly::StackArtifact;
use stack_builder_deploy::{Environment, PlannedSeed, SeedPlan, SeedStep};

/// What was loaded into one stack.
#[derive(Debug)]
pub(crate) struct Seeded {
    name: String,
    stack_name: String,
    region: String,
    pub(crate) steps: Vec<SeedStep>,
}

impl Seeded {
    /// A stack into which nothing has been loaded.
    pub(crate) fn new(stack: &StackArtifact, region: &str) -> Self {
        let (name, stack_name) = (stack.name.clone(), stack.stack_name.clone());
        Self { name, stack_name, region: region.to_owned(), steps: Vec::new() }
    }
}

/// What would be loaded; shown even when quiet if a question is to follow.
pub(crate) fn plan(printer: &Printer, plan: &SeedPlan, region: &str, question_follows: bool) {
    let heading = format!("{HEADING}{}{HEADING:#} in {region}: demonstration data", plan.stack_name);
    let lines = plan.planned.iter().map(|planned| format!("\n  {}", line(planned)));
    let text: String = [heading].into_iter().chain(lines).collect();
    if question_follows { printer.problem(text) } else { printer.progress(text) }
}

fn line(planned: &PlannedSeed) -> String {
    let PlannedSeed { resource, count: number } = planned;
    let what = match resource.resource_type.as_str() {
        "AWS::SecretsManager::Secret" => "a value".to_owned(),
        "AWS::Cognito::UserPool" => count(*number, "user"),
        _ => count(*number, "item"),
    };
    format!("{what} for {}  {FAINT}{}{FAINT:#}", shown(&resource.logical_id), shown(&resource.physical_id))
}

/// A file that `seed` will not take, told while there is time.
pub(crate) fn unloadable(printer: &Printer, stack: &str, problem: &str) {
    printer.problem(format!(
        "{WARNING}warning{WARNING:#}: `stack-builder seed` cannot load the demonstration data of `{stack}`: {}",
        shown_lines(problem)
    ));
}

/// One step.
pub(crate) fn step(printer: &Printer, step: &SeedStep) {
    match step {
        SeedStep::Table { logical_id, items } => {
            printer.progress(format!("loaded {} into {logical_id}", count(*items, "item")));
        }
        SeedStep::Secret { logical_id, changed: true } => printer.progress(format!("set {logical_id}")),
        SeedStep::Secret { logical_id, changed: false } => {
            printer.progress(format!("{logical_id} has that value already"));
        }
        SeedStep::User { logical_id, name, is_new } => {
            let verb = if *is_new { "added" } else { "reset" };
            printer.progress(format!("{verb} user {} of {logical_id}", shown(name)));
        }
        _ => {}
    }
}

/// A stack that has all of it.
pub(crate) fn done(printer: &Printer, stack: &StackArtifact) {
    printer.result(format!("{HEADING}{}{HEADING:#}: the demonstration data is there", stack.stack_name));
}

/// What was done, for programs.
pub(crate) fn json(printer: &Printer, environment: &Environment, seeded: &[Seeded]) -> Result<()> {
    printer.json(&json!({
        "account": environment.account,
        "region": environment.region,
        "stacks": seeded.iter().map(stack_json).collect::<Vec<_>>(),
    }))
}

fn stack_json(stack: &Seeded) -> Value {
    json!({
        "name": stack.name,
        "stackName": stack.stack_name,
        "region": stack.region,
        "loaded": stack.steps.iter().map(step_json).collect::<Vec<_>>(),
    })
}

fn step_json(step: &SeedStep) -> Value {
    match step {
        SeedStep::Table { logical_id, items } => json!({ "table": logical_id, "items": items }),
        SeedStep::Secret { logical_id, changed } => json!({ "secret": logical_id, "changed": changed }),
        SeedStep::User { logical_id, name, is_new } => {
            json!({ "userPool": logical_id, "user": name, "new": is_new })
        }
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_deploy::PlannedResource;

    #[test]
    fn a_plan_names_what_receives_something_and_no_value() {
        let planned = |kind: &str, count: usize| {
            let resource = PlannedResource {
                logical_id: "Id".to_owned(),
                physical_id: "physical".to_owned(),
                resource_type: kind.to_owned(),
            };
            anstream::adapter::strip_str(&line(&PlannedSeed { resource, count })).to_string()
        };
        assert_eq!(planned("AWS::DynamoDB::Table", 1), "1 item for Id  physical");
        assert_eq!(planned("AWS::SecretsManager::Secret", 1), "a value for Id  physical");
        assert_eq!(planned("AWS::Cognito::UserPool", 2), "2 users for Id  physical");
    }
}
