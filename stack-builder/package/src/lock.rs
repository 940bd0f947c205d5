//! One run at a time on an assembly directory.

use crate::{PackageError, Progress};
use std::fs::{self, File, TryLockError};
use std::path::Path;

/// Held until dropped; the system lets go of it when the process ends, however that happens.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock in `archives`, which is made if need be, after any other run is done.
    pub(crate) fn acquire(archives: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Self, PackageError> {
        fs::create_dir_all(archives).map_err(PackageError::io(archives))?;
        let path = archives.join(".lock");
        let file = File::create(&path).map_err(PackageError::io(&path))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let directory = archives.parent().unwrap_or(archives).to_owned();
                progress(Progress::Waiting { directory });
                file.lock().map_err(PackageError::io(&path))?;
            }
            // Some network file systems know no locks; a run alone is safe without.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        Ok(Self { _file: file })
    }
}
