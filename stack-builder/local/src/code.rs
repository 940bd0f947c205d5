//! What to run for each asset.

use serde_json::Value;
use std::path::PathBuf;

/// A handler that has been built for this machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// The binary.
    pub executable: PathBuf,
    /// What a function at the edge finds as `config.json` beside its binary.
    pub config: Option<Value>,
    /// Changes whenever the binary does.
    pub revision: String,
}

/// How far the build of an asset is.
#[derive(Clone, Debug, PartialEq)]
pub enum Built {
    /// Not there yet: calls wait for it.
    Pending,
    /// Ready to run.
    Ready(Program),
    /// It cannot be built; calls fail with this text.
    Failed(String),
}
