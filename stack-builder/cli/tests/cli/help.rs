//! Usage: what clap answers.

use crate::harness::Test;

#[test]
fn every_help_teaches_by_example() {
    let others = [
        "list",
        "synth",
        "validate",
        "package",
        "local",
        "bootstrap",
        "deploy",
        "seed",
        "outputs",
        "destroy",
    ]
    .map(|name| [name, "-h"]);
    for command in [&["--help"][..]].into_iter().chain(others.iter().map(<[&str; 2]>::as_slice)) {
        let outcome = Test::new().args(command.iter().copied()).run();
        assert_eq!(outcome.code, Some(0));
        assert!(outcome.stdout.contains("\nEXAMPLES:\n"), "{command:?}: {}", outcome.stdout);
    }
}

#[test]
fn the_help_walks_through_and_names_the_exit_codes() {
    let outcome = Test::new().args(["--help"]).run();
    assert!(outcome.stdout.starts_with("Describe AWS applications in Rust"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("EXIT CODES:\n  0  done\n  1  failed"), "{}", outcome.stdout);
    let outcome = Test::new().args(["synth", "--help"]).run();
    assert!(outcome.stdout.starts_with("Write the CloudFormation templates"), "{}", outcome.stdout);
}

#[test]
fn an_unknown_flag() {
    Test::new()
        .args(["synth", "--frobnicate"])
        .run()
        .fails(2, &["unexpected argument '--frobnicate'", "Usage:"]);
}

#[test]
fn an_unknown_command() {
    Test::new().args(["syhth"]).run().fails(2, &["unrecognized subcommand 'syhth'", "'synth'"]);
}

#[test]
fn nothing_at_all() {
    Test::new().run().fails(2, &["Usage:"]);
}

#[test]
fn a_bad_stage() {
    for stage in ["Prod", "1", "a_b", "abcdefghijklmnopqrstu"] {
        let outcome = Test::new().args(["list", "--stage", stage]).run();
        outcome.fails(2, &["invalid value", "a stage is a lower-case letter, then up to 19"]);
    }
}

#[test]
fn the_events_of_a_local_run_are_told() {
    let outcome = Test::new().args(["local", "--help"]).run();
    for event in
        ["building", "built", "ready", "request", "log", "mail", "notice", "missed", "reloaded", "failed"]
    {
        assert!(outcome.stdout.contains(&format!("\n  {event} ")), "{event}: {}", outcome.stdout);
    }
}
