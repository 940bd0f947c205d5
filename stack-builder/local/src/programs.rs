//! Binaries where functions find them: one folder a revision, with what lies beside the binary in an archive.

use crate::Program;
use stack_builder_local_core::{State, write_atomically};
use stack_builder_local_lambda as lambda;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::{fs, io};
use tempfile::TempDir;

/// The folders of the programs that run.
///
/// A binary is linked there, so that the next build can replace the original while this one runs.
pub(crate) struct Programs {
    root: PathBuf,
    /// Removes the folder at the end when nothing is kept.
    _temporary: Option<TempDir>,
    /// By asset: the revision and its folder.
    placed: Mutex<BTreeMap<String, (String, lambda::Program)>>,
}

impl Programs {
    pub(crate) fn open(state: &State) -> io::Result<Self> {
        let Some(root) = state.folder("functions")? else {
            let temporary = tempfile::Builder::new().prefix("stack-builder-local-").tempdir()?;
            let root = temporary.path().to_owned();
            return Ok(Self { root, _temporary: Some(temporary), placed: Mutex::default() });
        };
        // Of an earlier run.
        for entry in fs::read_dir(&root)? {
            remove(&entry?.path())?;
        }
        Ok(Self { root, _temporary: None, placed: Mutex::default() })
    }

    /// The program of an asset as functions run it.
    pub(crate) fn place(&self, asset: &str, program: &Program) -> io::Result<lambda::Program> {
        let mut placed = self.placed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((revision, known)) = placed.get(asset)
            && *revision == program.revision
        {
            return Ok(known.clone());
        }
        let number = placed.len() + fs::read_dir(&self.root)?.count();
        let folder = self.root.join(format!("{number}"));
        let made = fill(&folder, program)?;
        if let Some((_, old)) = placed.insert(asset.to_owned(), (program.revision.clone(), made.clone())) {
            // What runs there goes on running.
            old.folder.as_deref().map(remove).transpose()?;
        }
        Ok(made)
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

    #[test]
    fn a_revision_is_placed_once_and_replaces_the_one_before() {
        let folder = tempfile::tempdir().expect("a folder");
        let binary = folder.path().join("built");
        fs::write(&binary, "one").expect("a binary");
        let programs = Programs::open(&State::Folder(folder.path().join("state"))).expect("programs");
        let config = Some(serde_json::json!({ "region": "eu-central-1" }));
        let program = |revision: &str| Program {
            executable: binary.clone(),
            config: config.clone(),
            revision: revision.to_owned(),
        };
        let first = programs.place("gate", &program("1")).expect("placed");
        assert_eq!(programs.place("gate", &program("1")).expect("placed"), first);
        fs::remove_file(&binary).and_then(|()| fs::write(&binary, "two")).expect("a rebuild");
        assert_eq!(fs::read_to_string(&first.executable).expect("the old one"), "one");
        let second = programs.place("gate", &program("2")).expect("placed");
        assert_eq!(fs::read_to_string(&second.executable).expect("the new one"), "two");
        assert!(second.folder.expect("a folder").join("config.json").is_file());
        assert!(!first.executable.exists());
    }
}
