//! A string can no longer be given for a number.
//!
//! Says: `&str` does not fit a property of type `f64`

use stack_builder_cfn::cloudwatch;

fn main() {
    let _ = cloudwatch::Alarm::new().threshold("80");
}
