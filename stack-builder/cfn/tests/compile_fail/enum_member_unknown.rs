//! A member that an enum does not have can no longer be written.
//!
//! Says: no variant or associated item named `OnDemand`
//! Says: table::BillingMode

use stack_builder_cfn::dynamodb;

fn main() {
    let _ = dynamodb::table::BillingMode::OnDemand;
}
