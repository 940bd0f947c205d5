//! Projects as a user would have them, outside of this workspace, for the benchmarks to build.

use crate::process::{cargo, run};
use crate::repository_root;
use anyhow::Context as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A crate of stacks with a target directory of its own.
pub(super) struct Project {
    folder: PathBuf,
    name: &'static str,
}

/// A way to build, as cargo names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Profile {
    Dev,
    Release,
}

impl Profile {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// Cargo's target directory.
pub(super) fn target() -> PathBuf {
    let configured = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    repository_root().join(configured.unwrap_or_else(|| "target".into()))
}

/// The folder of all that the benchmarks write.
pub(super) fn folder() -> anyhow::Result<PathBuf> {
    let folder = target().join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    Ok(folder)
}

impl Project {
    /// Writes a project whose sources are copies of `sources`, each a path in this repository and its name below
    /// `src`, with the versions of dependencies that this workspace has locked.
    pub(super) fn new(name: &'static str, sources: &[(PathBuf, String)]) -> anyhow::Result<Self> {
        let project = Self { folder: folder()?.join(name), name };
        let root = repository_root();
        project.remove("src")?;
        for (from, to) in sources {
            let to = project.folder.join("src").join(to);
            fs::create_dir_all(to.parent().unwrap_or(&to))?;
            fs::copy(root.join(from), &to).with_context(|| format!("cannot copy `{}`", from.display()))?;
        }
        fs::write(project.folder.join("Cargo.toml"), manifest(name, &root))?;
        fs::copy(root.join("Cargo.lock"), project.folder.join("Cargo.lock"))?;
        // What this workspace has locked is there already; anything else would be measured as part of the build.
        run(project.cargo().args(["fetch", "--quiet"]), "install Rust")?;
        Ok(project)
    }

    fn cargo(&self) -> Command {
        let mut command = cargo();
        command.current_dir(&self.folder).env("CARGO_TARGET_DIR", self.folder.join("target"));
        command
    }

    /// The command that builds it.
    pub(super) fn build(&self, profile: Profile) -> Command {
        let mut command = self.cargo();
        command.args(["build", "--quiet", "--offline", "--profile", profile.name()]);
        command
    }

    /// The built program, which synthesizes into the project's own folder.
    pub(super) fn program(&self, profile: Profile) -> Command {
        let folder = if profile == Profile::Dev { "debug" } else { "release" };
        let mut command = Command::new(self.folder.join("target").join(folder).join(self.name));
        command.current_dir(&self.folder);
        command
    }

    /// Forgets everything that was built.
    pub(super) fn clean(&self) -> anyhow::Result<()> {
        self.remove("target")
    }

    /// Changes a source file by `change`.
    pub(super) fn edit(
        &self,
        file: &str,
        change: impl FnOnce(&str) -> anyhow::Result<String>,
    ) -> anyhow::Result<()> {
        let path = self.folder.join("src").join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        Ok(fs::write(&path, change(&text)?)?)
    }

    fn remove(&self, part: &str) -> anyhow::Result<()> {
        let path = self.folder.join(part);
        if path.exists() {
            fs::remove_dir_all(&path).with_context(|| format!("cannot remove `{}`", path.display()))?;
        }
        Ok(())
    }
}

/// A manifest with nothing but what a user's has: cargo's own profiles too.
fn manifest(name: &str, root: &Path) -> String {
    let path = |folder: &str| format!("{{ path = {:?} }}", root.join(folder).display().to_string());
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         stack-builder = {}\nedge-config = {}\nserde_json = \"1\"\n\n[workspace]\n",
        path("stack-builder"),
        path("handlers/edge-config")
    )
}

/// Every file below `folder` of this repository, with its path within.
pub(super) fn files_below(folder: &str) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(inner) = folders.pop() {
        let path = repository_root().join(folder).join(&inner);
        let entries = fs::read_dir(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = inner.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(name);
            } else {
                found.push((Path::new(folder).join(&name), name.display().to_string()));
            }
        }
    }
    found.sort();
    Ok(found)
}
