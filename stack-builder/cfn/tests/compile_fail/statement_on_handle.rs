//! A policy statement can no longer name a handle where an ARN is meant.
//!
//! Says: `&BucketRef` does not fit
//! Says: pass one of its values, such as `.name()`, `.url()`, `.arn()` or `.id()`

use stack_builder_cfn::{Statement, s3};

fn main() {
    fn read(bucket: &s3::BucketRef) -> Statement {
        Statement::allow(["s3:GetObject"]).on(bucket)
    }
    let _ = read;
}
