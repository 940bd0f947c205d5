//! A stack with parameters: the example of plain CloudFormation, deployed with values from the command line.

use crate::world::World;
use serde_json::json;

const APP: [&str; 3] = ["--app", "./examples/l1-only", "--yes"];

#[test]
fn parameters_come_from_the_command_line_and_stay() {
    let world = World::bootstrapped();
    let deploy =
        |more: &[&'static str]| world.stack_builder(["deploy"].iter().chain(&APP).chain(more).copied()).run();
    deploy(&["-p", "Adress=me@example.org"])
        .exits_with(2)
        .complains_once()
        .says("the parameters are Address");

    deploy(&["-p", "Address=me@example.org"]).success().says("TopicArn");
    assert_eq!(address(&world), "me@example.org");

    world.workspace.edit("examples/l1-only/src/main.rs", ".period(300)", ".period(600)");
    deploy(&[]).success().says("TopicArn");
    assert_eq!(address(&world), "me@example.org", "a value that is not given stays");

    world.stack_builder(["destroy"].iter().chain(&APP).copied()).run().success();
}

/// The value that the deployed stack has.
fn address(world: &World) -> String {
    let stack = world.aws.call("cloudformation", "describe_stacks", json!({ "StackName": "alarms-dev" }));
    let parameters = stack["Stacks"][0]["Parameters"].as_array().expect("parameters");
    let address = parameters.iter().find(|parameter| parameter["ParameterKey"] == "Address");
    address.expect("the parameter")["ParameterValue"].as_str().unwrap_or_default().to_owned()
}
