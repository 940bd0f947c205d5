//! One file a command: its arguments, and `run`, which does the work through an operation and shows it by a view.

pub(crate) mod list;
pub(crate) mod package;
pub(crate) mod synth;

mod selection;

pub(crate) use selection::Selection;
