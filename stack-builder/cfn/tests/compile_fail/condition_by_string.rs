//! A condition can no longer be named by a string.
//!
//! Says: expected `&Condition`, found `&str`

use stack_builder_cfn::{Attributes, sqs};

fn main() {
    let _ = sqs::Queue::new().only_if("IsProduction");
}
