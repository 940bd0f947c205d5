//! A note of what was archived from which binary, so that an unchanged one need not be read again.

use crate::GlibcVersion;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The stamps of an assembly directory, by the asset's logical name.
pub(crate) type Stamps = BTreeMap<String, Stamp>;

/// The state of a binary when it was checked and archived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    executable: PathBuf,
    size: u64,
    /// Nanoseconds since 1970, as text because JSON's numbers are too short.
    modified: String,
    /// The newest glibc that was allowed.
    glibc: String,
    /// What was archived beside it.
    #[serde(default)]
    config: Option<serde_json::Value>,
}

impl Stamp {
    pub(crate) fn of(
        executable: &Path,
        glibc: GlibcVersion,
        config: Option<&serde_json::Value>,
    ) -> io::Result<Self> {
        let file = fs::metadata(executable)?;
        let modified = file.modified()?.duration_since(UNIX_EPOCH).map_err(io::Error::other)?;
        Ok(Self {
            executable: executable.to_owned(),
            size: file.len(),
            modified: modified.as_nanos().to_string(),
            glibc: glibc.to_string(),
            config: config.cloned(),
        })
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }
}

/// The stamps of an earlier run; none when they cannot be read, for they only save time.
pub(crate) fn read(path: &Path) -> Stamps {
    fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}
