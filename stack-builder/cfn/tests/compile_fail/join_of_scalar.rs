//! A single string can no longer be joined.
//!
//! Says: `&str` does not fit a property of type `stack_builder_cfn::List<std::string::String>`

use stack_builder_cfn::intrinsic;

fn main() {
    let _ = intrinsic::join(",", "one");
}
