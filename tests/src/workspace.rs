//! A copy of this repository that a test may edit.

use crate::{StackBuilder, repository_root, target};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The copy, as clean as the repository when it is opened, and one test's at a time.
///
/// It stays where it is, with a target directory of its own, so that the next run has little to build.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
    _turn: MutexGuard<'static, ()>,
    /// Held against other processes that run tests; closing the file lets go of it.
    _lock: File,
}

static TURN: Mutex<()> = Mutex::new(());

impl Workspace {
    /// Waits for its turn, and makes the copy equal to the repository.
    ///
    /// # Panics
    /// When the file system refuses.
    pub fn open() -> Self {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let root = target().join("e2e/workspace");
        fs::create_dir_all(target().join("e2e")).expect("a folder for the copy");
        let lock = File::create(target().join("e2e/lock")).expect("a lock");
        lock.lock().expect("a turn");
        mirror(&repository_root(), &root);
        Self { root, _turn: turn, _lock: lock }
    }

    /// Its root folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The command, run in its root folder.
    pub fn stack_builder<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> StackBuilder {
        StackBuilder::new(&self.root).args(args)
    }

    /// Replaces the only place where `file` says `old`.
    ///
    /// # Panics
    /// When it says so nowhere, or more than once.
    #[track_caller]
    pub fn edit(&self, file: &str, old: &str, new: &str) {
        let path = self.root.join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read `{file}`: {error}"));
        assert_eq!(text.matches(old).count(), 1, "`{file}` does not say {old:?} once");
        fs::write(&path, text.replace(old, new))
            .unwrap_or_else(|error| panic!("cannot write `{file}`: {error}"));
    }

    /// Undoes every edit.
    ///
    /// # Panics
    /// When the file system refuses.
    pub fn restore(&self) {
        mirror(&repository_root(), &self.root);
    }
}

/// Makes `to` hold the same files as `from`, but for what is built or kept from local runs. A file that is the same already is not touched, so that Cargo sees
/// nothing new.
fn mirror(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap_or_else(|error| panic!("cannot create `{}`: {error}", to.display()));
    let names = |folder: &Path| -> Vec<_> {
        let entries = fs::read_dir(folder)
            .unwrap_or_else(|error| panic!("cannot list `{}`: {error}", folder.display()));
        entries
            .flatten()
            .map(|entry| entry.file_name())
            .filter(|name| name != "target" && name != ".git" && name != ".stack-builder")
            .collect()
    };
    for name in names(from) {
        let (source, copy) = (from.join(&name), to.join(&name));
        if source.is_dir() {
            mirror(&source, &copy);
        } else if let Ok(content) = fs::read(&source)
            && fs::read(&copy).ok().as_ref() != Some(&content)
        {
            fs::write(&copy, content)
                .unwrap_or_else(|error| panic!("cannot write `{}`: {error}", copy.display()));
        }
    }
    for name in names(to).into_iter().filter(|name| !from.join(name).exists()) {
        let copy = to.join(name);
        let removed = if copy.is_dir() { fs::remove_dir_all(&copy) } else { fs::remove_file(&copy) };
        removed.unwrap_or_else(|error| panic!("cannot remove `{}`: {error}", copy.display()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mirror_adds_changes_and_removes() {
        let folder = tempfile::tempdir().expect("a folder");
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("a/target")).expect("folders");
        fs::write(from.join("a/same"), "same").expect("a file");
        fs::write(from.join("a/target/built"), "built").expect("a file");
        mirror(&from, &to);
        let untouched = fs::metadata(to.join("a/same")).and_then(|file| file.modified()).expect("a time");
        fs::write(to.join("a/extra"), "extra").expect("a file");
        fs::write(from.join("a/new"), "new").expect("a file");
        mirror(&from, &to);
        assert_eq!(fs::read_to_string(to.join("a/new")).expect("copied"), "new");
        assert!(!to.join("a/extra").exists() && !to.join("a/target").exists());
        assert_eq!(
            fs::metadata(to.join("a/same")).and_then(|file| file.modified()).expect("a time"),
            untouched
        );
    }
}
