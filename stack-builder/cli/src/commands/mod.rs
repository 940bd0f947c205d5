//! One file a command: its arguments, and `run`, which does the work through an operation and shows it by a view.

pub(crate) mod bootstrap;
pub(crate) mod deploy;
pub(crate) mod destroy;
pub(crate) mod list;
pub(crate) mod local;
pub(crate) mod outputs;
pub(crate) mod package;
mod parameters;
mod publish_sites;
pub(crate) mod seed;
pub(crate) mod synth;
pub(crate) mod validate;

mod consent;
mod selection;
mod target;
mod watch;

pub(crate) use selection::Selection;
