//! What the user sees; nothing outside this folder can print.
//!
//! A view is a function that takes the [`Printer`] and what there is to show.

pub(crate) mod bootstrap;
pub(crate) mod build;
pub(crate) mod consent;
pub(crate) mod deploy;
pub(crate) mod destroy;
pub(crate) mod diagnostics;
pub(crate) mod events;
pub(crate) mod failure;
pub(crate) mod list;
pub(crate) mod local;
pub(crate) mod outputs;
pub(crate) mod package;
pub(crate) mod seed;
pub(crate) mod site;
pub(crate) mod synth;
pub(crate) mod text;
pub(crate) mod validate;

mod printer;
mod style;
mod table;

pub(crate) use printer::Printer;
