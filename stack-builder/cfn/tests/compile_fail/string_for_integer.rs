//! A string can no longer be given for an integer.
//!
//! Says: `&str` does not fit a property of type `i64`
//! Says: delay_seconds

use stack_builder_cfn::sqs;

fn main() {
    let _ = sqs::Queue::new().delay_seconds("30");
}
