//! One run of a command: CPU time, wall time and peak memory, of it and all its children.

use crate::process::output;
use anyhow::{Context as _, bail};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The kernel's account of a process is read by Python's standard library; in Rust it takes unsafe code.
const SCRIPT: &str = include_str!("measure.py");

/// What one run took.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Usage {
    /// Seconds of processor time, user and system.
    pub(super) cpu: f64,
    /// Seconds from start to exit.
    pub(super) wall: f64,
    /// Bytes of the largest process at its peak.
    pub(super) memory: f64,
}

#[derive(Deserialize)]
struct Report {
    exit: i32,
    #[serde(flatten)]
    usage: Usage,
}

/// Runs `command` once.
///
/// # Errors
/// When Python is missing, or the command does not succeed; then with what it wrote.
pub(super) fn measure(command: &Command) -> anyhow::Result<Usage> {
    // One for each thread: tests measure side by side.
    let log = super::project::folder()?.join(format!("output-{:?}.log", std::thread::current().id()));
    let mut python = Command::new("python3");
    python.args(["-I", "-c", SCRIPT]).arg(&log).arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        python.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => python.env(name, value),
            None => python.env_remove(name),
        };
    }
    let report = output(&mut python, "install Python 3, which the benchmarks measure with")?;
    let report: Report =
        serde_json::from_str(&report).context("cannot read what the measuring script wrote")?;
    if report.exit != 0 {
        bail!("`{}` failed ({})\n{}", shown(command), report.exit, end_of(&log));
    }
    Ok(report.usage)
}

/// Runs what `command` makes `runs` times.
pub(super) fn repeat(
    runs: usize,
    mut command: impl FnMut() -> anyhow::Result<Command>,
) -> anyhow::Result<Vec<Usage>> {
    (0..runs).map(|_| measure(&command()?)).collect()
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn end_of(log: &PathBuf) -> String {
    const LINES: usize = 20;
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn python(program: &str) -> Command {
        let mut command = Command::new("python3");
        command.args(["-c", program]);
        command
    }

    #[test]
    fn a_small_process_is_not_charged_with_the_memory_of_who_measures() {
        let usage = measure(&Command::new("true")).expect("it succeeds");
        assert!(usage.memory < 5e6, "{usage:?}");
    }

    #[test]
    fn the_work_of_a_child_counts() {
        let program = "import subprocess, sys; \
                       subprocess.run([sys.executable, '-c', 'bytearray(99_000_000); sum(range(3_000_000))'])";
        let [own, child] =
            [python("pass"), python(program)].map(|command| measure(&command).expect("it runs"));
        assert!(child.cpu > own.cpu, "{own:?} {child:?}");
        assert!(child.memory > 99e6, "{child:?}");
    }

    #[test]
    fn a_failure_shows_what_was_written() {
        let error = measure(&python("print('so it goes'); raise SystemExit(3)")).expect_err("it fails");
        assert!(error.to_string().ends_with("failed (3)\nso it goes"), "{error}");
    }
}
