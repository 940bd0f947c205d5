//! A deployment: what would change, and what did.

use super::Printer;
use super::style::{ERROR, FAINT, HEADING, WARNING};
use super::text::{bytes, count, shown};
use anyhow::Result;
use clap::builder::styling::Style;
use serde_json::{Value, json};
use stack_builder_assembly::StackArtifact;
use stack_builder_deploy::{
    Action, Change, ChangeSet, ChangeSetKind, Environment, Outputs, PublishStep, Replacement, SiteSummary,
};

/// What became of one stack.
#[derive(Debug)]
pub(crate) struct Deployed {
    /// Its name on the command line.
    pub(crate) name: String,
    stack_name: String,
    region: String,
    pub(crate) state: State,
    pub(crate) changes: Vec<Change>,
    pub(crate) outputs: Outputs,
    /// The sites that are published.
    pub(crate) sites: Vec<SiteSummary>,
    /// The asset names of those that the stack has.
    described: Vec<String>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Done,
    Unchanged,
    Discarded,
    Failed,
}

impl Deployed {
    /// A stack whose turn it is; failed until there is better news.
    pub(crate) fn new(stack: &StackArtifact, region: &str) -> Self {
        Self {
            name: stack.name.clone(),
            stack_name: stack.stack_name.clone(),
            region: region.to_owned(),
            state: State::Failed,
            changes: Vec::new(),
            outputs: Outputs::new(),
            sites: Vec::new(),
            described: stack.sites.iter().map(|site| site.asset.clone()).collect(),
        }
    }

    /// The sites that this run has not come to, or failed to publish.
    fn unpublished(&self) -> Vec<&String> {
        let is_published = |asset: &String| self.sites.iter().any(|site| site.site == *asset);
        self.described.iter().filter(|asset| !is_published(asset)).collect()
    }
}

/// A step of the upload.
pub(crate) fn published(printer: &Printer, step: &PublishStep) {
    match step {
        PublishStep::Uploading { asset, region, size } => {
            printer.detail(format!("publishing {asset} ({}) in {region}", bytes(*size)));
        }
        PublishStep::Uploaded { asset, region } => printer.progress(format!("uploaded {asset} to {region}")),
        PublishStep::AlreadyThere { asset, region } => {
            printer.detail(format!("{asset} was uploaded to {region} before"));
        }
        _ => {}
    }
}

/// A stack that is as described.
pub(crate) fn unchanged(printer: &Printer, stack: &StackArtifact) {
    printer.progress(format!("{HEADING}{}{HEADING:#}: no changes", stack.stack_name));
}

/// Another operation is under way; its end is awaited.
pub(crate) fn joining(printer: &Printer, stack: &StackArtifact, status: &str) {
    printer.progress(format!(
        "{HEADING}{}{HEADING:#}: {status}, waiting for the operation under way",
        stack.stack_name
    ));
}

/// What would happen; shown even when quiet if a question is to follow.
pub(crate) fn change_set(printer: &Printer, change_set: &ChangeSet, question_follows: bool) {
    let text = render(change_set);
    if question_follows { printer.problem(text) } else { printer.progress(text) }
}

fn render(change_set: &ChangeSet) -> String {
    let verb = match change_set.kind {
        ChangeSetKind::Create => "create",
        ChangeSetKind::Update => "update",
    };
    let changes = &change_set.changes;
    let heading = format!(
        "{HEADING}{}{HEADING:#} in {}: {verb}, {}",
        change_set.stack_name,
        change_set.region,
        count(changes.len(), "change")
    );
    let kinds = changes.iter().map(|change| change.resource_type.len()).max().unwrap_or_default();
    let lines = changes.iter().map(|change| format!("\n{}", line(change, kinds)));
    [heading].into_iter().chain(lines).collect()
}

fn line(change: &Change, kinds: usize) -> String {
    let (glyph, verb, style) = mark(change);
    let detail = detail(change);
    let detail = shown(&detail);
    let line = format!(
        "  {style}{glyph} {verb:7}{style:#}  {:kinds$}  {}  {FAINT}{detail}{FAINT:#}",
        shown(&change.resource_type),
        shown(&change.logical_id)
    );
    if detail.is_empty() { line.trim_end_matches(&format!("  {FAINT}{FAINT:#}")).to_owned() } else { line }
}

