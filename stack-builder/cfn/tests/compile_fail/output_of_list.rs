//! A list can no longer be output without joining it.
//!
//! Says: List<std::string::String>>` does not fit a property of type `std::string::String`

use stack_builder_cfn::{Output, route53};

fn main() {
    fn output(zone: &route53::HostedZoneRef) -> Output {
        Output::new(zone.name_servers())
    }
    let _ = output;
}
