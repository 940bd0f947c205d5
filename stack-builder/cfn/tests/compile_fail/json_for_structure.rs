//! Raw JSON can no longer be given for a structure, other than through `Value::raw`.
//!
//! Says: `serde_json::Value` does not fit a property of type `VersioningConfiguration`

use stack_builder_cfn::s3;

fn main() {
    let _ = s3::Bucket::new().versioning_configuration(serde_json::json!({"Status": "Enabled"}));
}
