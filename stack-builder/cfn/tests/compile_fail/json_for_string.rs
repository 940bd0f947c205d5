//! A policy document can no longer be given for a string.
//!
//! Says: PolicyDocument` does not fit a property of type `std::string::String`

use stack_builder_cfn::{PolicyDocument, s3};

fn main() {
    let _ = s3::Bucket::new().bucket_name(PolicyDocument::trusting("lambda.amazonaws.com"));
}
