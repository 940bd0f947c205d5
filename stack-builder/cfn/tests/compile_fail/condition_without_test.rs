//! A string can no longer be declared as a condition.
//!
//! Says: expected `Test`, found `&str`

use stack_builder_cfn::Template;

fn main() {
    let _ = Template::new().condition("IsProduction", "prod");
}
