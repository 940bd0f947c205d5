//! `test`: every check and every test of the repository, with one line at the end that sums them up.

use crate::process::{cargo, program, run as run_program};
use crate::{checks, codegen, tidy, tools};
use anyhow::Context as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::ops::AddAssign;
use std::process::{Command, ExitCode, Stdio};
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
    ("site", || site_tests().unwrap_or_else(failed)),
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

/// Runs `cargo xtask site`: the tests of the pages' scripts.
pub(crate) fn site(_arguments: &[String]) -> anyhow::Result<ExitCode> {
    Ok(if site_tests()?.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn site_tests() -> anyhow::Result<Tally> {
    let folder = crate::repository_root().join("site/tests");
    let entries =
        std::fs::read_dir(&folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let mut command = program("node");
    command.args(["--test", "--test-reporter=tap"]).args(files);
    let tally = counted(&mut command, tap_result).context(tools::NODE)?;
    Ok(if tally == Tally::default() { Tally { failed: 1, ..tally } } else { tally })
}

/// Runs every test of the crates.
fn cargo_test() -> anyhow::Result<Tally> {
    let mut command = cargo();
    counted(command.args(["test", "--workspace", "--no-fail-fast"]), result)
}

/// Runs tests, passing their output on as it comes, and adds up what `read` finds in its lines.
fn counted(command: &mut Command, read: fn(&str) -> Option<Tally>) -> anyhow::Result<Tally> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{name}`"))?;
    let mut tally = Tally::default();
    let output = child.stdout.take().with_context(|| format!("no output of `{name}`"))?;
    for line in BufReader::new(output).split(b'\n') {
        let line = line?;
        std::io::stdout().write_all(&[line.as_slice(), b"\n"].concat())?;
        tally += read(&String::from_utf8_lossy(&line)).unwrap_or_default();
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

/// Reads the lines `# pass 3`, `# fail 0` and `# skipped 1` with which Node.js ends.
fn tap_result(line: &str) -> Option<Tally> {
    let (what, count) = line.strip_prefix("# ")?.split_once(' ')?;
    let count = count.parse().ok()?;
    match what {
        "pass" => Some(Tally { passed: count, ..Tally::default() }),
        "fail" => Some(Tally { failed: count, ..Tally::default() }),
        "skipped" => Some(Tally { skipped: count, ..Tally::default() }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_node_are_read() {
        assert_eq!(tap_result("# pass 12"), Some(Tally { passed: 12, ..Tally::default() }));
        assert_eq!(tap_result("# fail 3"), Some(Tally { failed: 3, ..Tally::default() }));
        for line in ["# tests 15", "# pass", "ok 1 - pass 3", "# duration_ms 12.5", "# Subtest: pass 3"] {
            assert_eq!(tap_result(line), None, "{line}");
        }
    }

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
