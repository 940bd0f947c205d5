//! An attribute of another resource type can no longer be read.
//!
//! Says: no method named `website_url` found for reference `&QueueRef`

use stack_builder_cfn::sqs;

fn main() {
    fn read(queue: &sqs::QueueRef) {
        let _ = queue.website_url();
    }
    let _ = read;
}
