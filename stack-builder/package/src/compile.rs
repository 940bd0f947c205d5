//! One `cargo build` for all handlers of one architecture.

use crate::flags::{PROFILE, RustFlags, profile_keys, remap, rust_flags};
use crate::toolchain::{self, Builder, Toolchain};
use crate::workspace::Workspace;
use crate::{PackageError, PackageOptions, Progress};
use serde::Deserialize;
use stack_builder_assembly::Architecture;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;

/// A binary that cargo has made.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Executable {
    pub(crate) path: PathBuf,
    /// Whether it was up to date before.
    pub(crate) fresh: bool,
}

/// One run of cargo that is ready to start.
pub(crate) struct Build {
    pub(crate) architecture: Architecture,
    bins: Vec<String>,
    target: String,
    command: Command,
}

/// What a build needs to know about its surroundings, the same for every architecture.
pub(crate) struct Compiler<'a> {
    pub(crate) options: &'a PackageOptions,
    pub(crate) workspace: &'a Workspace,
    pub(crate) toolchain: &'a Toolchain,
}

impl Compiler<'_> {
    /// Works out how to build `bins`, a map from a binary's name to an asset that wants it; starts nothing.
    pub(crate) fn plan(
        &self,
        architecture: Architecture,
        bins: &BTreeMap<&str, &str>,
    ) -> Result<Build, PackageError> {
        let builder = self.toolchain.builder(architecture, self.options)?;
        let target = target(architecture, &builder);
        let command = self.command(&builder, &target, bins)?;
        Ok(Build { architecture, bins: bins.keys().map(|&bin| bin.to_owned()).collect(), target, command })
    }

    /// Runs cargo.
    pub(crate) fn build(
        &self,
        build: Build,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<BTreeMap<String, Executable>, PackageError> {
        let Build { architecture, bins, target, command } = build;
        progress(Progress::Building { bins: bins.clone(), architecture, target });
        let (status, made) = run(command, self.options, progress)?;
        if !status.success() {
            return Err(PackageError::Build { bins, architecture, status });
        }
        if let Some(lost) = bins.iter().find(|&bin| !made.contains_key(bin)) {
            return Err(unmade(lost, self.options));
        }
        let rebuilt = bins.into_iter().filter(|bin| !made[bin].fresh).collect();
        progress(Progress::Built { architecture, rebuilt });
        Ok(made)
    }

    fn command(
        &self,
        builder: &Builder,
        target: &str,
        bins: &BTreeMap<&str, &str>,
    ) -> Result<Command, PackageError> {
        let mut command = toolchain::command(self.options, &self.options.cargo);
        command.arg(if *builder == Builder::Native { "build" } else { "zigbuild" });
        command.args(["--profile", PROFILE, "--target", target, "--message-format=json-render-diagnostics"]);
        command.arg("--target-dir").arg(&self.workspace.target_directory);
        for package in self.workspace.packages_of(bins)? {
            command.args(["--package", package]);
        }
        for bin in bins.keys() {
            command.args(["--bin", bin]);
        }
        for key in profile_keys(self.workspace) {
            command.args(["--config", &key]);
        }
        match rust_flags(&remap(self.workspace, self.toolchain, self.options), self.options) {
            RustFlags::Encoded(flags) => command.env("CARGO_ENCODED_RUSTFLAGS", flags),
            RustFlags::Config(key) => command.args(["--config", &key]),
        };
        Ok(command)
    }
}

/// Runs cargo in this process's group, so that Ctrl-C ends both.
pub(crate) fn run(
    mut command: Command,
    options: &PackageOptions,
    progress: &mut dyn FnMut(Progress),
) -> Result<(ExitStatus, BTreeMap<String, Executable>), PackageError> {
    let failed = |source| PackageError::Run {
        program: options.cargo.to_string_lossy().into_owned(),
        variable: "CARGO",
        source,
    };
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let follow = |stdout, stderr| follow(stdout, stderr, progress);
    options.cancel.run(&mut command, follow).map_err(failed)
}

/// The error for a binary that cargo has not told of.
pub(crate) fn unmade(bin: &str, options: &PackageOptions) -> PackageError {
    PackageError::Tool {
        command: "cargo build".to_owned(),
        directory: options.workspace.clone(),
        message: format!("it reported no executable for `{bin}`"),
    }
}

/// The target as cargo is given it; only `cargo zigbuild` takes a version of the C library.
fn target(architecture: Architecture, builder: &Builder) -> String {
    let triple = toolchain::triple(architecture);
    match builder {
        Builder::Native => triple.to_owned(),
        Builder::Zig(glibc) => format!("{triple}.{glibc}"),
    }
}

/// Passes cargo's messages on until it closes both streams; a second thread keeps either from filling up.
fn follow(
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    progress: &mut dyn FnMut(Progress),
) -> BTreeMap<String, Executable> {
    thread::scope(|scope| {
        let reader = scope.spawn(|| stdout.map(executables).unwrap_or_default());
        for line in stderr.into_iter().flat_map(lines) {
            progress(Progress::Cargo { line });
        }
        reader.join().unwrap_or_default()
    })
}

/// Lines of a stream that need not be UTF-8.
fn lines(stream: impl Read) -> impl Iterator<Item = String> {
    let split = BufReader::new(stream).split(b'\n').map_while(Result::ok);
    split.map(|line| String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned())
}

/// One of cargo's JSON messages, as far as it concerns us.
#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    reason: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
    #[serde(default)]
    fresh: bool,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    #[serde(default)]
    kind: Vec<String>,
}

fn executables(stdout: impl Read) -> BTreeMap<String, Executable> {
    lines(stdout).filter_map(|line| executable(serde_json::from_str(&line).ok()?)).collect()
}

fn executable(message: Message) -> Option<(String, Executable)> {
    let target = message.target.filter(|target| target.kind.iter().any(|kind| kind == "bin"))?;
    let path = message.executable.filter(|_| message.reason == "compiler-artifact")?;
    Some((target.name, Executable { path, fresh: message.fresh }))
}

#[cfg(test)]
mod tests {
    use super::{Executable, executables};

    #[test]
    fn takes_executables_of_binary_targets_only() {
        let stream = concat!(
            r#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"l"},"executable":null,"fresh":true}"#,
            "\nnot JSON, as a build script may print\n",
            r#"{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"b"},"executable":"/t/b","fresh":true}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"kind":["example"],"name":"e"},"executable":"/t/e"}"#,
            "\n",
            r#"{"reason":"build-finished","success":true}"#,
        );
        let made: Vec<_> = executables(stream.as_bytes()).into_iter().collect();
        assert_eq!(made, [("b".to_owned(), Executable { path: "/t/b".into(), fresh: true })]);
    }
}
