//! A member of another property's enum can no longer be given.
//!
//! Says: table::TableClass` does not fit
//! Says: table::BillingMode

use stack_builder_cfn::dynamodb;

fn main() {
    let _ = dynamodb::Table::new().billing_mode(dynamodb::table::TableClass::Standard);
}
