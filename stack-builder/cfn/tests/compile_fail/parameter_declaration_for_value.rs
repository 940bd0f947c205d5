//! The declaration of a parameter can no longer be given for its value.
//!
//! Says: Parameter<std::string::String>` does not fit

use stack_builder_cfn::{Parameter, s3};

fn main() {
    let _ = s3::Bucket::new().bucket_name(Parameter::string());
}
