//! This repository's own tasks, run as `cargo xtask <task>`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to the person who runs it")]

mod bench;
mod checks;
mod codegen;
mod process;
mod test;
mod tidy;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// One subcommand: what is typed, what the help says, and the function that does it.
struct Task {
    name: &'static str,
    about: &'static str,
    run: fn(&[String]) -> anyhow::Result<ExitCode>,
}

/// Every task there is, in the order in which the help shows them.
const TASKS: &[Task] = &[
    Task { name: "test", about: "Every check and every test, as CI runs them", run: test::run },
    Task {
        name: "tools",
        about: "Install what the tests need, pinned, into target/tools",
        run: tools::run_task,
    },
    Task { name: "fmt", about: "Check that every file is formatted", run: checks::fmt },
    Task { name: "lint", about: "Check that clippy has nothing to say", run: checks::lint },
    Task {
        name: "tidy",
        about: "Check the habits of the house, file by file and crate by crate",
        run: tidy::run,
    },
    Task { name: "laws", about: "Check that what describes is free of async and of AWS", run: checks::laws },
    Task {
        name: "deny",
        about: "Check licences, banned edges and sources of dependencies",
        run: checks::deny,
    },
    Task { name: "site", about: "Test the scripts of the applications' pages", run: test::site },
    Task { name: "bless", about: "Accept what synth writes now as the golden templates", run: test::bless },
    Task {
        name: "codegen",
        about: "Refresh the facts about CloudFormation's resource types [--check] [--report FILE]",
        run: codegen::run,
    },
    Task {
        name: "bench",
        about: "Measure builds and synth beside their targets [NAME…] [--json]",
        run: bench::run,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = arguments.split_first() else {
        return usage();
    };
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        return usage();
    };
    (task.run)(rest).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// Prints what can be asked for; the exit code is 2, as for any wrong usage.
fn usage() -> ExitCode {
    eprintln!("usage: cargo xtask <task> [options]\n");
    for task in TASKS {
        eprintln!("  {:<10} {}", task.name, task.about);
    }
    ExitCode::from(2)
}

/// The repository's root folder, wherever the task was started from.
fn repository_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}
