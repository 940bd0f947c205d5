//! A table without its required key schema can no longer be added.
//!
//! Says: not a complete resource
//! Says: Missing<key_schema>

use stack_builder_cfn::{Template, dynamodb};

fn main() {
    Template::new().add("Table", dynamodb::Table::new());
}
