//! Two buckets: one for data, one for the log of who read them, and a property that the construct has no method for.

use stack_builder::cfn::s3::bucket::AccelerationStatus;
use stack_builder::{App, Bucket, RemovalPolicy, Stack};
use std::process::ExitCode;

fn main() -> ExitCode {
    App::new("bucket").stack("bucket", bucket).synth()
}

fn bucket(stack: &mut Stack) {
    let logs = stack.add("Logs", Bucket::new().receiving_access_logs().removal_policy(RemovalPolicy::Delete));
    let data = stack.add(
        "Data",
        Bucket::new().noncurrent_versions_expire_after(7).log_access_to(&logs).l1(|bucket| {
            bucket.accelerate_configuration_with(|transfer| {
                transfer.acceleration_status(AccelerationStatus::Enabled)
            })
        }),
    );
    stack.output("Name", data.name());
}
