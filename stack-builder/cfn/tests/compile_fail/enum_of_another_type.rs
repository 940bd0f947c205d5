//! A member of the enum with the same name of another resource type can no longer be given.
//!
//! Says: global_table::BillingMode` does not fit
//! Says: dynamodb::table::BillingMode

use stack_builder_cfn::dynamodb;

fn main() {
    let _ = dynamodb::Table::new().billing_mode(dynamodb::global_table::BillingMode::PayPerRequest);
}
