//! Demonstration data: loaded by a command, told to nobody.

use super::log::Log;
use serde_json::{Value, json};
use stack_builder_tests::Outcome;

/// What must never be shown.
const SECRETS: [&str; 2] = ["makeitso", "KHAAAN"];

/// Without passwords, nobody is let in.
#[track_caller]
pub(crate) fn is_needed_first(log: &Log<'_>) {
    let answer = log.log_in("picard", "makeitso");
    // AWS has no such version (401), the emulator one without text (500); see `quirks`.
    assert!([401, 500].contains(&answer.status), "{answer:?}");
    assert_eq!((answer.header("set-cookie"), answer.body.contains("picard")), (None, false), "{answer:?}");
}

/// Twice, with the same in the end; no password is on the screen, in an output or in the assembly.
#[track_caller]
pub(crate) fn is_loaded_twice(log: &Log<'_>) {
    let seed = |more: &[&'static str]| {
        let arguments = ["seed", "captains-log", "--yes"].into_iter().chain(more.iter().copied());
        tells_no_secret(log.world.stack_builder(arguments).run().success())
    };
    seed(&["--verbose"]).says("captains-log-dev");
    let (entries, secret) = (log.items(log.outputs.get("LogsTable")), secret(log));
    assert_eq!(entries.len(), 10);
    assert_eq!(secret, json!({ "picard": "makeitso", "kirk": "KHAAAN!!!" }));

    let again = seed(&["--json"]).json();
    let loaded = json!([{ "table": "Logs", "items": 10 }, { "secret": "Passwords", "changed": false }]);
    assert_eq!(again["stacks"][0]["loaded"], loaded, "{again:#}");
    assert_eq!((log.items(log.outputs.get("LogsTable")), self::secret(log)), (entries, secret));

    tells_no_secret(log.world.stack_builder(["outputs", "captains-log"]).run().success());
    assembly_holds_no_secret(log);
}

/// Production is not played with, unless somebody insists.
#[track_caller]
pub(crate) fn is_refused_in_production(log: &Log<'_>) {
    for stage in ["prod", "production"] {
        let refused = log.world.workspace.stack_builder(["seed", "captains-log", "--yes", "--stage", stage]);
        let refused = refused.envs(log.world.emulator.environment(&log.world.deployer)).run().exits_with(2);
        tells_no_secret(refused.complains_once().says(stage).says("--allow-production"));
    }
}

#[track_caller]
fn tells_no_secret(outcome: Outcome) -> Outcome {
    SECRETS.into_iter().fold(outcome, Outcome::does_not_say)
}

#[track_caller]
fn secret(log: &Log<'_>) -> Value {
    let asked = json!({ "SecretId": log.physical_id("Passwords") });
    let value = log.world.aws.call("secretsmanager", "get_secret_value", asked);
    serde_json::from_str(value["SecretString"].as_str().expect("a text")).expect("JSON")
}

/// Templates, manifest and archives; what is compressed in them is a program or a page, neither of which knows one.
#[track_caller]
fn assembly_holds_no_secret(log: &Log<'_>) {
    let assembly = log.world.workspace.root().join("target/assembly");
    let mut files = 0;
    for entry in std::fs::read_dir(&assembly).expect("an assembly").flatten() {
        if entry.path().is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).expect("a text");
        assert!(
            !SECRETS.iter().any(|secret| text.contains(secret)),
            "a password is in `{}`",
            entry.path().display()
        );
        files += 1;
    }
    assert!(files >= 6, "{files} files in `{}`", assembly.display());
}
