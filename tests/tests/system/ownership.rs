//! A stack belongs to the application that made it, whatever another one calls its own.

use crate::world::World;
use serde_json::json;

const APP: [&str; 3] = ["--app", "./examples/own-construct", "--yes"];

#[test]
fn stacks_of_others_are_left_alone() {
    let world = World::bootstrapped();
    let run = |command: &'static str| world.stack_builder([command].iter().chain(&APP).copied()).run();
    run("deploy").success().says("QueueUrl");
    let before = resources(&world);

    world.workspace.edit(
        "examples/own-construct/src/main.rs",
        "App::new(\"own-construct\")",
        "App::new(\"other\")",
    );
    for command in ["deploy", "destroy"] {
        let outcome = run(command).exits_with(1);
        outcome.complains_once().says("`jobs-dev` in eu-west-1 belongs to the application `own-construct`");
    }
    assert_eq!(resources(&world), before);

    world.workspace.restore();
    run("destroy").success();
}

#[test]
fn stacks_made_by_hand_are_left_alone() {
    let world = World::bootstrapped();
    let template = json!({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}).to_string();
    let by_hand = json!({ "StackName": "jobs-dev", "TemplateBody": template });
    world.aws.call("cloudformation", "create_stack", by_hand);
    for command in ["deploy", "destroy"] {
        let outcome = world.stack_builder([command].iter().chain(&APP).copied()).run().exits_with(1);
        outcome.complains_once().says("`jobs-dev` in eu-west-1 was not made by the application");
    }
    assert_eq!(resources(&world), ["Topic"]);
}

/// The logical ids of what stands.
#[track_caller]
fn resources(world: &World) -> Vec<String> {
    let asked = json!({ "StackName": "jobs-dev" });
    let stack = world.aws.call("cloudformation", "describe_stack_resources", asked);
    let resources = stack["StackResources"].as_array().expect("resources").iter();
    resources.map(|resource| resource["LogicalResourceId"].as_str().expect("an id").to_owned()).collect()
}
