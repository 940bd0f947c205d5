//! The shipped stacks as a user's crate: built cold, built again after an edit, and run.

use super::figure::{Figure, Quantity};
use super::measure::{measure, repeat};
use super::project::{Profile, Project, files_below};
use anyhow::Context as _;
use std::path::PathBuf;
use std::process::Command;

/// The file that is edited, and the text in it behind which a digit is put.
const EDITED: (&str, &str) = ("uploads.rs", "stack.describe(\"");

/// A build of everything, as after `git clone`, with the dependencies downloaded.
pub(super) fn cold_build() -> anyhow::Result<Vec<Figure>> {
    let project = project()?;
    let runs = repeat(3, || {
        project.clean()?;
        Ok(project.build(Profile::Dev))
    })?;
    Ok(vec![Figure::new("cold build, dev", runs).at_most(Quantity::Cpu, 20.0)])
}

/// The build after one line of a stack has changed.
pub(super) fn rebuild() -> anyhow::Result<Vec<Figure>> {
    let project = project()?;
    measure(&project.build(Profile::Dev))?;
    let mut digit = 0;
    let runs = repeat(5, || {
        digit += 1;
        let (file, mark) = EDITED;
        project.edit(file, |text| {
            let (before, after) = text.split_once(mark).with_context(|| {
                format!("`{file}` has no `{mark}`\nhint: name in `EDITED` another place to edit")
            })?;
            Ok(format!("{before}{mark}{digit}{after}"))
        })?;
        Ok(project.build(Profile::Dev))
    })?;
    Ok(vec![Figure::new("rebuild after an edit, dev", runs).at_most(Quantity::Wall, 2.0)])
}

/// Synth of one application, from the program's start to its exit.
pub(super) fn synth() -> anyhow::Result<Vec<Figure>> {
    let project = project()?;
    let figure = |profile| {
        measure(&project.build(profile))?;
        let runs = repeat(20, || {
            let mut command: Command = project.program(profile);
            command.env("STACK_BUILDER_STACKS", "uploads");
            Ok(command)
        })?;
        let name = format!("synth of uploads, {}", profile.name());
        Ok(Figure::new(name, runs).at_most(Quantity::Cpu, 0.015).at_most(Quantity::Memory, 15e6))
    };
    [Profile::Dev, Profile::Release].map(figure).into_iter().collect()
}

fn project() -> anyhow::Result<Project> {
    // The stacks take their pages for what is not found from the sites.
    let page = |site: &str| format!("site/{site}/error.html");
    let pages = ["uploads", "todo"].map(page).map(|page| (PathBuf::from(&page), format!("../../{page}")));
    Project::new("stacks", &[files_below("stacks/src")?, pages.into()].concat())
}
