//! The branches of `if_else` can no longer have two types.
//!
//! Says: `{integer}` does not fit a property of type `std::string::String`
//! Says: if_else

use stack_builder_cfn::{Condition, Value, intrinsic};

fn main() {
    fn choose(condition: &Condition) -> Value<String> {
        intrinsic::if_else(condition, "one", 1)
    }
    let _ = choose;
}
