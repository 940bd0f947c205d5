//! What to run for a function.

use stack_builder_local_core::ResourceId;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The code of every function; one that is missing is [`Build::Pending`].
pub type Code = BTreeMap<ResourceId, Build>;

/// How far the code of a function is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Build {
    /// Being built: calls wait for it, up to the function's timeout and half a minute.
    Pending,
    /// It does not build, for this reason: calls are answered with it.
    Failed(String),
    /// Built.
    Ready(Program),
}

/// A program that speaks the Runtime API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The file to run.
    pub executable: PathBuf,
    /// The working directory, which holds what is packed beside the program; the executable's own when there is none.
    pub folder: Option<PathBuf>,
    /// Changes when the code changes, such as a hash: new calls then go to new environments.
    pub revision: String,
}
