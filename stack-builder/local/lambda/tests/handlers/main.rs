//! Real processes over the Runtime API: this program is also the handler that its tests run.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests, and a handler that prints for them"
)]

mod calls;
mod containment;
mod program;
mod reload;
mod stage;
mod the_api;
