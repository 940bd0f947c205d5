//! Where a service keeps what must survive a restart.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The folder of the application's state, or nothing at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Everything is forgotten at the end; a service that needs files makes a temporary folder and removes it.
    Ephemeral,
    /// A folder, `.stack-builder/local/<stage>`, readable by its owner only.
    Folder(PathBuf),
}

impl State {
    /// A service's own folder below it, made if need be; `None` when nothing is kept.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn folder(&self, service: &str) -> io::Result<Option<PathBuf>> {
        let Self::Folder(root) = self else { return Ok(None) };
        let folder = root.join(service);
        make_private(&folder)?;
        Ok(Some(folder))
    }
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Writes a file so that a reader, or a process killed half-way, finds either the old content or the new one.
/// Its owner alone can read it.
///
/// # Errors
/// When the file system refuses.
pub fn write_atomically(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&new)?;
    file.write_all(content)?;
    file.sync_data()?;
    fs::rename(&new, path)
}
