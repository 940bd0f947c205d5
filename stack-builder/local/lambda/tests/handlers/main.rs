//! Real processes over the Runtime API: this program is also the handler that its tests run.

mod calls;
mod containment;
mod program;
mod reload;
mod stage;
mod the_api;
