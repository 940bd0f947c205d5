//! A removal policy can no longer be written as a string.
//!
//! Says: expected `RemovalPolicy`, found `&str`

use stack_builder_cfn::{Attributes, s3};

fn main() {
    let _ = s3::Bucket::new().removal_policy("Retain");
}
