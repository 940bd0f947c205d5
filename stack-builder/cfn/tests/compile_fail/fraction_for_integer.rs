//! A number with a fraction can no longer be given for an integer.
//!
//! Says: `{float}` does not fit a property of type `i64`

use stack_builder_cfn::sqs;

fn main() {
    let _ = sqs::Queue::new().delay_seconds(1.5);
}
