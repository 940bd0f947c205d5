//! A `…_with` closure can no longer return a structure without a required property.
//!
//! Says: TimeToLiveSpecification<stack_builder_cfn::Missing<enabled>>

use stack_builder_cfn::dynamodb;

fn main() {
    let _ = dynamodb::Table::new().time_to_live_specification_with(|ttl| ttl.attribute_name("expires"));
}
