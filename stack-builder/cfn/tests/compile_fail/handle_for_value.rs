//! A handle can no longer be given where one of its attributes is meant.
//!
//! Says: `&RoleRef` does not fit a property of type `std::string::String`
//! Says: pass one of its values, such as `.name()`, `.url()`, `.arn()` or `.id()`

use stack_builder_cfn::{iam, lambda};

fn main() {
    fn run_as(role: &iam::RoleRef) {
        let _ = lambda::Function::new().role(role);
    }
    let _ = run_as;
}
