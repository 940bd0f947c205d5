//! A closure that forgets to return what it built can no longer be passed.
//!
//! Says: `()` does not fit a property of type
//! Says: bucket::Tag

use stack_builder_cfn::s3;

fn main() {
    let _ = s3::Bucket::new().add_tags(|tag| {
        tag.key("team").value("web");
    });
}
