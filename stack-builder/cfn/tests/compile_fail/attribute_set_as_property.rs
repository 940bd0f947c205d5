//! An attribute that only AWS sets can no longer be set as a property.
//!
//! Says: no method named `arn` found for struct `Bucket`

use stack_builder_cfn::s3;

fn main() {
    let _ = s3::Bucket::new().arn("arn:aws:s3:::logs");
}
