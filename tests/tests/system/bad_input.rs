//! What goes wrong on the user's side ends with one clear message, a hint and the documented exit code.
//!
//! An expired session cannot be made here, since the shortest lasts for fifteen minutes: the stub of
//! `stack-builder-deploy` answers with one. A stack in `ROLLBACK_COMPLETE` is a step of `uploads`.

use crate::world::World;
use serde_json::json;
use stack_builder_tests::{Credentials, Workspace};

const STACK: &str = "stacks/src/uploads.rs";

#[test]
fn bad_input_an_unknown_stack() {
    let workspace = Workspace::open();
    for command in ["synth", "package"] {
        let outcome = workspace.stack_builder([command, "uplaods"]).run().exits_with(2);
        outcome
            .complains_once()
            .says("`uplaods`")
            .says("hint: it has captains-log-edge, captains-log, uploads");
    }
}

#[test]
fn bad_input_an_unknown_option() {
    let outcome = Workspace::open().stack_builder(["synth", "--no-such-option"]).run().exits_with(2);
    outcome.says("--no-such-option").says("--help");
}

#[test]
fn bad_input_a_stack_that_does_not_compile() {
    let workspace = Workspace::open();
    workspace.edit(STACK, "Table::keyed_by(", "Table::keyed_bye(");
    let outcome = workspace.stack_builder(["synth"]).run().exits_with(1);
    let outcome = outcome.says("keyed_bye").says(STACK).says("hint:").does_not_say("panicked");
    let ours = outcome.stderr.lines().filter(|line| line.starts_with("error: ") && line.contains("`stacks`"));
    assert!(ours.count() >= 1, "nothing says which program it is: {outcome}");
}

#[test]
fn bad_input_a_mistake_that_the_compiler_cannot_see() {
    let workspace = Workspace::open();
    let output = "    stack.output(\"BucketName\", files.name());\n";
    workspace.edit(STACK, output, &output.repeat(2));
    let text = std::fs::read_to_string(workspace.root().join(STACK)).expect("the stack");
    let line = 1 + text.lines().position(|line| line == output.trim_end()).expect("the first output");
    let outcome = workspace.stack_builder(["synth"]).run().exits_with(1);
    outcome.says("BucketName").says(&format!("{STACK}:{}:", line + 1)).does_not_say("panicked");
}

#[test]
fn bad_input_no_credentials() {
    let world = World::empty();
    let mut environment = world.emulator.environment(&world.deployer);
    environment.retain(|(name, _)| !["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].contains(name));
    for command in [&["bootstrap"][..], &["deploy", "--yes"], &["outputs"], &["destroy", "--yes"]] {
        let outcome = world.workspace.stack_builder(command.iter().copied()).envs(environment.clone()).run();
        outcome.exits_with(1).complains_once().says("credentials").says("AWS_PROFILE");
    }
}

#[test]
fn bad_input_no_region() {
    let world = World::empty();
    let mut environment = world.emulator.environment(&world.deployer);
    environment.retain(|(name, _)| !name.ends_with("REGION"));
    let outcome = world.workspace.stack_builder(["outputs"]).envs(environment).run();
    outcome.exits_with(1).complains_once().says("--region");
}

#[test]
fn bad_input_an_unreachable_endpoint() {
    let workspace = Workspace::open();
    let environment = [
        ("AWS_ENDPOINT_URL", "https://127.0.0.1:1"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "somebody"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];
    let outcome = workspace.stack_builder(["outputs"]).envs(environment).run();
    outcome.exits_with(1).complains_once().says("AWS_ENDPOINT_URL");
}

#[test]
fn bad_input_credentials_that_are_refused() {
    let world = World::empty();
    let forged = Credentials::new(world.deployer.key.clone(), "forged");
    let unknown = Credentials::new("AKIAUNKNOWN", "unknown");
    let stale = Credentials { token: Some("stale".to_owned()), ..Credentials::new("ASIASTALE", "stale") };
    for who in [forged, unknown, stale] {
        let outcome = world.stack_builder_as(&who, ["outputs"]).run();
        outcome.exits_with(1).complains_once().says("credentials");
    }
}

#[test]
fn bad_input_nobody_to_ask() {
    let world = World::empty();
    for command in ["deploy", "destroy"] {
        let outcome = world.stack_builder([command]).run().exits_with(1);
        outcome.complains_once().says("--yes");
    }
}

#[test]
fn bad_input_an_account_without_its_asset_bucket() {
    let world = World::empty();
    let deploy = || world.stack_builder(["deploy", "--yes"]).run().exits_with(1).complains_once();
    deploy().says("stack-builder bootstrap");

    world.stack_builder(["bootstrap"]).run().success();
    let bucket = json!({ "Bucket": "stack-builder-assets-000000000000-eu-west-1" });
    world.aws.call("s3", "delete_bucket", bucket);
    deploy().says("stack-builder-assets-000000000000-eu-west-1").says("stack-builder bootstrap");
}

#[test]
fn bad_input_outputs_of_what_is_not_deployed() {
    let world = World::empty();
    let outcome = world.stack_builder(["outputs", "uploads"]).run();
    outcome.exits_with(1).complains_once().says("uploads-dev");
    // Destroying it is what is wanted already.
    world.stack_builder(["destroy", "uploads", "--yes"]).run().success();
}
