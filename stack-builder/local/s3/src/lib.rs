//! S3 on this machine: buckets of a template, one file an object.
//!
//! The protocol (routes, signatures, XML) is done by the crate `s3s`; this one has the store behind it, and what
//! belongs to a template: the bucket's policy, CORS, versioning and expiry. [`Buckets::endpoint`] answers SDKs, signed
//! URLs and browsers in the path style, [`Buckets::origin`] a distribution. Objects are files below the state's folder
//! `s3`, one an object, named by a hash of the key, so that every key of S3 is a key here.

mod access;
mod actions;
mod api;
mod buckets;
mod console;
mod cors;
mod definition;
mod error;
mod form;
mod front;
mod origin;
mod presigned;
mod store;
mod sweep;

pub use buckets::Buckets;
pub use console::{BucketSummary, ObjectPage, ObjectSummary};

/// The types of CloudFormation that are run here.
pub const RUNS: &[&str] = &["AWS::S3::Bucket", "AWS::S3::BucketPolicy"];
