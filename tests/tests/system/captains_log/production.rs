//! The stage that people rely on: what it guards, and what outlives its stacks.

use super::EDGE;
use super::log::Log;
use crate::deployed::physical_id;
use crate::inventory::inventory;
use crate::world::World;
use serde_json::{Value, json};

/// Deployed, kept from being played with, and destroyed; what stays is listed with a command that removes it.
#[test]
fn captains_log_in_production_outlives_its_stacks() {
    let world = World::bootstrapped_for("prod");
    let edge = world.emulator.aws_in(EDGE, &world.deployer);
    let bare = [inventory(&world.aws), inventory(&edge)];
    world.deploy("captains-log").says("captains-log-prod");
    is_described_with_care(&world);
    is_guarded(&world);
    let outputs = world.outputs("captains-log");
    is_not_seeded(&Log { world: &world, outputs: &outputs });

    let kept = ["Logs", "Passwords"].map(|logical| physical_id(&world, "captains-log", logical));
    let destroyed = world.stack_builder(["destroy", "captains-log", "captains-log-edge", "--yes", "--json"]);
    let destroyed = destroyed.run().success().json();
    outlives_its_stack(&world, &destroyed, &kept);
    assert_eq!([inventory(&world.aws), inventory(&edge)], bare, "more than what is listed stays");
}

/// Data is guarded and recoverable to the second; what is of use for minutes is neither.
#[track_caller]
fn is_described_with_care(world: &World) {
    let file = world.workspace.root().join("target/assembly/captains-log.template.json");
    let template = std::fs::read_to_string(file).expect("a template");
    let template: Value = serde_json::from_str(&template).expect("JSON");
    let part =
        |id: &str, pointer: &str| template["Resources"][id].pointer(pointer).cloned().unwrap_or_default();
    for (id, policy) in [("Logs", "Retain"), ("Sessions", "Delete"), ("Attempts", "Delete")] {
        let lasting = policy != "Delete";
        assert_eq!(part(id, "/DeletionPolicy"), policy, "{id}");
        let guarded = part(id, "/Properties/DeletionProtectionEnabled") == true;
        let recovery = "/Properties/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled";
        assert_eq!((guarded, part(id, recovery) == true), (lasting, lasting), "{id}");
    }
    assert_eq!(part("Passwords", "/DeletionPolicy"), "RetainExceptOnCreate");
    assert_eq!(part("SiteBucket", "/DeletionPolicy"), "Delete", "pages can be published again");
    assert_eq!(part("Login", "/Properties/Environment/Variables/SESSION_SECONDS"), "3600");
    assert_eq!(part("LoginLogs", "/Properties/RetentionInDays"), 90);
}

/// Nobody deletes the logs by mistake.
#[track_caller]
fn is_guarded(world: &World) {
    let table = json!({ "TableName": physical_id(world, "captains-log", "Logs") });
    let refused = world.aws.try_call("dynamodb", "delete_table", table).expect_err("a guarded table");
    assert_eq!(refused.code, "ValidationException", "{refused:?}");
}

#[track_caller]
fn is_not_seeded(log: &Log<'_>) {
    let refused = log.world.stack_builder(["seed", "captains-log", "--yes"]).run().exits_with(2);
    refused.complains_once().says("`prod`").says("--allow-production").does_not_say("makeitso");
    assert_eq!(log.items(log.outputs.get("LogsTable")), [] as [Value; 0]);
    let asked = json!({ "SecretId": log.physical_id("Passwords") });
    let value = log.world.aws.try_call("secretsmanager", "get_secret_value", asked);
    assert!(value.is_ok_and(|value| value["SecretString"] == ""), "see `quirks` for the empty text");
}

/// Each command that is listed is one that works.
#[track_caller]
fn outlives_its_stack(world: &World, destroyed: &Value, kept: &[String; 2]) {
    let [app, edge] = [0, 1].map(|stack| &destroyed["stacks"][stack]);
    assert_eq!(
        (&app["stackName"], &edge["stackName"]),
        (&json!("captains-log-prod"), &json!("captains-log-edge-prod"))
    );
    assert_eq!(edge["retained"], json!([]), "a version goes with its function");
    let retained = app["retained"].as_array().expect("resources");
    let found: Vec<_> = retained.iter().map(|kept| kept["physicalId"].as_str().expect("an id")).collect();
    assert!(kept.iter().all(|id| found.contains(&id.as_str())) && found.len() == 2, "{found:?}");

    let tables = world.aws.call("dynamodb", "list_tables", json!({}))["TableNames"].take();
    assert_eq!(tables, json!([kept[0]]));
    for resource in retained {
        let command = resource["removal"].as_str().expect("a command");
        assert!(command.starts_with("aws ") && command.contains("--region eu-west-1"), "{command}");
        aws_cli(world, command);
    }
}

/// Does what commands of the AWS CLI would do, through boto3, which has the same names for them.
#[track_caller]
fn aws_cli(world: &World, commands: &str) {
    for command in commands.split("; ") {
        let words: Vec<&str> = command.split(' ').collect();
        match words.as_slice() {
            ["aws", "dynamodb", "wait", ..] => {}
            ["aws", service, operation, options @ ..] => {
                world.aws.call(service, &operation.replace('-', "_"), parameters(options));
            }
            _ => panic!("no command: {command}"),
        }
    }
}

/// `--table-name logs --no-protection` as `{"TableName": "logs", "Protection": false}`.
fn parameters(options: &[&str]) -> Value {
    let name = |option: &str| {
        option.split('-').map(|word| word[..1].to_uppercase() + &word[1..]).collect::<String>()
    };
    let mut parameters = json!({});
    let mut options = options.iter();
    while let Some(option) = options.next() {
        let option = option.strip_prefix("--").unwrap_or_else(|| panic!("`{option}` is no option"));
        match option.strip_prefix("no-") {
            Some(flag) => parameters[name(flag)] = json!(false),
            None => parameters[name(option)] = json!(options.next().expect("a value")),
        }
    }
    parameters.as_object_mut().expect("an object").remove("Region");
    parameters
}
