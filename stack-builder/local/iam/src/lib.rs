//! Who calls, and whether policies let them: signatures, roles, STS.
//!
//! [`verify`] checks the signature of a request and tells whose it is. [`Policies`] judges what the roles of a template
//! may do, as IAM does in one account. [`Sts`] answers the Security Token Service's API. [`query`] is the protocol of
//! forms and XML that STS shares with CloudFormation.

mod calendar;
mod keys;
mod policy;
pub mod query;
mod signature;
mod sts;

pub use keys::{request_id, role_credentials};
pub use policy::Policies;
pub use signature::{Protocol, Scope, SignatureError, SignatureFault, scope, verify};
pub use sts::Sts;

/// Types of `CloudFormation` that this crate runs.
pub const RUNS: &[&str] =
    &["AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"];
