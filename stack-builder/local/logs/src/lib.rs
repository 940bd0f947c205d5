//! `CloudWatch` Logs on this machine: the API over the lines that functions log.
//!
//! The lines themselves are in [`Logs`](stack_builder_local_core::Logs), in memory, where the functions' runtime writes
//! them; [`LogsApi`] makes the groups of a template and answers the service's calls.

mod api;
mod pattern;
mod template;

pub use api::LogsApi;

/// Types of `CloudFormation` that this crate runs.
pub const RUNS: &[&str] = &["AWS::Logs::LogGroup", "AWS::Logs::LogStream"];
