//! An incomplete resource can no longer be passed on as a `Resource`.
//!
//! Says: not a complete resource
//! Says: Missing<key_schema>

use stack_builder_cfn::{Resource, dynamodb};

fn main() {
    fn pass_on(_resource: impl Resource) {}
    pass_on(dynamodb::Table::new());
}
