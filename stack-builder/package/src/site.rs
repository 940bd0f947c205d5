//! From the folder of a site to its archive.

use crate::archive::Entry;
use crate::archives::{report, store};
use crate::{PackageError, PackageOptions, Packaged, Progress};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Files that a site may have; a folder of more is hardly the one that was meant.
const FILES: usize = 10_000;
/// Bytes that all of them may have.
const BYTES: u64 = 512 * 1024 * 1024;

/// Archives the folder of each site into `directory` where that is not done yet, and records it in `packaged`.
pub(crate) fn archive(
    directory: &Path,
    sites: &BTreeMap<String, String>,
    options: &PackageOptions,
    progress: &mut dyn FnMut(Progress),
    packaged: &mut Packaged,
) -> Result<(), PackageError> {
    for (asset, folder) in sites {
        let mut site = Site { asset, root: options.workspace.join(folder), files: BTreeMap::new(), bytes: 0 };
        let root = site.root.clone();
        if !root.is_dir() {
            return Err(site.wrong(
                &root,
                "there is no such folder",
                "correct the folder's name in the stack",
            ));
        }
        site.read(&root, "")?;
        if site.files.is_empty() {
            return Err(site.wrong(&root, "it holds no file", "correct the folder's name in the stack"));
        }
        let entry = |(name, content)| Entry { name, mode: 0o644, content };
        let files = site.files.iter().map(|(name, content)| (name.as_str(), content.as_slice()));
        let entries: Vec<_> = files.map(entry).collect();
        let (archived, reused) = store(directory, &entries)?;
        report(asset, archived, reused, progress, packaged);
    }
    Ok(())
}

/// A site on its way into memory.
struct Site<'a> {
    asset: &'a str,
    root: PathBuf,
    /// By the path in the site, with slashes.
    files: BTreeMap<String, Vec<u8>>,
    bytes: u64,
}

impl Site<'_> {
    /// Reads a folder and those below it. Hidden files stay out: editors and systems leave them, browsers never ask.
    fn read(&mut self, folder: &Path, below: &str) -> Result<(), PackageError> {
        for entry in fs::read_dir(folder).map_err(PackageError::io(folder))? {
            let entry = entry.map_err(PackageError::io(folder))?;
            let path = entry.path();
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                return Err(self.wrong(&path, "its name is not UTF-8", "rename it"));
            };
            let kind = entry.file_type().map_err(PackageError::io(&path))?;
            if name.starts_with('.') && name != ".well-known" {
                continue;
            }
            if kind.is_dir() {
                self.read(&path, &format!("{below}{name}/"))?;
            } else if kind.is_file() {
                self.file(&path, format!("{below}{name}"))?;
            } else if kind.is_symlink() {
                // A link could lead out of the folder, and publish what nobody meant to.
                let hint = "put a copy of what it leads to in its place";
                return Err(self.wrong(&path, "it is a symbolic link", hint));
            } else {
                let hint = "move it out of the site's folder";
                return Err(self.wrong(&path, "it is neither a file nor a folder", hint));
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, name: String) -> Result<(), PackageError> {
        self.bytes += fs::metadata(path).map_err(PackageError::io(path))?.len();
        if self.bytes > BYTES || self.files.len() >= FILES {
            let reason = format!("it holds more than {FILES} files or {BYTES} bytes");
            return Err(self.wrong(&self.root, &reason, "check that it is the folder you mean"));
        }
        self.files.insert(name, fs::read(path).map_err(PackageError::io(path))?);
        Ok(())
    }

    fn wrong(&self, path: &Path, reason: &str, hint: &'static str) -> PackageError {
        PackageError::Site {
            asset: self.asset.to_owned(),
            path: path.to_owned(),
            reason: reason.to_owned(),
            hint,
        }
    }
}
