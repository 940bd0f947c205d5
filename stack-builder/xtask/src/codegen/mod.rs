//! `codegen`: the facts about CloudFormation's resource types, refreshed from pinned public sources.

use std::process::ExitCode;

/// Runs `cargo xtask codegen`.
pub(crate) fn run(_arguments: &[String]) -> anyhow::Result<ExitCode> {
    anyhow::bail!("`codegen` is not ready yet ({})", crate::repository_root().display())
}
