//! A member of another service's enum can no longer be given.
//!
//! Says: PackageType` does not fit
//! Says: ProtocolType

use stack_builder_cfn::{apigatewayv2, lambda};

fn main() {
    let _ = apigatewayv2::Api::new().protocol_type(lambda::function::PackageType::Zip);
}
