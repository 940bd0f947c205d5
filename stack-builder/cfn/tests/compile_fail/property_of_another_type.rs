//! A property of another resource type can no longer be set.
//!
//! Says: no method named `queue_name` found for struct `Bucket`

use stack_builder_cfn::s3;

fn main() {
    let _ = s3::Bucket::new().queue_name("jobs");
}
