//! Archives: how they come about, and which there are.

use super::style::FAINT;
use super::table::Table;
use super::text::{bytes, count, path, shown};
use super::{Printer, list};
use anyhow::Result;
use serde_json::{Value, json};
use stack_builder_assembly::{CloudAssembly, PackagedAsset, StackArtifact};
use stack_builder_package::{Packaged, Progress};
use std::collections::BTreeSet;

/// Shows one step after another; when quiet, keeps what cargo says in case it matters.
pub(crate) struct Steps<'a> {
    printer: &'a Printer,
    quiet: bool,
    held: Vec<String>,
}

impl<'a> Steps<'a> {
    pub(crate) fn new(printer: &'a Printer, quiet: bool) -> Self {
        Self { printer, quiet: quiet || printer.is_quiet(), held: Vec::new() }
    }

    /// Shows what happens.
    pub(crate) fn show(&mut self, step: Progress) {
        match step {
            Progress::Cargo { line } if self.quiet => self.held.push(line),
            Progress::Cargo { line } => self.printer.progress(line),
            _ if self.quiet => {}
            step => describe(&step).into_iter().for_each(|line| self.printer.progress(line)),
        }
    }

    /// Shows what was kept: something failed.
    pub(crate) fn show_held(&self) {
        for line in &self.held {
            self.printer.problem(line);
        }
    }
}

/// A line for a step worth one.
fn describe(step: &Progress) -> Option<String> {
    match step {
        Progress::Waiting { directory } => {
            Some(format!("waiting for another run that packages `{}`", path(directory)))
        }
        Progress::Building { bins, target, .. } => Some(format!(
            "building {} for {target}: {}",
            count(bins.len(), "handler"),
            shown(&bins.join(", "))
        )),
        Progress::BuildingLocally { bins } => {
            Some(format!("building {}: {}", count(bins.len(), "handler"), shown(&bins.join(", "))))
        }
        Progress::LargeAtEdge { asset, size, older_limit } => Some(format!(
            "warning: {asset} has {}; an account that still has the older quota of Lambda@Edge takes {} for viewer events",
            bytes(*size),
            bytes(*older_limit)
        )),
        Progress::Archiving { asset, size } => Some(format!("archiving {} ({})", shown(asset), bytes(*size))),
        _ => None,
    }
}

/// The table for people: an asset a line, then where the templates are.
pub(crate) fn table(printer: &Printer, assembly: &CloudAssembly, packaged: &Packaged) {
    let mut table = Table::new(["ASSET", ">SIZE", "HASH", "ARCHIVE"]);
    let assets = wanted(assembly, packaged);
    for (name, asset) in &assets {
        let short = asset.hash.chars().take(12).collect();
        table.row([(*name).to_owned(), bytes(asset.size), short, state(packaged, name).to_owned()]);
    }
    if assets.is_empty() {
        printer.result("no stack needs an asset");
    } else {
        printer.result(format!("{table}\n"));
    }
    for stack in &assembly.manifest.stacks {
        let file = assembly.directory().join(stack.packaged_template());
        printer.result(format!("{FAINT}template{FAINT:#}  {}", path(&file)));
    }
}

/// The document for programs.
pub(crate) fn json(printer: &Printer, assembly: &CloudAssembly, packaged: &Packaged) -> Result<()> {
    let assets = wanted(assembly, packaged).into_iter().map(|(name, asset)| {
        json!({
            "name": name,
            "hash": asset.hash,
            "size": asset.size,
            "archive": assembly.directory().join(&asset.path),
            "new": state(packaged, name) == "new",
        })
    });
    printer.json(&json!({
        "app": assembly.manifest.app,
        "stage": assembly.manifest.stage,
        "directory": assembly.directory(),
        "assets": assets.collect::<Vec<_>>(),
        "stacks": assembly.manifest.stacks.iter().map(|stack| stack_json(assembly, stack)).collect::<Vec<_>>(),
        "diagnostics": assembly.manifest.diagnostics,
    }))
}

fn stack_json(assembly: &CloudAssembly, stack: &StackArtifact) -> Value {
    json!({
        "name": stack.name,
        "stackName": stack.stack_name,
        "packagedTemplate": assembly.directory().join(stack.packaged_template()),
    })
}

/// What the stacks of this assembly want, by name; others may lie in the folder from earlier runs.
fn wanted<'a>(assembly: &CloudAssembly, packaged: &'a Packaged) -> Vec<(&'a str, &'a PackagedAsset)> {
    let names: BTreeSet<&str> = assembly.manifest.stacks.iter().flat_map(list::assets).collect();
    let assets = packaged.manifest.assets.iter().map(|(name, asset)| (name.as_str(), asset));
    assets.filter(|(name, _)| names.contains(name)).collect()
}

fn state(packaged: &Packaged, name: &str) -> &'static str {
    if packaged.archived.iter().any(|archived| archived == name) { "new" } else { "reused" }
}
