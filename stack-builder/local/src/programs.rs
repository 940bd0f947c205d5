//! Binaries where functions find them: one folder a revision, with what lies beside the binary in an archive.

use crate::Program;
use stack_builder_local_core::{State, write_atomically};
use stack_builder_local_lambda as lambda;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fs, io};
use tempfile::TempDir;

/// The folders of the programs that run.
///
/// A binary is linked there, so that the next build can replace the original while this one runs.
pub(crate) struct Programs {
    /// Where the state is kept, if it is.
    kept: Option<PathBuf>,
    placed: Mutex<Placed>,
}

/// What is in the folder.
#[derive(Default)]
struct Placed {
    /// The folder when nothing is kept; it goes with this value.
    temporary: Option<TempDir>,
    /// Counts up, so that no folder has the name of another.
    next: u64,
    by_asset: BTreeMap<String, Place>,
}

/// Where an asset's program is.
struct Place {
    /// What was asked for.
    program: Program,
    made: lambda::Program,
    /// The folder of the one before, in which a process may be starting just now.
    before: Option<PathBuf>,
}

impl Programs {
    pub(crate) fn open(state: &State) -> io::Result<Self> {
        let kept = state.folder("functions")?;
        if let Some(root) = &kept {
            // Of an earlier run.
            for entry in fs::read_dir(root)? {
                remove(&entry?.path())?;
            }
        }
        Ok(Self { kept, placed: Mutex::default() })
    }

    /// The program of an asset as functions run it.
    pub(crate) fn place(&self, asset: &str, program: &Program) -> io::Result<lambda::Program> {
        let mut placed = self.lock();
        if let Some(place) = placed.by_asset.get(asset)
            && place.program == *program
        {
            return Ok(place.made.clone());
        }
        let number = placed.next;
        placed.next += 1;
        let root = match &self.kept {
            Some(root) => root,
            None => placed.temporary(&program.executable)?,
        };
        let made = fill(&root.join(number.to_string()), program)?;
        let old = placed.by_asset.remove(asset);
        let before = old.as_ref().and_then(|old| old.made.folder.clone());
        let place = Place { program: program.clone(), made: made.clone(), before };
        placed.by_asset.insert(asset.to_owned(), place);
        // What runs there goes on running.
        old.and_then(|old| old.before).as_deref().map(remove).transpose()?;
        Ok(made)
    }

    fn lock(&self) -> MutexGuard<'_, Placed> {
        self.placed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Placed {
    /// The folder for a run that keeps nothing: beside the first binary, since links reach no other file system, and
    /// copies of all binaries take a second and a gigabyte.
    fn temporary(&mut self, executable: &Path) -> io::Result<&Path> {
        if self.temporary.is_none() {
            let mut folder = tempfile::Builder::new();
            folder.prefix("stack-builder-local-");
            let beside = executable.parent().and_then(|parent| folder.tempdir_in(parent).ok());
            self.temporary = Some(beside.map_or_else(|| folder.tempdir(), Ok)?);
        }
        Ok(self.temporary.as_ref().map_or(Path::new(""), TempDir::path))
    }
}

fn fill(folder: &Path, program: &Program) -> io::Result<lambda::Program> {
    remove(folder)?;
    fs::create_dir_all(folder)?;
    let executable = folder.join("bootstrap");
    if fs::hard_link(&program.executable, &executable).is_err() {
        fs::copy(&program.executable, &executable)?;
    }
    if let Some(config) = &program.config {
        write_atomically(&folder.join("config.json"), config.to_string().as_bytes())?;
    }
    Ok(lambda::Program { executable, folder: Some(folder.to_owned()), revision: program.revision.clone() })
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn content(program: &lambda::Program) -> String {
        fs::read_to_string(&program.executable).unwrap_or_default()
    }

    /// Builds a program anew, as cargo does: another file of the same name.
    fn build(binary: &Path, content: &str, revision: &str) -> Program {
        remove_file(binary);
        fs::write(binary, content).expect("a binary");
        let config = Some(json!({ "region": "eu-central-1" }));
        Program { executable: binary.to_owned(), config, revision: revision.to_owned() }
    }

    fn remove_file(path: &Path) {
        if path.exists() {
            fs::remove_file(path).expect("removed");
        }
    }

    #[test]
    fn a_revision_is_placed_once_and_replaces_the_one_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let binary = folder.path().join("built");
        let programs = Programs::open(&State::Folder(folder.path().join("state"))).expect("programs");
        let one = build(&binary, "1", "1");
        let first = programs.place("gate", &one).expect("placed");
        assert_eq!(programs.place("gate", &one).expect("placed"), first);
        let second = programs.place("gate", &build(&binary, "2", "2")).expect("placed");
        // Whoever starts the old one right now finds it.
        assert_eq!((content(&first), content(&second)), ("1".to_owned(), "2".to_owned()));
        let third = programs.place("gate", &build(&binary, "3", "3")).expect("placed");
        assert_eq!((content(&second), content(&third)), ("2".to_owned(), "3".to_owned()));
        assert!(third.folder.expect("a folder").join("config.json").is_file());
        assert!(!first.executable.exists());
    }

    #[test]
    fn programs_that_change_together_stay_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let programs = Programs::open(&State::Folder(folder.path().join("state"))).expect("programs");
        for round in 0..4 {
            let placed: Vec<_> = ["a", "b", "c"]
                .map(|name| {
                    let built =
                        build(&folder.path().join(name), &format!("{name}{round}"), &round.to_string());
                    programs.place(name, &built).expect("placed")
                })
                .into();
            let contents: Vec<_> = placed.iter().map(content).collect();
            assert_eq!(contents, ["a", "b", "c"].map(|name| format!("{name}{round}")));
        }
        let kept = fs::read_dir(folder.path().join("state/functions")).expect("folders").count();
        assert_eq!(kept, 6, "one that runs and one before it, of each");
    }

    #[test]
    fn another_configuration_makes_another_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let programs = Programs::open(&State::Ephemeral).expect("programs");
        let program = build(&folder.path().join("gate"), "1", "1");
        let first = programs.place("gate", &program).expect("placed");
        let changed = Program { config: Some(json!({ "region": "eu-west-1" })), ..program };
        let second = programs.place("gate", &changed).expect("placed");
        assert_ne!(second, first);
        let place = |path: &Path| path.ancestors().any(|above| above == folder.path());
        assert!(place(&first.executable), "on the file system of what is linked: {first:?}");
        let config = fs::read_to_string(second.folder.expect("a folder").join("config.json"));
        assert!(config.expect("a configuration").contains("eu-west-1"));
        drop(programs);
        assert!(!first.executable.exists());
    }
}
