//! Deploying again with another list of routes.

use super::items::{add, path};
use crate::deployed::{Deployed, resources};
use crate::user::User;
use crate::world::World;
use serde_json::json;

/// A deployment of API Gateway is a snapshot, so a new route needs a new one, and the stage has to be told.
#[track_caller]
pub(crate) fn a_route_is_added(user: &User<'_>) {
    let world = user.api.world;
    let item = path(&add(user, "Finish this"));
    let finished = format!("{item}/finished");
    assert_eq!(user.ask("POST", &finished).json(), json!({ "message": "Not Found" }));
    let (before, old) = (resources(world, "todo"), deployment(world));

    let route = ".route(\"/item/{id}/done\", post(&complete))";
    let another = format!("{route}\n        .route(\"/item/{{id}}/finished\", post(&complete))");
    world.workspace.edit("stacks/src/todo.rs", route, &another);
    world.deploy("todo").says(&deployment(world).logical);
    world.workspace.restore();

    let new = deployment(world);
    assert!(new.logical != old.logical && new.physical != old.physical, "{old:?} {new:?}");
    let api = json!({ "restApiId": id(&before, "TodoApi") });
    let snapshots = world.aws.call("apigateway", "get_deployments", api.clone());
    let snapshots: Vec<_> = snapshots["items"].as_array().expect("deployments").iter().collect();
    assert!(snapshots.len() == 1 && snapshots[0]["id"] == new.physical, "{snapshots:?}");
    let mut asked = api;
    asked["stageName"] = json!("api");
    assert_eq!(world.aws.call("apigateway", "get_stage", asked)["deploymentId"], new.physical);

    let answer = user.ask("POST", &finished);
    assert_eq!((answer.status, &answer.json()["completed"]), (200, &json!(true)), "{answer:?}");
    let after = resources(world, "todo");
    let gone: Vec<_> = before.iter().filter(|resource| !after.contains(resource)).collect();
    assert_eq!(gone, [&old], "something else was replaced");
}

#[track_caller]
fn deployment(world: &World) -> Deployed {
    let mut all = resources(world, "todo").into_iter();
    let found = all.find(|resource| resource.kind == "AWS::ApiGateway::Deployment");
    assert!(!all.any(|resource| resource.kind == "AWS::ApiGateway::Deployment"), "two deployments");
    found.expect("a deployment")
}

#[track_caller]
fn id<'a>(resources: &'a [Deployed], logical: &str) -> &'a str {
    &resources.iter().find(|resource| resource.logical == logical).expect("a resource").physical
}
