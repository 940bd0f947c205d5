//! A resource can no longer wait for another by its name.
//!
//! Says: `str` is not a handle on a resource
//! Says: expected the handle that `add` returned

use stack_builder_cfn::{Attributes, sqs};

fn main() {
    let _ = sqs::Queue::new().depends_on("Table");
}
