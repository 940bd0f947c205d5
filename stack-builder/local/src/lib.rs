//! The whole application of an assembly, running in one process on loopback.
//!
//! [`Runtime::start`] reads the templates as `deploy` would send them, resolves every intrinsic to a local value,
//! gives each resource the name that AWS would give it, and ties the services of the crates beside this one together.
//! Nothing here knows how handlers are built ([`Runtime::set_code`] says what to run), nothing prints, and AWS's own
//! API is answered at [`Runtime::endpoint`], so that whatever works against AWS fills tables and buckets here.

mod addresses;
mod application;
mod cdn;
mod cloudformation;
mod code;
mod console;
mod doors;
mod endpoint;
mod error;
mod evaluate;
mod handlers;
mod kinds;
mod options;
mod origins;
mod overview;
mod programs;
mod runtime;
mod stores;
mod tls;

pub use code::{Built, Program};
pub use error::Error;
pub use options::Options;
pub use overview::{AppOverview, Overview, ResourceOverview, Update};
pub use runtime::Runtime;
pub use stack_builder_local_core::{
    Event, Journal, Layer, Mail, Note, ResourceId, Severity, State, Step, TraceRecord,
};
