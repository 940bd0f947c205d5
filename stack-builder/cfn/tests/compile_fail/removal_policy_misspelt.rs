//! A misspelt removal policy can no longer be written.
//!
//! Says: no variant or associated item named `Retian` found for enum `RemovalPolicy`

use stack_builder_cfn::{Attributes, RemovalPolicy, s3};

fn main() {
    let _ = s3::Bucket::new().removal_policy(RemovalPolicy::Retian);
}
