//! What CloudFormation does, a line an event.

use super::Printer;
use super::style::{ERROR, FAINT};
use super::text::shown;
use clap::builder::styling::Style;
use stack_builder_deploy::{Change, PlannedResource, StackEvent};
use std::time::Duration;

/// The type under which a stack reports about itself.
const STACK: &str = "AWS::CloudFormation::Stack";
/// As long as the ordinary states (`CREATE_IN_PROGRESS`); the rare longer ones may push the rest aside.
const STATUS: usize = 18;

/// Prints events in columns that fit the resources to come.
pub(crate) struct Lines<'a> {
    printer: &'a Printer,
    kinds: usize,
    ids: usize,
}

impl<'a> Lines<'a> {
    /// For the resources of a change set.
    pub(crate) fn of_changes(printer: &'a Printer, stack: &str, changes: &[Change]) -> Self {
        Self::new(printer, stack, changes.iter().map(|c| (c.resource_type.as_str(), c.logical_id.as_str())))
    }

    /// For the resources of a stack that goes.
    pub(crate) fn of_resources(printer: &'a Printer, stack: &str, resources: &[PlannedResource]) -> Self {
        Self::new(printer, stack, resources.iter().map(|r| (r.resource_type.as_str(), r.logical_id.as_str())))
    }

    fn new<'b>(printer: &'a Printer, stack: &'b str, rows: impl Iterator<Item = (&'b str, &'b str)>) -> Self {
        let start = Self { printer, kinds: STACK.len(), ids: stack.len() };
        rows.fold(start, |lines, (kind, id)| Self {
            kinds: lines.kinds.max(kind.len()),
            ids: lines.ids.max(id.len()),
            ..lines
        })
    }

    /// Prints one event: time (UTC), status, type, name in the template, reason.
    pub(crate) fn show(&self, event: &StackEvent) {
        self.printer.progress(self.render(event));
    }

    /// Says that nothing is wrong, only slow.
    pub(crate) fn waiting(&self, quiet: Duration) {
        self.printer
            .progress(format!("{FAINT}          no news for {} s, still watching{FAINT:#}", quiet.as_secs()));
    }

    fn render(&self, event: &StackEvent) -> String {
        let style = style(event);
        let clock = event.time.get(11..19).unwrap_or("        ");
        let line = format!(
            "{FAINT}{clock}{FAINT:#}  {style}{:STATUS$}{style:#}  {:kinds$}  {:ids$}  {}",
            event.status,
            shown(&event.resource_type),
            shown(&event.logical_id),
            shown(event.reason.as_deref().unwrap_or_default()),
            kinds = self.kinds,
            ids = self.ids,
        );
        line.trim_end().to_owned()
    }
}

fn style(event: &StackEvent) -> Style {
    if event.is_failure() || event.status.contains("ROLLBACK") {
        ERROR
    } else if event.status.ends_with("_IN_PROGRESS") {
        FAINT
    } else {
        Style::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::global_args::ColorWhen;

    #[test]
    fn columns_line_up() {
        let printer = Printer::new(ColorWhen::Never, true, false);
        let event = |status: &str, kind: &str, id: &str, reason: Option<&str>| StackEvent {
            time: "2026-11-20T10:02:40.654Z".to_owned(),
            status: status.to_owned(),
            resource_type: kind.to_owned(),
            logical_id: id.to_owned(),
            physical_id: None,
            reason: reason.map(str::to_owned),
            is_stack: false,
        };
        let lines = Lines { printer: &printer, kinds: 26, ids: 8 };
        let plain = |event| anstream::adapter::strip_str(&lines.render(&event)).to_string();
        assert_eq!(
            plain(event("CREATE_FAILED", "AWS::SQS::Queue", "Queue", Some("No"))),
            "10:02:40  CREATE_FAILED       AWS::SQS::Queue             Queue     No"
        );
        assert_eq!(
            plain(event("CREATE_IN_PROGRESS", "AWS::SQS::Queue", "Queue", None)),
            "10:02:40  CREATE_IN_PROGRESS  AWS::SQS::Queue             Queue"
        );
    }
}
