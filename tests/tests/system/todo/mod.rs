//! The to-do application: deployed, used, attacked, changed and destroyed, with nothing of ours but the command.
//!
//! The emulator's CloudFront does not reach API Gateway (see `quirks`), so the API is called where CloudFront would call
//! it, with the key that CloudFront would add.

mod amplify;
mod change;
mod front_door;
mod items;
mod others;
mod refusals;
mod roles;
mod telemetry;

use crate::inventory::{self, inventory};
use crate::user::User;
use crate::world::World;
use crate::{deployed, site, token};

/// What the API answers to.
const ROUTES: &[(&str, &str)] = &[
    ("GET", "/item"),
    ("POST", "/item"),
    ("GET", "/item/some-id"),
    ("PUT", "/item/some-id"),
    ("DELETE", "/item/some-id"),
    ("POST", "/item/some-id/done"),
];

/// One run through the life of an application; each step starts where the one before ended.
#[test]
fn todo_lives_from_bootstrap_to_destroy() {
    let world = World::bootstrapped();
    let bare = inventory(&world.aws);

    world.deploy("todo").says("todo-dev");
    inventory::has_all_but(&["HTTP API"], &world.aws, &bare);
    let outputs = world.outputs("todo");
    site::is_published(&world, &outputs, "todo");

    let api = front_door::behind_cloudfront(&world, &outputs);
    token::are_needed(&api, ROUTES);
    let ada = User::signed_in(&api, "ada@example.org");
    let eve = User::signed_in(&api, "eve@example.org");
    front_door::is_shut_without_the_key(&ada);
    front_door::takes_id_tokens_alone(&ada);
    token::are_checked(&ada, "GET", "/item");

    items::are_added_read_changed_and_deleted(&ada);
    items::come_in_pages(&ada);
    others::have_lists_of_their_own(&ada, &eve);
    refusals::of_bodies(&ada);
    refusals::of_ids(&ada);
    refusals::of_paths_and_methods(&ada);
    telemetry::tells_what_happened(&world);

    roles::hold_what_is_granted_and_no_more(&world, &outputs);
    deployed::nothing_changes_on_a_second_deploy(&world, "todo");
    change::a_route_is_added(&ada);

    world.stack_builder(["destroy", "todo", "--yes"]).run().success().says("emptied bucket");
    assert_eq!(inventory(&world.aws), bare, "destroy left something behind");
}
