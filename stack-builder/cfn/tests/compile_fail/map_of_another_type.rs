//! A map can no longer hold values of another type than its property says.
//!
//! Says: `{integer}` does not fit a property of type `std::string::String`
//! Says: Map<std::string::String>

use stack_builder_cfn::cognito;

fn main() {
    let _ = cognito::UserPool::new().user_pool_tags([("team", 1)]);
}
