//! A function with code but without a role can no longer be added.
//!
//! Says: not a complete resource
//! Says: <Set, stack_builder_cfn::Missing<stack_builder_cfn::required::role>>

use stack_builder_cfn::{Template, lambda};

fn main() {
    let function = lambda::Function::new().code_with(|code| code.zip_file("x"));
    Template::new().add("Handler", function);
}
