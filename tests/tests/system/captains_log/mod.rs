//! The captain's log: deployed to two regions, published, filled, used and attacked, changed at the edge and destroyed.
//!
//! What its edge function does stands in `edge.rs`: the emulator stores edge functions and does not run them.

mod attempts;
mod change;
mod destroy;
mod log;
mod login;
mod own_domain;
mod production;
mod publish;
mod quirks;
mod regions;
mod roles;
mod seed;
mod sessions;

use crate::inventory::inventory;
use crate::world::World;
use log::Log;
use serde_json::Value;
use stack_builder_tests::Aws;

/// Where edge functions live.
const EDGE: &str = "us-east-1";

/// One run through the life of an application; each step starts where the one before ended.
#[test]
fn captains_log_lives_from_bootstrap_to_destroy() {
    let world = World::bootstrapped();
    let edge = world.emulator.aws_in(EDGE, &world.deployer);
    regions::are_both_bootstrapped(&world, &edge);
    let bare = [inventory(&world.aws), inventory(&edge)];

    let report = world.stack_builder(["deploy", "captains-log", "--yes", "--json"]).run().success().json();
    stands(&world, &edge, &report);
    let outputs = world.outputs("captains-log");
    let log = Log { world: &world, outputs: &outputs };
    is_published(&log, &report);

    quirks::a_secret_is_referred_to_by_its_name(&log);
    quirks::a_secret_without_a_value_has_one(&log);
    seed::is_needed_first(&log);
    seed::is_loaded_twice(&log);
    seed::is_refused_in_production(&log);
    serves_captains(&log);
    resists_others(&log);
    roles::of_the_gate_say_the_least(&edge);
    roles::hold_what_is_granted_and_no_more(&log);

    publish::leaves_alone_what_is_the_same(&log);
    publish::follows_an_edit(&log);
    change::of_the_code_publishes_a_version(&log, &edge);
    change::of_a_setting_publishes_a_version_too(&log, &edge);
    world.workspace.restore();

    destroy::leaves_nothing_behind(&log, &edge);
    assert_eq!([inventory(&world.aws), inventory(&edge)], bare, "destroy left something behind");
    destroy::can_be_done_again(&log);
}

#[track_caller]
fn stands(world: &World, edge: &Aws, report: &Value) {
    regions::hold_a_stack_each(world, edge, report);
    regions::are_joined_by_the_version(world, edge);
    regions::suit_the_edge_function(edge);
    regions::suit_the_other_functions(world);
}

#[track_caller]
fn is_published(log: &Log<'_>, report: &Value) {
    publish::brings_every_file(log, report);
    publish::sends_security_headers(log);
    publish::keeps_the_bucket_private(log);
    publish::is_not_tricked(log);
    quirks::edge_functions_are_not_run(log);
    quirks::cloudfront_does_not_reach_the_api(log);
}

/// Sessions last for a minute here, so each part begins with new ones.
#[track_caller]
fn serves_captains(log: &Log<'_>) {
    let picard = login::begins_a_session(log, "picard", "makeitso");
    let kirk = login::begins_a_session(log, "kirk", "KHAAAN!!!");
    login::begins_another_each_time(log, &picard);
    sessions::open_ones_own_log(log, "picard", &picard);
    sessions::open_ones_own_log(log, "kirk", &kirk);
    sessions::turn_pages_of_their_own(log, &picard, &kirk);
    sessions::are_ended_by_logging_out(log, &picard, &kirk);
}

#[track_caller]
fn resists_others(log: &Log<'_>) {
    login::tells_nobody_who_exists(log);
    login::refuses_what_is_no_login(log);
    login::refuses_large_bodies(log);
    login::takes_json_alone(log);
    login::has_three_routes(log);
    let (picard, kirk) = (log.cookie_of("picard", "makeitso"), log.cookie_of("kirk", "KHAAAN!!!"));
    sessions::are_nothing_but_the_true_ones(log, &picard, &kirk);
    sessions::are_over_at_their_end(log);
    attempts::are_slowed_down(log);
    attempts::are_counted_in_a_crowd(log, &log.cookie_of("kirk", "KHAAAN!!!"));
}
