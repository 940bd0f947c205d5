//! The day of who develops with a local run: beginning, ending, keeping, and being left alone by others.

mod ending;
mod keeping;
mod listening;
mod tls;

use super::person::Person;
use super::shared::aws;
use stack_builder_tests::{Local, Outcome, StackBuilder, repository_root};
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;

/// A stage that one test has to itself, with the state that its runs keep; it is gone afterwards.
struct Stage(&'static str);

impl Stage {
    fn new(name: &'static str) -> Self {
        let stage = Self(name);
        stage.forget();
        stage
    }

    fn state(&self) -> PathBuf {
        repository_root().join(".stack-builder/local").join(self.0)
    }

    fn command(&self, args: &[&str]) -> StackBuilder {
        let fixed = ["local", "--json", "--port", "0", "--no-watch", "--stage", self.0];
        StackBuilder::new(&repository_root()).args(fixed).args(args)
    }

    /// Runs the to-do list, until it is ready.
    #[track_caller]
    fn start(&self, args: &[&str]) -> Local {
        Local::command(self.command(&["todo"]).args(args))
    }

    fn forget(&self) {
        let _ = fs::remove_dir_all(self.state());
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.forget();
    }
}

/// Puts a function to work, so that there are children; `email` must be new to the run.
#[track_caller]
fn work(local: &Local, email: &str) -> Person {
    let person = Person::signed_up(local, &aws(local), "todo", email);
    person.adds("Work");
    person
}

#[test]
fn a_taken_port_is_named_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let run = |more: &[&str]| -> Outcome {
        let fixed = ["local", "todo", "--ephemeral", "--no-watch", "--port", port.as_str()];
        StackBuilder::new(&repository_root()).args(fixed).args(more).run().exits_with(1)
    };
    run(&[]).complains_once().says(&format!("127.0.0.1:{port}")).says("--port 0");
    let json = run(&["--json"]);
    let events: Vec<serde_json::Value> =
        json.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let names: Vec<_> = events.iter().filter_map(|event| event["event"].as_str()).collect();
    assert_eq!(names, ["failed", "stopped"], "{json}");
    assert!(events[0]["hint"].as_str().is_some_and(|hint| hint.contains("--port 0")), "{json}");
}

#[test]
fn the_help_tells_how_to_begin() {
    let help = StackBuilder::new(&repository_root()).args(["local", "--help"]).run().success();
    for part in [
        "--port",
        "--seed",
        "--ephemeral",
        "--tls",
        "--json",
        "--no-watch",
        "EXAMPLES:",
        "EXIT CODES:",
        "EVENTS:",
    ] {
        assert!(help.stdout.contains(part), "no {part} in {help}");
    }
    assert!(
        help.stdout.lines().all(|line| line.chars().count() <= 110),
        "a line is too long for a terminal: {help}"
    );
}

#[test]
fn standard_output_is_nothing_but_events() {
    let stage = Stage::new("only-json");
    let local = stage.start(&["--ephemeral"]);
    let person = work(&local, "ada@example.org");
    person.items();
    let events = local.stop();
    let known = ["building", "built", "ready", "request", "log", "mail", "notice", "missed", "stopped"];
    for event in &events {
        assert!(event["event"].as_str().is_some_and(|name| known.contains(&name)), "{event}");
    }
    assert_eq!(events.last(), Some(&serde_json::json!({ "event": "stopped" })));
    let requests = events.iter().filter(|event| event["event"] == "request");
    let through = |request: &&serde_json::Value| {
        let steps: Vec<_> = request["steps"].as_array().into_iter().flatten().collect();
        request["path"] == "/api/item" && request["method"] == "POST" && steps.len() >= 3
    };
    assert_eq!(requests.filter(through).count(), 1, "one request, with its way through the layers");
}
