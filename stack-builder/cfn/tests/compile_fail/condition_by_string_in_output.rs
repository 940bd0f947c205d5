//! An output can no longer depend on a condition that was not declared.
//!
//! Says: expected `&Condition`, found `&str`

use stack_builder_cfn::Output;

fn main() {
    let _ = Output::new("value").only_if("IsProduction");
}
