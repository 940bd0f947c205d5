//! A string can no longer be given for an enum, other than through `Value::raw`.
//!
//! Says: `&str` does not fit a property of type `stack_builder_cfn::dynamodb::table::BillingMode`
//! Says: `Value::raw(…)` writes any value

use stack_builder_cfn::dynamodb;

fn main() {
    let _ = dynamodb::Table::new().billing_mode("PAY_PER_REQUEST");
}
