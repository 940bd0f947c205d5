//! A nested structure with the same name of another resource type can no longer be given.
//!
//! Says: sqs::queue::Tag` does not fit a property of type `stack_builder_cfn::s3::bucket::Tag`

use stack_builder_cfn::{s3, sqs};

fn main() {
    let _ = s3::Bucket::new().tags([sqs::queue::Tag::new().key("team").value("web")]);
}
