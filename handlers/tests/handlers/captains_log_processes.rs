//! The captain's log's functions as Lambda starts them, with settings that they cannot use.

use serde_json::Value;
use std::process::Command;

const LOGIN: &str = env!("CARGO_BIN_EXE_captains-log-login");
const HOME: &str = env!("CARGO_BIN_EXE_captains-log-home");
const LOGOUT: &str = env!("CARGO_BIN_EXE_captains-log-logout");

/// The one line that a function leaves which does not start.
fn cause(binary: &str, settings: &[(&str, &str)]) -> String {
    let output = Command::new(binary).env_clear().envs(settings.iter().copied()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{binary}");
    let line: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(line["message"], "cannot start");
    line["cause"].as_str().unwrap().to_owned()
}

#[test]
fn missing_settings_are_all_named() {
    for (binary, names) in [
        (LOGIN, "`SESSIONS_TABLE`, `ATTEMPTS_TABLE`, `PASSWORDS_SECRET`, `SESSION_SECONDS`"),
        (HOME, "`SESSIONS_TABLE`, `LOGS_TABLE`"),
        (LOGOUT, "`SESSIONS_TABLE`"),
    ] {
        let cause = cause(binary, &[("AWS_REGION", "eu-central-1")]);
        assert!(cause.starts_with(&format!("the environment lacks {names}\nhint: ")), "{cause}");
    }
}

#[test]
fn a_session_length_that_is_none_stops_the_start() {
    for length in ["0", "60s", "9999999999"] {
        let cause = cause(
            LOGIN,
            &[
                ("AWS_REGION", "eu-central-1"),
                ("SESSIONS_TABLE", "s"),
                ("ATTEMPTS_TABLE", "a"),
                ("PASSWORDS_SECRET", "p"),
                ("SESSION_SECONDS", length),
            ],
        );
        assert!(
            cause.starts_with("`SESSION_SECONDS` must be a whole number from 1 to 2592000\nhint: "),
            "{cause}"
        );
    }
}
