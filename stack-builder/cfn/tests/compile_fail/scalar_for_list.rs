//! A single value can no longer be given for a list.
//!
//! Says: `&str` does not fit a property of type `stack_builder_cfn::List<std::string::String>`

use stack_builder_cfn::lambda;

fn main() {
    let _ = lambda::Function::new().layers("arn:aws:lambda:eu-central-1:123456789012:layer:l:1");
}
