//! Programs that tasks start, and what is said when one is missing.

use anyhow::{Context as _, bail};
use std::path::PathBuf;
use std::process::Command;

/// `cargo`, in the repository's root folder.
pub(crate) fn cargo() -> Command {
    program(std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from))
}

/// Any program, in the repository's root folder.
pub(crate) fn program(path: impl Into<PathBuf>) -> Command {
    let mut command = Command::new(path.into());
    command.current_dir(crate::repository_root());
    command
}

/// Runs `command` with this process's own output.
///
/// # Errors
/// When it cannot be started, with `hint` as the way to mend that, or does not succeed.
pub(crate) fn run(command: &mut Command, hint: &str) -> anyhow::Result<()> {
    let status = command.status().with_context(|| missing(command, hint))?;
    if status.success() { Ok(()) } else { bail!("`{}` failed ({status})", shown(command)) }
}

/// Runs `command` and takes what it writes to standard output.
///
/// # Errors
/// As [`run`], with the end of what it wrote to standard error.
pub(crate) fn output(command: &mut Command, hint: &str) -> anyhow::Result<String> {
    let output = command.output().with_context(|| missing(command, hint))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed ({})\n{}", shown(command), output.status, said.trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn missing(command: &Command, hint: &str) -> String {
    format!("cannot start `{}`\nhint: {hint}", command.get_program().to_string_lossy())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_comes_with_the_hint() {
        let error =
            run(&mut Command::new("no-such-program-here"), "install it").expect_err("it is not there");
        assert_eq!(error.to_string(), "cannot start `no-such-program-here`\nhint: install it");
    }

    #[test]
    fn a_failure_names_the_command_and_what_it_said() {
        let mut command = cargo();
        command.args(["no-such-subcommand-here"]);
        let error = output(&mut command, "").expect_err("there is no such subcommand").to_string();
        assert!(error.contains("no-such-subcommand-here` failed"), "{error}");
        assert!(error.contains("no such command"), "{error}");
    }
}
