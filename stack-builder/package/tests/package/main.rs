//! Packaging from end to end: a small workspace that is made here, the machine's own cargo, no network.
#![expect(clippy::unwrap_used, reason = "the helpers of a test may panic as the test itself may")]

mod project;

mod again;
mod beside;
mod local;
mod made;
mod refused;
