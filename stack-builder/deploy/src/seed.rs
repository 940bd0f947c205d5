//! Demonstration data: items, secrets and users for a stack that stands, from a file that its description names.
//!
//! [`plan_seed`] reads the file and looks at what stands, and finds mistakes in its form, names, items and passwords
//! before anything is written.
//! [`SeedPlan::execute`] writes; doing it again leaves the same. No password and no secret is ever shown, not even in
//! the `Debug` of what carries it, nor where a service's error quotes it.

mod document;
mod error;
mod hidden;
mod item;
mod json;
mod mistakes;
mod number;
mod password;
mod plan;
mod secrets;
mod tables;
mod users;

pub use error::SeedError;
pub use plan::{PlannedSeed, SeedPlan, SeedStep, check_seed, plan_seed};
