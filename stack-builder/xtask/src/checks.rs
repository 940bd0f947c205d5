//! The checks that are no tests, each one a task of its own: `fmt`, `lint`, `laws` and `deny`.

use crate::process::{cargo, output, program, run};
use crate::tools;
use anyhow::bail;
use std::process::ExitCode;

const RUST: &str = "install Rust with the toolchain that `rust-toolchain.toml` names";

/// Runs `cargo xtask fmt`: every Rust file is formatted.
pub(crate) fn fmt(_arguments: &[String]) -> anyhow::Result<ExitCode> {
    run(cargo().args(["fmt", "--all", "--check"]), RUST)
        .map_err(|error| anyhow::anyhow!("{error}\nhint: run `cargo fmt`"))?;
    Ok(ExitCode::SUCCESS)
}

/// Runs `cargo xtask lint`: the compiler and clippy have nothing to say.
pub(crate) fn lint(_arguments: &[String]) -> anyhow::Result<ExitCode> {
    run(
        cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
        RUST,
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Runs `cargo xtask laws`: the crates that describe stay free of async and of AWS.
///
/// A user's stacks crate has to build from cold in seconds, which one of these would end.
pub(crate) fn laws(_arguments: &[String]) -> anyhow::Result<ExitCode> {
    for package in ["stack-builder", "stacks"] {
        let tree = output(
            cargo().args(["tree", "--edges", "normal,build", "--prefix", "none", "-p", package]),
            RUST,
        )?;
        let strangers = strangers(&tree);
        if !strangers.is_empty() {
            bail!(
                "`{package}` depends on {}\nhint: `cargo tree -p {package} -i {}` shows through what",
                strangers.join(", "),
                strangers[0]
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs `cargo xtask deny`: licences, banned edges and sources of every dependency.
///
/// Advisories are left out: they need an advisory database from the network.
pub(crate) fn deny(_arguments: &[String]) -> anyhow::Result<ExitCode> {
    tools::install()?;
    let mut command = program(tools::cargo_deny());
    command.args(["--log-level", "error", "--workspace", "check", "--hide-inclusion-graph"]);
    run(command.args(["bans", "licenses", "sources"]), "run `cargo xtask tools`")?;
    Ok(ExitCode::SUCCESS)
}

/// The packages in the output of `cargo tree` that have no place below what describes a stack.
fn strangers(tree: &str) -> Vec<&str> {
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    let mut strangers: Vec<&str> =
        names.filter(|name| *name == "tokio" || *name == "hyper" || name.starts_with("aws-")).collect();
    strangers.sort_unstable();
    strangers.dedup();
    strangers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn async_and_aws_are_strangers() {
        let tree = "stack-builder v0.1.0 (stack-builder)\nserde v1.0.0\naws-sdk-s3 v1.0.0\ntokio v1.0.0 (*)\n\
                    aws-sdk-s3 v1.0.0 (*)\ntokio-less v1.0.0\n";
        assert_eq!(strangers(tree), ["aws-sdk-s3", "tokio"]);
    }

    #[test]
    fn an_ordinary_tree_has_none() {
        assert!(strangers("stack-builder v0.1.0\nserde v1.0.0\nserde_json v1.0.0\n").is_empty());
    }
}
