//! A misspelt property can no longer be set.
//!
//! Says: no method named `bucket_nam`
//! Says: there is a method `bucket_name` with a similar name

use stack_builder_cfn::s3;

fn main() {
    let _ = s3::Bucket::new().bucket_nam("logs");
}
