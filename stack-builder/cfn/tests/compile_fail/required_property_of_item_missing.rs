//! A nested structure without a required property can no longer stand in a list.
//!
//! Says: table::KeySchema<Set, stack_builder_cfn::Missing<key_type>>
//! Says: Table::<R0>::key_schema

use stack_builder_cfn::dynamodb;

fn main() {
    let key = dynamodb::table::KeySchema::new().attribute_name("id");
    let _ = dynamodb::Table::new().key_schema([key]);
}
