//! A function without both its code and its role can no longer be added, and both are named.
//!
//! Says: not a complete resource
//! Says: Missing<code>
//! Says: required::role

use stack_builder_cfn::{Template, lambda};

fn main() {
    Template::new().add("Handler", lambda::Function::new().timeout(10));
}
