//! What can go wrong with an assembly on disk.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why an assembly could not be read or written.
#[derive(Debug)]
#[non_exhaustive]
pub enum AssemblyError {
    /// The directory holds no manifest.
    Absent(PathBuf),
    /// The file system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of the assembly is not what it should be.
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: serde_json::Error,
    },
}

// By hand: every user builds this crate, and the derive costs them more than all of it.
impl fmt::Display for AssemblyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(directory) => write!(f, "no assembly in `{}`", directory.display()),
            Self::Io { path, source } => write!(f, "cannot access `{}`: {source}", path.display()),
            Self::Malformed { path, source } => write!(f, "cannot read `{}`: {source}", path.display()),
        }
    }
}

impl Error for AssemblyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Absent(_) => None,
            Self::Io { source, .. } => Some(source),
            Self::Malformed { source, .. } => Some(source),
        }
    }
}
