//! A list can no longer mix literals and intrinsics without `into_value`.
//!
//! Says: expected `&str`, found `Value<String>`

use stack_builder_cfn::{lambda, pseudo};

fn main() {
    let _ = lambda::Function::new().layers(["arn", pseudo::region()]);
}
