//! What a caller decides about packaging.

use crate::{Cancel, GlibcVersion};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// Where the handlers are and how they are built.
#[derive(Clone, Debug)]
pub struct PackageOptions {
    /// Directory of the `Cargo.toml` whose workspace holds the handlers.
    pub workspace: PathBuf,
    /// The cargo to run: `$CARGO`, which cargo sets for what it runs, or else `cargo`.
    pub cargo: OsString,
    /// The newest glibc a handler may need; that of `provided.al2023` by default.
    pub glibc: GlibcVersion,
    /// Environment variables set for cargo on top of this process's own, the last of a name winning;
    /// `CARGO_TERM_COLOR=always` keeps cargo's colours in [`Progress::Cargo`](crate::Progress::Cargo).
    pub variables: Vec<(OsString, OsString)>,
    /// Ends cargo before its time.
    pub cancel: Cancel,
}

impl PackageOptions {
    /// The defaults for the handlers in `workspace`.
    pub fn new(workspace: impl Into<PathBuf>) -> Self {
        Self {
            workspace: workspace.into(),
            cargo: std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            glibc: GlibcVersion::AL2023,
            variables: Vec::new(),
            cancel: Cancel::default(),
        }
    }

    /// Sets an environment variable for cargo.
    pub fn variable(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    /// The variable as cargo will see it.
    pub(crate) fn lookup(&self, name: &str) -> Option<OsString> {
        let set = self.variables.iter().rev().find(|(key, _)| key == OsStr::new(name));
        set.map(|(_, value)| value.clone()).or_else(|| std::env::var_os(name))
    }
}
