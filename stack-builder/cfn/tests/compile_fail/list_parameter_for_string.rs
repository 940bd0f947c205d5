//! The reference to a list parameter can no longer be given for a string.
//!
//! Says: List<std::string::String>>` does not fit a property of type `std::string::String`

use stack_builder_cfn::{Parameter, Template, s3};

fn main() {
    let names = Template::new().parameter("Names", Parameter::list());
    let _ = s3::Bucket::new().bucket_name(names);
}
