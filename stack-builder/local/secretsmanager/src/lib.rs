//! Secrets Manager on this machine: the secrets of a template, with versions, kept over restarts.
//!
//! [`Secrets`] holds the values. It is opened once, before anything is resolved: dynamic references of other resources
//! ask [`Secrets::value`]. [`SecretsManager`] is the API over it.

mod api;
mod generate;
mod secret;
mod store;
mod template;

pub use api::SecretsManager;
pub use store::Secrets;

/// Types of `CloudFormation` that this crate runs.
pub const RUNS: &[&str] = &["AWS::SecretsManager::Secret", "AWS::SecretsManager::ResourcePolicy"];
