//! A boolean can no longer be given for a string.
//!
//! Says: `bool` does not fit a property of type `std::string::String`

use stack_builder_cfn::s3;

fn main() {
    let _ = s3::Bucket::new().bucket_name(true);
}
