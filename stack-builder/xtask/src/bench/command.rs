//! The `stack-builder` command over this repository, when there is nothing left to build.

use super::figure::{Figure, Quantity};
use super::measure::{measure, repeat};
use super::project::target;
use crate::process::{cargo, program, run};
use std::path::PathBuf;
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

/// Judging the largest golden template, beside cfn-lint where the tests have installed it.
pub(super) fn validate() -> anyhow::Result<Vec<Figure>> {
    built()?;
    let template = "tests/golden/stacks/dev/uploads.template.json";
    let judge = |program_path: PathBuf, arguments: &'static [&'static str]| -> anyhow::Result<Command> {
        let mut command = program(program_path);
        command.args(arguments).arg(template);
        Ok(command)
    };
    let ours = repeat(10, || judge(target().join("debug/stack-builder"), &["validate"]))?;
    // A fiftieth of what cfn-lint takes, though built without optimization.
    let mut figures = vec![Figure::new("validate a template, dev", ours).at_most(Quantity::Cpu, 0.027)];
    let lint = target().join("tools/python/bin/cfn-lint");
    if lint.is_file() {
        figures.push(Figure::new("the same by cfn-lint", repeat(2, || judge(lint.clone(), &[]))?));
    }
    Ok(figures)
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
