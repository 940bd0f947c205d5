//! The `stack-builder` command as it is released, run as a user runs it.

use crate::process::output_of;
use crate::{repository_root, target};
use serde_json::Value;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// One run of `stack-builder`, until [`StackBuilder::run`] starts it.
#[derive(Debug)]
pub struct StackBuilder {
    command: Command,
}

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; -1 when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    shown: String,
}

impl StackBuilder {
    /// The command in the folder of a workspace, without any of this machine's AWS settings.
    pub fn new(folder: &Path) -> Self {
        let mut command = Command::new(binary());
        command.current_dir(folder);
        clean(&mut command);
        command.env_remove("CARGO_TARGET_DIR").env("CARGO_NET_OFFLINE", "true");
        Self { command }
    }

    /// The program, built from the sources as they are now, for whoever runs it in another way.
    ///
    /// # Panics
    /// When it cannot be built.
    pub fn program() -> &'static Path {
        binary()
    }

    /// Adds arguments.
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets environment variables.
    pub fn envs<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        mut self,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.command.envs(variables);
        self
    }

    /// The command itself, for what does not end.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs it to its end.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn run(mut self) -> Outcome {
        let shown = format!("{:?}", self.command.get_args().collect::<Vec<_>>());
        let output = self.command.output().unwrap_or_else(|error| panic!("cannot start {shown}: {error}"));
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            shown,
        }
    }
}

impl Outcome {
    /// Expects exit code 0.
    ///
    /// # Panics
    /// When the code is another.
    #[track_caller]
    pub fn success(self) -> Self {
        self.exits_with(0)
    }

    /// Expects an exit code.
    ///
    /// # Panics
    /// When the code is another.
    #[track_caller]
    pub fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "exit code of {self}");
        self
    }

    /// Expects a part of what was said, on either stream.
    ///
    /// # Panics
    /// When it was not said.
    #[track_caller]
    pub fn says(self, part: &str) -> Self {
        assert!(self.stdout.contains(part) || self.stderr.contains(part), "{part:?} is not said by {self}");
        self
    }

    /// Expects that something was not said, on neither stream.
    ///
    /// # Panics
    /// When it was said.
    #[track_caller]
    pub fn does_not_say(self, part: &str) -> Self {
        assert!(!self.stdout.contains(part) && !self.stderr.contains(part), "{part:?} is said by {self}");
        self
    }

    /// Expects one clear message: a single `error:` line, a `hint:` line, no panic and no trace.
    ///
    /// Diagnostics, which start with `error[name]:`, are summed up by that one line.
    ///
    /// # Panics
    /// When that is not what standard error holds.
    #[track_caller]
    pub fn complains_once(self) -> Self {
        let starts =
            |what: &str| self.stderr.lines().filter(|line| line.trim_start().starts_with(what)).count();
        assert_eq!(starts("error:"), 1, "`error:` lines of {self}");
        assert!(starts("hint:") >= 1, "no `hint:` line in {self}");
        assert!(
            !self.stderr.contains("panicked") && !self.stderr.contains("stack backtrace"),
            "a panic in {self}"
        );
        self
    }

    /// Standard output, read as JSON.
    ///
    /// # Panics
    /// When it is not JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON ({error}) from {self}"))
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, stdout, stderr, shown } = self;
        write!(
            f,
            "`stack-builder` {shown}\n--- exit code\n{code}\n--- stdout\n{stdout}\n--- stderr\n{stderr}\n---"
        )
    }
}

/// Takes away what `cargo test` and this machine's AWS settings put into the environment.
fn clean(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let of_cargo = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"];
        if text.starts_with("AWS_")
            || text == "LD_LIBRARY_PATH"
            || of_cargo.iter().any(|start| text.starts_with(start))
        {
            command.env_remove(&name);
        }
    }
    let nowhere = target().join("e2e/no-such-file");
    command.env("AWS_CONFIG_FILE", &nowhere).env("AWS_SHARED_CREDENTIALS_FILE", &nowhere);
    command.env("AWS_EC2_METADATA_DISABLED", "true").env("NO_COLOR", "1");
}

/// The command built from the sources as they are now.
///
/// All members are named so that Cargo chooses the features it chose for the tests, and builds nothing twice.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.current_dir(repository_root()).args([
            "build",
            "--quiet",
            "--workspace",
            "--bin",
            "stack-builder",
        ]);
        clean(&mut build);
        output_of(build.env("CARGO_TARGET_DIR", target()));
        let fresh = target().join("debug/stack-builder");
        let kept = target().join("e2e/bin/stack-builder");
        std::fs::create_dir_all(kept.parent().unwrap_or(&kept)).expect("a folder for the command");
        let _ = std::fs::remove_file(&kept);
        std::fs::hard_link(&fresh, &kept).unwrap_or_else(|error| panic!("no `{}`: {error}", fresh.display()));
        kept
    })
}
