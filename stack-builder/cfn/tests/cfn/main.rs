//! The typed layer as its users meet it: what compiles, what `Template::check` finds, and what is written.

#![expect(clippy::unwrap_used, reason = "what a test cannot do fails it")]

mod compile;
mod constraints;
mod expect;
mod limits;
mod names;
mod printed;
mod references;
mod rust_names;
mod services;
mod structures;
mod writing;
