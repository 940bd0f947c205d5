//! The uploads application: deployed, used, changed, broken and destroyed, with nothing of ours but the command; and
//! the same functions behind a REST API.

mod change;
mod files;
mod rest;
mod roles;
mod rollback;

use crate::api::Api;
use crate::inventory::{self, inventory};
use crate::user::User;
use crate::world::World;
use crate::{deployed, site, token};
use files::ROUTES;

/// One run through the life of an application; each step starts where the one before ended.
#[test]
fn uploads_lives_from_bootstrap_to_destroy() {
    let world = World::bootstrapped();
    let bare = inventory(&world.aws);

    world.deploy("uploads").says("uploads-dev");
    inventory::has_all_but(&["REST API", "API key", "usage plan", "secret"], &world.aws, &bare);
    let outputs = world.outputs("uploads");
    site::is_published(&world, &outputs, "uploads");

    let api = Api::of(&world, &outputs);
    let user = serves_its_users(&api);
    let tokens = user.hosted_tokens();
    for token in [tokens.id, tokens.access] {
        assert_eq!(api.send_as(&token, "GET", "/files", "").status, 200, "{token}");
    }
    roles::hold_what_is_granted_and_no_more(&world, &outputs);
    deployed::nothing_changes_on_a_second_deploy(&world, "uploads");
    change::one_handler_edited(&world);
    rollback::breaks_and_says_why(&world);

    is_destroyed(&world);
    assert_eq!(inventory(&world.aws), bare, "destroy left something behind");
    let again = world.stack_builder(["outputs", "uploads"]).run();
    assert_ne!(again.code, 0, "the outputs of a destroyed stack: {again}");
}

/// The kind of API is a setting of the stage; the functions and the page stay what they are.
#[test]
fn uploads_serves_behind_a_rest_api() {
    let world = World::bootstrapped_for("rest");
    let bare = inventory(&world.aws);

    world.deploy("uploads").says("uploads-rest");
    inventory::has_all_but(&["HTTP API", "API key", "usage plan", "secret"], &world.aws, &bare);
    let outputs = world.outputs("uploads");
    site::is_published(&world, &outputs, "uploads");

    let api = Api::of(&world, &outputs);
    let user = serves_its_users(&api);
    assert_eq!(api.send_as(&user.hosted_tokens().id, "GET", "/files", "").status, 200);
    rest::is_told_to_browsers(&user);
    deployed::nothing_changes_on_a_second_deploy(&world, "uploads");

    is_destroyed(&world);
    assert_eq!(inventory(&world.aws), bare, "destroy left something behind");
}

/// What every kind of API does alike. Gives one of the users.
#[track_caller]
fn serves_its_users<'a>(api: &'a Api<'a>) -> User<'a> {
    token::are_needed(api, ROUTES);
    let ada = User::signed_in(api, "ada@example.org");
    let eve = User::signed_in(api, "eve@example.org");
    token::are_checked(&ada, "POST", "/getUploadUrl");
    files::belong_to_who_uploads_them(&ada, &eve);
    ada
}

#[track_caller]
fn is_destroyed(world: &World) {
    world.stack_builder(["destroy", "uploads", "--yes"]).run().success().says("emptied bucket");
}
