//! Where a local run keeps its state and its assembly.

use crate::failure::Failure;
use anyhow::Result;
use stack_builder_assembly::Lock;
use stack_builder_local::State;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The folders of one run, for it alone.
#[derive(Debug)]
pub(super) struct Place {
    /// What outlives the run.
    pub(super) state: State,
    /// The folder of state, as it is shown.
    pub(super) shown: Option<String>,
    /// The assembly's folder.
    pub(super) assembly: PathBuf,
    /// Nobody else works on this state meanwhile.
    _lock: Option<Lock>,
}

impl Place {
    /// Takes the state of `stage` in the workspace at `root`, or none.
    pub(super) fn take(root: &Path, stage: &str, ephemeral: bool) -> Result<Self> {
        let below = root.join("target/stack-builder");
        if ephemeral {
            let assembly = below.join(format!("local-{}", std::process::id()));
            return Ok(Self { state: State::Ephemeral, shown: None, assembly, _lock: None });
        }
        let shown = format!(".stack-builder/local/{stage}");
        let folder = root.join(&shown);
        let kept = State::Folder(folder.clone());
        let lock = alone(&kept).map_err(|error| unusable(&folder, error))?;
        let Some(lock) = lock else { return Err(taken(&shown, stage).into()) };
        let assembly = below.join(format!("local/{stage}"));
        Ok(Self { state: kept, shown: Some(shown), assembly, _lock: Some(lock) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.state == State::Ephemeral {
            // What stays behind does no harm.
            let _ = fs::remove_dir_all(&self.assembly);
        }
    }
}

fn alone(state: &State) -> io::Result<Option<Lock>> {
    // Through the state's own way of making folders, which others cannot read.
    let folder = state.folder("run")?;
    folder.map_or(Ok(None), |folder| Lock::try_acquire(&folder))
}

fn taken(shown: &str, stage: &str) -> Failure {
    let message = format!("another `stack-builder local` runs the stage `{stage}` on `{shown}`");
    Failure::new(message).hint(
        "end that one, or run beside it with another `--stage`, or with `--ephemeral --port 0` and no state",
    )
}

fn unusable(folder: &Path, error: io::Error) -> Failure {
    Failure::new(format!("cannot keep state in `{}`", folder.display()))
        .because(error)
        .hint("make the folder writable, or pass `--ephemeral` to keep nothing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_state_is_for_one_run() {
        let root = tempfile::tempdir().unwrap();
        let first = Place::take(root.path(), "dev", false).unwrap();
        let error = Place::take(root.path(), "dev", false).unwrap_err();
        assert!(
            error.to_string().starts_with("another `stack-builder local` runs the stage `dev`"),
            "{error}"
        );
        let other = Place::take(root.path(), "test", false).unwrap();
        let none = Place::take(root.path(), "dev", true).unwrap();
        assert_ne!(other.assembly, none.assembly);
        drop(first);
        assert!(Place::take(root.path(), "dev", false).is_ok());
    }
}
