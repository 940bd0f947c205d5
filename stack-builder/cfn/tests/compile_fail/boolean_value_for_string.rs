//! A computed boolean can no longer be given for a string.
//!
//! Says: Value<bool>` does not fit a property of type `std::string::String`

use stack_builder_cfn::{Condition, intrinsic, s3};

fn main() {
    fn name(condition: &Condition) {
        let _ = s3::Bucket::new().bucket_name(intrinsic::if_else::<bool>(condition, true, false));
    }
    let _ = name;
}