fn mark(change: &Change) -> (char, &'static str, Style) {
    match (change.action, change.replacement) {
        (Action::Add, _) => ('+', "add", Style::new()),
        (Action::Modify, Replacement::Always) => ('±', "replace", ERROR),
        (Action::Modify, Replacement::Conditional) => ('±', "may replace", WARNING),
        (Action::Modify, Replacement::Never) => ('~', "modify", Style::new()),
        (Action::Remove, _) if change.retained => ('-', "let go", WARNING),
        (Action::Remove, _) => ('-', "remove", ERROR),
        (Action::Import, _) => ('<', "import", Style::new()),
        _ => ('?', "unknown", WARNING),
    }
}

fn detail(change: &Change) -> String {
    let properties = change.properties.iter().map(|property| match property.replaces {
        Replacement::Never => property.name.clone(),
        Replacement::Conditional => format!("{} (may replace)", property.name),
        Replacement::Always => format!("{} (replaces)", property.name),
    });
    properties.collect::<Vec<_>>().join(", ")
}

/// The document for programs.
pub(crate) fn json(printer: &Printer, environment: &Environment, deployed: &[Deployed]) -> Result<()> {
    printer.json(&json!({
        "account": environment.account,
        "region": environment.region,
        "stacks": deployed.iter().map(stack_json).collect::<Vec<_>>(),
    }))
}

fn stack_json(stack: &Deployed) -> Value {
    json!({
        "name": stack.name,
        "stackName": stack.stack_name,
        "region": stack.region,
        "state": match stack.state {
            State::Done => "done",
            State::Unchanged => "unchanged",
            State::Discarded => "discarded",
            State::Failed => "failed",
        },
        "changes": stack.changes.iter().map(change_json).collect::<Vec<_>>(),
        "outputs": stack.outputs,
        "sites": stack.sites.iter().map(super::site::json).collect::<Vec<_>>(),
        "unpublished": stack.unpublished(),
    })
}

fn change_json(change: &Change) -> Value {
    json!({
        "action": mark(change).1,
        "logicalId": change.logical_id,
        "physicalId": change.physical_id,
        "type": change.resource_type,
        "properties": change.properties.iter().map(|property| &property.name).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_assembly::{Site, SiteTarget};
    use stack_builder_deploy::ChangedProperty;

    #[test]
    fn a_site_that_was_not_published_is_told_to_programs() {
        let site = |asset: &str| Site {
            asset: asset.to_owned(),
            target: SiteTarget::Bucket { bucket: "Bucket".to_owned(), distribution: None },
        };
        let sites = vec![site("notes"), site("docs")];
        let mut deployed = Deployed::new(&StackArtifact { sites, ..StackArtifact::default() }, "eu-west-1");
        deployed.sites.push(SiteSummary { site: "notes".to_owned(), ..SiteSummary::default() });
        assert_eq!(stack_json(&deployed)["unpublished"], json!(["docs"]));
    }

    #[track_caller]
    fn check(action: Action, replacement: Replacement, properties: &[(&str, Replacement)], expect: &str) {
        let property = |(name, replaces): &(&str, Replacement)| ChangedProperty {
            name: (*name).to_owned(),
            replaces: *replaces,
        };
        let change = Change {
            action,
            logical_id: "Table".to_owned(),
            physical_id: None,
            resource_type: "AWS::DynamoDB::Table".to_owned(),
            replacement,
            properties: properties.iter().map(property).collect(),
            retained: false,
        };
        assert_eq!(anstream::adapter::strip_str(&line(&change, 20)).to_string(), expect);
    }

    #[test]
    fn a_change_says_in_words_what_its_sign_says() {
        check(Action::Add, Replacement::Never, &[], "  + add      AWS::DynamoDB::Table  Table");
        check(
            Action::Modify,
            Replacement::Always,
            &[("KeySchema", Replacement::Always), ("Tags", Replacement::Never)],
            "  ± replace  AWS::DynamoDB::Table  Table  KeySchema (replaces), Tags",
        );
        check(Action::Remove, Replacement::Never, &[], "  - remove   AWS::DynamoDB::Table  Table");
    }
}
