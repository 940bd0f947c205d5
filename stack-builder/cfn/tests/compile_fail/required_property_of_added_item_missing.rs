//! An `add_…` closure can no longer return an item without a required property.
//!
//! Says: Missing<key_type>
//! Says: add_key_schema

use stack_builder_cfn::dynamodb;

fn main() {
    let _ = dynamodb::Table::new().add_key_schema(|key| key.attribute_name("id"));
}
