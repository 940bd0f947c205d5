//! The reference to a number parameter can no longer be given for a string.
//!
//! Says: Value<i64>` does not fit a property of type `std::string::String`

use stack_builder_cfn::{Parameter, Template, s3};

fn main() {
    let size = Template::new().parameter("Size", Parameter::number());
    let _ = s3::Bucket::new().bucket_name(size);
}
