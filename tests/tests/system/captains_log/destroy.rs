//! Taking it all away again.

use super::log::Log;
use super::regions::version;
use serde_json::json;
use stack_builder_tests::{Aws, Outcome};

/// The application goes before what it uses, its buckets are emptied, and so are the log groups that services made.
#[track_caller]
pub(crate) fn leaves_nothing_behind(log: &Log<'_>, edge: &Aws) {
    let groups = undeclared_log_groups(log, edge);
    let destroyed = log.world.stack_builder(["destroy", "captains-log", "captains-log-edge", "--yes"]);
    let destroyed = destroyed.run().success().says("emptied bucket captains-log-dev-sitebucket-");
    let destroyed =
        groups.iter().fold(destroyed, |outcome, group| outcome.says(&format!("deleted log group {group}")));
    comes_before(&destroyed, "captains-log-dev is destroyed", "captains-log-edge-dev is destroyed");
    // CloudFront ran it wherever a viewer was; nobody but the user knows where that may have been.
    let elsewhere =
        "aws logs describe-log-groups --log-group-name-prefix /aws/lambda/us-east-1.captains-log-edge-dev-";
    let destroyed = destroyed.says(elsewhere);
    assert!(!destroyed.stdout.contains("is kept"), "{destroyed}");
}

/// There is no harm in doing it again, and nothing to show.
#[track_caller]
pub(crate) fn can_be_done_again(log: &Log<'_>) {
    let again =
        log.world.stack_builder(["destroy", "captains-log", "captains-log-edge", "--yes"]).run().success();
    assert_eq!(again.stderr.matches("nothing to destroy").count(), 2, "{again}");
    assert_ne!(log.world.stack_builder(["outputs", "captains-log"]).run().code, 0);
}

/// Log groups as Lambda and API Gateway make them: of a copy of the gate that ran here, and of the stage.
#[track_caller]
fn undeclared_log_groups(log: &Log<'_>, edge: &Aws) -> [String; 2] {
    let gate = version(edge);
    let gate = gate.rsplit(':').nth(1).expect("a function");
    let groups = [
        format!("/aws/lambda/us-east-1.{gate}"),
        format!("API-Gateway-Execution-Logs_{}/api", log.physical_id("Api")),
    ];
    for group in &groups {
        log.world.aws.call("logs", "create_log_group", json!({ "logGroupName": group }));
    }
    groups
}

#[track_caller]
fn comes_before(outcome: &Outcome, first: &str, second: &str) {
    let place =
        |part: &str| outcome.stdout.find(part).unwrap_or_else(|| panic!("{part:?} is not said by {outcome}"));
    assert!(place(first) < place(second), "{outcome}");
}
