//! The settings that a stack baked into the archive.

use serde::de::DeserializeOwned;
use std::{env, fs, io, path::Path};

/// The file beside the executable.
const FILE: &str = "config.json";

/// Why an edge function cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigFileError {
    /// There is no file to read.
    #[error(
        "cannot read `config.json` beside the executable: {0}\nhint: `stack-builder package` writes it into the archive of an edge function"
    )]
    Unreadable(#[from] io::Error),
    /// The file says something else than the handler expects.
    #[error(
        "`config.json` does not fit this handler: {0}\nhint: the stack must bake the type that the handler reads"
    )]
    Unfit(#[from] serde_json::Error),
}

/// Reads the settings beside the running executable.
pub(super) fn beside_executable<C: DeserializeOwned>() -> Result<C, ConfigFileError> {
    let executable = env::current_exe()?;
    read(executable.parent().unwrap_or(Path::new(".")))
}

fn read<C: DeserializeOwned>(folder: &Path) -> Result<C, ConfigFileError> {
    Ok(serde_json::from_slice(&fs::read(folder.join(FILE))?)?)
}
