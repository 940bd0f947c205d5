//! A list can no longer be given for a single value.
//!
//! Says: `[&str; 2]` does not fit a property of type `std::string::String`

use stack_builder_cfn::lambda;

fn main() {
    let _ = lambda::Function::new().description(["one", "two"]);
}
