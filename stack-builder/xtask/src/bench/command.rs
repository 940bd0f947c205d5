//! The `stack-builder` command over this repository, when there is nothing left to build.

use super::figure::Figure;
use super::measure::{measure, repeat};
use super::project::target;
use crate::process::{cargo, program, run};
use std::process::Command;

/// Synth of the shipped applications.
pub(super) fn synth() -> anyhow::Result<Vec<Figure>> {
    built()?;
    nothing_to_do("synth")
}

/// Packaging of the shipped applications, if their handlers have been built.
pub(super) fn package() -> anyhow::Result<Vec<Figure>> {
    built()?;
    if !target().join("assembly/assets.json").is_file() {
        eprintln!("package: skipped, no handler is built yet; run `stack-builder package` first");
        return Ok(Vec::new());
    }
    nothing_to_do("package")
}

/// Builds the command itself.
fn built() -> anyhow::Result<()> {
    run(cargo().args(["build", "--quiet", "--package", "stack-builder-cli"]), "install Rust")
}

fn nothing_to_do(subcommand: &str) -> anyhow::Result<Vec<Figure>> {
    let command = || -> anyhow::Result<Command> {
        let mut command = program(target().join("debug/stack-builder"));
        command.arg(subcommand);
        Ok(command)
    };
    // The first run does what there is to do.
    measure(&command()?)?;
    let runs = repeat(5, command)?;
    Ok(vec![Figure::new(format!("`stack-builder {subcommand}`, nothing to do, dev"), runs)])
}
