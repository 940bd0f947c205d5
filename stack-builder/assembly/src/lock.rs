//! One run at a time on a folder of the assembly.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;

/// A folder for one run alone, until dropped; the system lets go of it when the process ends, however that happens.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of `folder`, which is made if need be; `waiting` is called when another run has to end first.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn acquire(folder: &Path, waiting: impl FnOnce()) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let file = File::create(folder.join(".lock"))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                waiting();
                file.lock()?;
            }
            // Some network file systems know no locks; a run alone is safe without.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        Ok(Self { _file: file })
    }

    /// Takes the lock of `folder`, which is made if need be; `None` when somebody else has it.
    ///
    /// # Errors
    /// When the file system refuses.
    pub fn try_acquire(folder: &Path) -> io::Result<Option<Self>> {
        fs::create_dir_all(folder)?;
        let file = File::create(folder.join(".lock"))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Ok(None),
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(Self { _file: file })),
        }
    }
}
