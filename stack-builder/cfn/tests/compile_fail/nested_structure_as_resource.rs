//! A nested structure can no longer be added as a resource.
//!
//! Says: `stack_builder_cfn::s3::bucket::Tag` is not a complete resource
//! Says: a nested structure is no resource

use stack_builder_cfn::{Template, s3};

fn main() {
    Template::new().add("Tag", s3::bucket::Tag::new().key("team").value("web"));
}
