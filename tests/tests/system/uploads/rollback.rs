//! A stack that AWS refuses half-way.

use crate::inventory::inventory;
use crate::world::World;
use serde_json::json;

/// The name of the hosted login is taken: the stack rolls back, the reason comes first, and nothing stays behind.
#[track_caller]
pub(crate) fn breaks_and_says_why(world: &World) {
    let pool = world.aws.call("cognito-idp", "create_user_pool", json!({ "PoolName": "somebody-else" }));
    let pool = &pool["UserPool"]["Id"];
    let taken = json!({ "UserPoolId": pool, "Domain": "uploads-broken-000000000000" });
    world.aws.call("cognito-idp", "create_user_pool_domain", taken.clone());
    let before = inventory(&world.aws);

    let failed = world.stack_builder_at("broken", ["deploy", "uploads", "--yes"]).run().exits_with(1);
    let failed = failed.complains_once();
    let reason =
        failed.stderr.lines().skip_while(|line| !line.starts_with("error")).take(3).collect::<String>();
    assert!(
        reason.contains("Login") && reason.contains("already exists"),
        "the reason is not first in {failed}"
    );
    assert_eq!(status(world), "ROLLBACK_COMPLETE");

    // Nothing can be deployed onto what is left: the command says so, and what to do.
    let stuck = world.stack_builder_at("broken", ["deploy", "uploads", "--yes"]).run().exits_with(1);
    stuck.complains_once().says("ROLLBACK_COMPLETE").says("destroy");
    world.stack_builder_at("broken", ["destroy", "uploads", "--yes"]).run().success();
    assert_eq!(inventory(&world.aws), before, "the broken stack left something behind");

    world.aws.call("cognito-idp", "delete_user_pool_domain", taken);
    world.aws.call("cognito-idp", "delete_user_pool", json!({ "UserPoolId": pool }));
}

fn status(world: &World) -> String {
    let stack = world.aws.call("cloudformation", "describe_stacks", json!({ "StackName": "uploads-broken" }));
    stack["Stacks"][0]["StackStatus"].as_str().unwrap_or_default().to_owned()
}
