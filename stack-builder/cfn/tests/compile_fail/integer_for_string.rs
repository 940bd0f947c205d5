//! An integer can no longer be given for a string.
//!
//! Says: `{integer}` does not fit a property of type `std::string::String`
//! Says: bucket_name

use stack_builder_cfn::s3;

fn main() {
    let _ = s3::Bucket::new().bucket_name(7);
}
