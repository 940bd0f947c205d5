//! The uploads application: deployed, used, changed, broken and destroyed, with nothing of ours but the command.

mod change;
mod http_api;
mod inventory;
mod roles;
mod rollback;

use crate::world::World;
use inventory::inventory;

/// One run through the life of an application; each step starts where the one before ended.
#[test]
fn uploads_lives_from_bootstrap_to_destroy() {
    let world = World::bootstrapped();
    let bare = inventory(&world.aws);

    world.deploy("uploads").says("uploads-dev");
    inventory::has_everything(&world.aws, &bare);
    let outputs = world.outputs("uploads");

    http_api::refuses_strangers(&world, &outputs);
    http_api::serves_its_users(&world, &outputs);
    roles::hold_what_is_granted_and_no_more(&world, &outputs);
    change::nothing_changed(&world);
    change::one_handler_edited(&world);
    rollback::breaks_and_says_why(&world);

    world.stack_builder(["destroy", "uploads", "--yes"]).run().success().says("emptied bucket");
    assert_eq!(inventory(&world.aws), bare, "destroy left something behind");
    let again = world.stack_builder(["outputs", "uploads"]).run();
    assert_ne!(again.code, 0, "the outputs of a destroyed stack: {again}");
}
