//! The application on this machine: what runs where, and what happens, for people or as JSON.

mod json;
mod lines;
mod structured;
mod table;

use super::Printer;
use super::style::{ERROR, FAINT, HEADING};
use super::text::{seconds, shown};
use crate::failure::Failure;
use serde_json::Value;
use stack_builder_deploy::SeedStep;
use stack_builder_local::{Event, Overview};
use stack_builder_package::Progress;
use std::time::Duration;

/// Shows a local run in one of the two ways.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View<'a> {
    printer: &'a Printer,
    json: bool,
}

/// How long the start took, part by part.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Phases {
    /// Cargo on the stacks program.
    pub(crate) build: Duration,
    /// The stacks program.
    pub(crate) synth: Duration,
    /// Until every port listened.
    pub(crate) start: Duration,
    /// The sites.
    pub(crate) publish: Duration,
    /// The demonstration data.
    pub(crate) seed: Duration,
    /// Cargo on the handlers, while the sites are published.
    pub(crate) handlers: Duration,
}

/// Demonstration data that is in.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    /// The stack's name on the command line.
    pub(crate) stack: String,
    /// The file, relative to the workspace's root.
    pub(crate) file: String,
    /// What was loaded.
    pub(crate) steps: Vec<SeedStep>,
}

/// What there is to say when everything runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ready<'a> {
    pub(crate) overview: &'a Overview,
    /// The region of stacks that are pinned to none.
    pub(crate) region: &'a str,
    /// The folder of state, if any.
    pub(crate) state: Option<&'a str>,
    pub(crate) loaded: &'a [Loaded],
    /// Whether there is demonstration data, loaded or not.
    pub(crate) has_data: bool,
    pub(crate) phases: &'a Phases,
    /// Since the command was given.
    pub(crate) took: Duration,
}

impl<'a> View<'a> {
    pub(crate) fn new(printer: &'a Printer, json: bool) -> Self {
        Self { printer, json }
    }

    /// A build begins. (People see it as a step of the build.)
    pub(crate) fn building(self, step: &Progress) {
        if let (true, Progress::BuildingLocally { bins }) = (self.json, step) {
            self.tell(&json::building(bins));
        }
    }

    /// The handlers are built.
    pub(crate) fn built(self, rebuilt: &[String], took: Duration) {
        if self.json {
            self.tell(&json::built(rebuilt, took));
        } else {
            let names = if rebuilt.is_empty() { "nothing new".to_owned() } else { rebuilt.join(", ") };
            self.printer.detail(format!("built {} in {}", shown(&names), seconds(took)));
        }
    }

    /// Everything runs; again whenever a URL changes.
    pub(crate) fn ready(self, ready: &Ready<'_>) {
        if self.json {
            self.tell(&json::ready(ready));
        } else {
            self.printer.result(table::render(ready, self.printer.is_verbose()));
        }
    }

    /// Something happened in the application.
    pub(crate) fn event(self, event: &Event, overview: &Overview) {
        if self.json {
            self.tell(&json::event(event, overview));
        } else {
            lines::show(self.printer, event, overview);
        }
    }

    /// More happened than could be shown.
    pub(crate) fn missed(self, events: u64) {
        if self.json {
            self.tell(&json::missed(events));
        } else {
            self.printer.progress(format!("{FAINT}… {events} events were too fast to be shown{FAINT:#}"));
        }
    }

    /// What was changed has taken the place of the old.
    pub(crate) fn reloaded(self, what: &[String], took: Duration) {
        if self.json {
            self.tell(&json::reloaded(what, took));
        } else if what.is_empty() {
            let told = format!("what was saved changes nothing ({})", seconds(took));
            self.printer.progress(format!("{FAINT}{told}{FAINT:#}"));
        } else {
            let what = what.join(", ");
            self.printer.progress(format!(
                "{HEADING}reloaded{HEADING:#} {} in {}",
                shown(&what),
                seconds(took)
            ));
        }
    }

    /// A change could not be made; what ran before goes on.
    pub(crate) fn failed(self, what: &str, error: &anyhow::Error) {
        super::failure::show(self.printer, error);
        if self.json {
            self.tell(&json::failed(what, error));
        } else {
            self.printer.problem(format!(
                "{ERROR}{what} not reloaded{ERROR:#}; what ran before goes on, and the next save tries again"
            ));
        }
    }

    /// It ends in an error, which people see like that of any other command.
    pub(crate) fn given_up(self, error: &anyhow::Error) {
        if self.json {
            self.tell(&json::failed("start", error));
            self.tell(&json::stopped());
        }
    }

    /// It is over.
    pub(crate) fn stopped(self) {
        if self.json {
            self.tell(&json::stopped());
        } else {
            self.printer.progress("stopped");
        }
    }

    fn tell(self, event: &Value) {
        self.printer.json_line(event);
    }
}

/// A step of loading demonstration data, which only the talkative want: the table tells the sum.
pub(crate) fn step(printer: &Printer, step: &SeedStep) {
    if printer.is_verbose() {
        super::seed::step(printer, step);
    }
}

/// The application that answers at `front`, the beginning of one of its URLs.
fn app_at<'a>(overview: &'a Overview, front: &str) -> Option<&'a str> {
    let at = |url: &str| url.strip_prefix(front).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let app = overview.apps.iter().find(|app| app.urls.iter().any(|(_, url)| at(url)));
    app.map(|app| app.name.as_str())
}

/// The message of an error, and its hint.
fn message(error: &anyhow::Error) -> (String, Option<String>) {
    let text = error.to_string();
    let (message, own) = text.split_once("\nhint: ").map_or((&*text, None), |(m, h)| (m, Some(h)));
    let hint = Failure::hint_of(error).or(own).map(str::to_owned);
    (message.to_owned(), hint)
}
