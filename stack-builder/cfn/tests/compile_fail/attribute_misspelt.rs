//! A misspelt attribute can no longer be read.
//!
//! Says: no method named `arm`
//! Says: there is a method `arn` with a similar name

use stack_builder_cfn::s3;

fn main() {
    fn read(bucket: &s3::BucketRef) {
        let _ = bucket.arm();
    }
    let _ = read;
}
