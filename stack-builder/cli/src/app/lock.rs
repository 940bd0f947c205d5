//! One run at a time on an assembly folder: another one would change the templates under our hands.

use crate::failure::Failure;
use crate::session::Session;
use crate::views;
use std::fs::{File, TryLockError};
use std::path::Path;

/// Held until dropped; the system lets go of it when the process ends, however that happens.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of `folder`, which exists, after any other run is done.
    pub(super) fn acquire(folder: &Path, session: &Session) -> Result<Self, Failure> {
        let path = folder.join(".lock");
        let failed = |error| Failure::new(format!("cannot lock `{}`", path.display())).because(error);
        let file = File::create(&path).map_err(failed)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                views::build::waiting(&session.printer, folder);
                file.lock().map_err(failed)?;
            }
            // Some network file systems know no locks; a run alone is safe without.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        Ok(Self { _file: file })
    }
}
