//! A resource can no longer wait for an attribute instead of a resource.
//!
//! Says: Value<std::string::String>` is not a handle on a resource

use stack_builder_cfn::{Attributes, s3, sqs};

fn main() {
    fn wait(bucket: &s3::BucketRef) {
        let _ = sqs::Queue::new().depends_on(&bucket.arn());
    }
    let _ = wait;
}
