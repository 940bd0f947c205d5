//! Outputs of stacks.

use super::Printer;
use super::style::{FAINT, HEADING, WARNING};
use super::text::shown;
use anyhow::Result;
use stack_builder_assembly::StackArtifact;
use stack_builder_deploy::{Environment, Outputs};
use std::collections::BTreeMap;

/// A stack's outputs for people.
pub(crate) fn show(printer: &Printer, stack: &str, region: &str, outputs: &Outputs) {
    let width = outputs.keys().map(String::len).max().unwrap_or_default();
    printer.result(format!("{HEADING}{}{HEADING:#} {FAINT}in {region}{FAINT:#}", shown(stack)));
    for (name, value) in outputs {
        printer.result(format!("  {:width$}  {}", shown(name), shown(value)));
    }
    if outputs.is_empty() {
        printer.result(format!("  {FAINT}no outputs{FAINT:#}"));
    }
}

/// Outputs by stack for programs.
pub(crate) fn json(printer: &Printer, stacks: &BTreeMap<&str, &Outputs>) -> Result<()> {
    printer.json(stacks)
}

/// A stack whose answer cannot be read, while those of others can.
pub(crate) fn unreadable(printer: &Printer, stack_name: &str) {
    printer.problem(format!(
        "{WARNING}warning{WARNING:#}: stack `{}` cannot be read and is left out",
        shown(stack_name)
    ));
}

/// A stack that was not asked for by name and is not there.
pub(crate) fn absent(printer: &Printer, stack: &StackArtifact, environment: &Environment) {
    printer.progress(format!(
        "{} is not deployed: no stack `{}` in {}",
        shown(&stack.name),
        shown(&stack.stack_name),
        environment.region
    ));
}
