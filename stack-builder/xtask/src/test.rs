//! `test`: every check and every test of the repository, with one line at the end that sums them up.

use crate::process::{cargo, run as run_program};
use crate::{checks, codegen, tidy, tools};
use anyhow::Context as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::AddAssign;
use std::process::{ExitCode, Stdio};
use std::time::Instant;

/// How many tests there were, by how they ended. A check counts as one test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// A step by the name of the task that does it alone.
type Step = (&'static str, fn() -> Tally);

/// The quick ones first, so that a slip is seen early; the linter's and the tests' builds follow one another.
const STEPS: &[Step] = &[
    ("tools", || check(|| tools::install().map(|()| ExitCode::SUCCESS))),
    ("fmt", || check(|| checks::fmt(&[]))),
    ("tidy", || check(|| tidy::run(&[]))),
    ("laws", || check(|| checks::laws(&[]))),
    ("deny", || check(|| checks::deny(&[]))),
    ("codegen --check", || check(|| codegen::run(&["--check".to_owned()]))),
    ("lint", || check(|| checks::lint(&[]))),
    ("cargo test", || cargo_test().unwrap_or_else(failed)),
];

/// Runs `cargo xtask test`.
#[expect(clippy::unnecessary_wraps, reason = "the shape of a task")]
pub(crate) fn run(_arguments: &[String]) -> anyhow::Result<ExitCode> {
    let mut total = Tally::default();
    let mut broken = Vec::new();
    for (name, step) in STEPS {
        let tally = timed(name, *step);
        if tally.failed > 0 {
            broken.push(*name);
        }
        total += tally;
    }
    if !broken.is_empty() {
        println!("failed: {}", broken.join(", "));
    }
    println!("{} passed, {} failed, {} skipped", total.passed, total.failed, total.skipped);
    Ok(if total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs `cargo xtask bless`: what synth writes now becomes what is expected.
pub(crate) fn bless(_arguments: &[String]) -> anyhow::Result<ExitCode> {
    let mut command = cargo();
    command
        .args(["test", "--quiet", "--package", "stack-builder-tests", "what_synth_writes"])
        .env("BLESS", "1");
    run_program(&mut command, "install Rust")?;
    Ok(ExitCode::SUCCESS)
}

fn timed(name: &str, step: fn() -> Tally) -> Tally {
    println!("--- {name}");
    let start = Instant::now();
    let tally = step();
    let verdict = if tally.failed == 0 { "ok" } else { "FAILED" };
    println!("--- {name}: {verdict} in {:.1} s", start.elapsed().as_secs_f64());
    tally
}

/// A check is one test, which passes when the check succeeds.
fn check(check: impl FnOnce() -> anyhow::Result<ExitCode>) -> Tally {
    match check() {
        Ok(code) if code == ExitCode::SUCCESS => Tally { passed: 1, ..Tally::default() },
        Ok(_) => Tally { failed: 1, ..Tally::default() },
        Err(error) => failed(error),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape of `unwrap_or_else`")]
fn failed(error: anyhow::Error) -> Tally {
    eprintln!("error: {error:#}");
    Tally { failed: 1, ..Tally::default() }
}

/// Runs every test, passing its output on as it comes.
fn cargo_test() -> anyhow::Result<Tally> {
    let mut command = cargo();
    command.args(["test", "--workspace", "--no-fail-fast"]).stdout(Stdio::piped());
    let mut child = command.spawn().context("cannot start `cargo test`")?;
    let mut tally = Tally::default();
    let output = child.stdout.take().context("no output of `cargo test`")?;
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        std::io::stdout().write_all(&[line.as_slice(), b"\n"].concat())?;
        tally += result(&String::from_utf8_lossy(&line)).unwrap_or_default();
    }
    let succeeded = child.wait()?.success();
    if !succeeded && tally.failed == 0 {
        // Something did not compile, or a test process was killed.
        tally.failed = 1;
    }
    Ok(tally)
}

/// Reads `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s`.
fn result(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |what: &str| {
        let text = counts.split("; ").find_map(|part| part.strip_suffix(what))?;
        text.trim().parse::<u64>().ok()
    };
    Some(Tally { passed: count("passed")?, failed: count("failed")?, skipped: count("ignored")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_read() {
        let ok =
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s";
        assert_eq!(result(ok), Some(Tally { passed: 3, failed: 0, skipped: 1 }));
        let bad = "test result: FAILED. 12 passed; 4 failed; 0 ignored; 0 measured; 9 filtered out; finished in 1.20s";
        assert_eq!(result(bad), Some(Tally { passed: 12, failed: 4, skipped: 0 }));
    }

    #[test]
    fn other_lines_count_for_nothing() {
        for line in ["", "running 3 tests", "test a::b ... ok", "the test result: ok. 3 passed; 0 failed"] {
            assert_eq!(result(line), None, "{line}");
        }
    }

    #[test]
    fn a_check_is_one_test() {
        assert_eq!(check(|| Ok(ExitCode::SUCCESS)), Tally { passed: 1, failed: 0, skipped: 0 });
        assert_eq!(check(|| Ok(ExitCode::FAILURE)), Tally { passed: 0, failed: 1, skipped: 0 });
        assert_eq!(check(|| anyhow::bail!("no")), Tally { passed: 0, failed: 1, skipped: 0 });
    }
}
