//! The part of `cargo metadata` and of `cargo build`'s messages that we read.

use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use serde::Deserialize;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `cargo metadata --no-deps` says of a workspace.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) packages: Vec<Package>,
    pub(super) workspace_root: PathBuf,
    /// `[workspace.metadata]`.
    #[serde(default, rename = "metadata")]
    pub(super) settings: Value,
}

/// A member of the workspace.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) manifest_path: PathBuf,
    pub(super) default_run: Option<String>,
    #[serde(default)]
    pub(super) dependencies: Vec<Dependency>,
    #[serde(default)]
    pub(super) targets: Vec<Target>,
    /// `[package.metadata]`.
    #[serde(default)]
    pub(super) metadata: Value,
}

/// A line of a package's `[dependencies]`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `dev`, `build`, or nothing for an ordinary one.
    pub(super) kind: Option<String>,
    /// Its folder, when it is on this machine.
    #[serde(default)]
    pub(super) path: Option<PathBuf>,
}

/// A library, binary, test … of a package.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) kind: Vec<String>,
}

/// A line of `cargo build --message-format=json`.
#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) package_id: Option<String>,
    pub(super) target: Option<Target>,
    pub(super) executable: Option<PathBuf>,
}

impl Package {
    /// Its folder, with symbolic links followed.
    pub(super) fn folder(&self) -> PathBuf {
        let folder = self.manifest_path.parent().unwrap_or(&self.manifest_path);
        folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
    }
}

impl Target {
    pub(super) fn is_bin(&self) -> bool {
        self.kind.iter().any(|kind| kind == "bin")
    }
}

/// The cargo that started us, or the one on the path.
pub(super) fn command(session: &Session) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.env("CARGO_TERM_COLOR", if session.printer.colors_errors() { "always" } else { "never" });
    command
}

/// Asks about the workspace of `folder`, or of the current directory.
pub(super) fn metadata(session: &Session, folder: Option<&Path>) -> Result<Metadata, Failure> {
    let mut command = command(session);
    command.args(["metadata", "--no-deps", "--format-version", "1"]);
    if let Some(folder) = folder {
        command.arg("--manifest-path").arg(folder.join("Cargo.toml"));
    }
    views::build::starting(&session.printer, &command);
    let output = command.output().map_err(not_started)?;
    if !output.status.success() {
        return Err(unreadable(&String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::new("cannot understand what `cargo metadata` says").because(error))
}

/// Cargo itself cannot be run.
pub(super) fn not_started(error: std::io::Error) -> Failure {
    Failure::new("cannot run `cargo`")
        .because(error)
        .hint("install Rust from https://rustup.rs, or set `CARGO` to the path of cargo")
}

fn unreadable(stderr: &str) -> Failure {
    let reason = stderr.trim().trim_start_matches("error: ");
    if reason.starts_with("could not find `Cargo.toml`") {
        return Failure::new("there is no `Cargo.toml` in this folder or above it")
            .hint("change to the folder of your workspace, or name one with `--app path/to/it`");
    }
    Failure::new("cargo cannot read the workspace").because(reason)
}
