//! A string can no longer be given for a boolean.
//!
//! Says: `&str` does not fit a property of type `bool`

use stack_builder_cfn::sqs;

fn main() {
    let _ = sqs::Queue::new().fifo_queue("true");
}
