//! The stacks of an application, a line each.

use super::table::Table;
use super::text::{count, findings, shown};
use super::{Printer, style::HEADING, style::WARNING};
use anyhow::Result;
use serde_json::json;
use stack_builder_assembly::{Manifest, Severity, StackArtifact};
use std::collections::BTreeSet;

/// The table for people.
///
/// `home` is the region of the stacks that are pinned to none, when it is known.
pub(crate) fn show(printer: &Printer, manifest: &Manifest, home: Option<&str>) {
    let Manifest { app, stage, stacks, .. } = manifest;
    let heading =
        format!("{HEADING}{}{HEADING:#}, stage {stage}: {}", shown(app), count(stacks.len(), "stack"));
    let mut table =
        Table::new(["STACK", "IN CLOUDFORMATION", "REGION", ">RESOURCES", ">ASSETS", "DESCRIPTION"]);
    for stack in stacks {
        let numbers = (resources(stack).to_string(), assets(stack).len().to_string());
        table.row([
            stack.name.clone(),
            stack.stack_name.clone(),
            stack.region.as_deref().or(home).unwrap_or("any").to_owned(),
            numbers.0,
            numbers.1,
            stack.description.clone(),
        ]);
    }
    printer.result(if stacks.is_empty() { heading } else { format!("{heading}\n\n{table}") });
    let errors = manifest.diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    if errors > 0 {
        let found = findings(errors, manifest.diagnostics.len() - errors);
        printer.problem(format!(
            "{WARNING}warning{WARNING:#}: the stacks have {found}; see `stack-builder synth`"
        ));
    }
}

/// The document for programs.
pub(crate) fn json(printer: &Printer, manifest: &Manifest, home: Option<&str>) -> Result<()> {
    let stacks = manifest.stacks.iter().map(|stack| {
        json!({
            "name": stack.name,
            "stackName": stack.stack_name,
            "region": stack.region.as_deref().or(home),
            "pinned": stack.region.is_some(),
            "inputs": stack.inputs,
            "description": stack.description,
            "resources": resources(stack),
            "assets": assets(stack),
        })
    });
    printer.json(&json!({
        "app": manifest.app,
        "stage": manifest.stage,
        "stacks": stacks.collect::<Vec<_>>(),
    }))
}

/// How many resources the template holds.
pub(super) fn resources(stack: &StackArtifact) -> usize {
    stack.resources.values().sum()
}

/// Names of the assets that the template wants, each once.
pub(super) fn assets(stack: &StackArtifact) -> BTreeSet<&str> {
    let slots = stack.asset_slots.iter().map(|slot| slot.asset.as_str());
    slots.chain(stack.sites.iter().map(|site| site.asset.as_str())).collect()
}
