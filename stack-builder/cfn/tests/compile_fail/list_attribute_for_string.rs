//! An attribute that is a list can no longer be given for a string.
//!
//! Says: List<std::string::String>>` does not fit a property of type `std::string::String`

use stack_builder_cfn::{route53, s3};

fn main() {
    fn name(zone: &route53::HostedZoneRef) {
        let _ = s3::Bucket::new().bucket_name(zone.name_servers());
    }
    let _ = name;
}
