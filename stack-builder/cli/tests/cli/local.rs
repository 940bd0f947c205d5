//! `local`, as far as one stack without a site goes: events, reloading, and the end.

use crate::fixture;
use crate::harness::Test;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// A run of `local --json`, which ends with the test.
struct Running {
    child: Child,
    lines: BufReader<ChildStdout>,
    /// Has the folder that the program reads.
    _test: Test,
}

impl Running {
    fn start(test: Test) -> Self {
        let mut command = test.command();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines, _test: test }
    }

    /// The next event of this name; every line before it must be an event, too.
    #[track_caller]
    fn event(&mut self, name: &str) -> Value {
        let mut line = String::new();
        while self.lines.read_line(&mut line).unwrap() > 0 {
            let event: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            if event["event"] == name {
                return event;
            }
            line.clear();
        }
        let mut problem = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut problem).unwrap();
        panic!("it ended without `{name}`: {problem}");
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn end(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        self.event("stopped");
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn local(arguments: &[&str]) -> Test {
    Test::new().args(["local", "--json", "--port", "0"]).args(arguments.iter().copied())
}

/// A copy of the fixture's workspace that a test may change.
fn workspace(folder: &Path) {
    copy(fixture::workspace(), folder);
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (name, kind) = (entry.file_name(), entry.file_type().unwrap());
        if kind.is_dir() && name != "target" && !name.to_string_lossy().starts_with('.') {
            copy(&entry.path(), &to.join(name));
        } else if kind.is_file() {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

/// A stack with one handler.
fn with_handler(bin: &str) -> Value {
    let mut manifest = fixture::manifest();
    manifest["stacks"][0]["assetSlots"] =
        json!([{"asset": "hello", "logicalId": "Hello", "property": "Code"}]);
    manifest["assets"] = json!({"hello": {"kind": "rustFunction", "bin": bin, "architecture": "arm64"}});
    manifest
}

#[test]
fn it_tells_where_everything_is_and_ends_when_told() {
    for signal in ["-INT", "-TERM"] {
        let mut running =
            Running::start(local(&["--ephemeral", "--no-watch"]).manifest(&with_handler("hello")));
        assert_eq!(running.event("building")["bins"], json!(["hello"]));
        assert!(running.event("built")["ms"].is_u64());
        let ready = running.event("ready");
        assert!(ready["urls"].is_object() && ready["ms"].is_u64(), "{ready}");
        assert_eq!(ready["environment"]["AWS_ACCESS_KEY_ID"], "local");
        assert_eq!(running.end(signal), Some(0));
    }
}

#[test]
fn a_save_is_served_and_a_mistake_is_not() {
    let folder = tempfile::tempdir().unwrap();
    workspace(folder.path());
    let test = local(&["--ephemeral"]).manifest(&with_handler("hello")).in_folder(folder.path());
    let mut running = Running::start(test);
    running.event("ready");
    let handler = folder.path().join("handlers/src/bin/hello.rs");
    let save = |text: &str| {
        // Cargo tells by the time whether a file has changed.
        thread::sleep(Duration::from_millis(20));
        fs::write(&handler, text).unwrap();
    };
    save("fn main() { println!(\"other\") }\n");
    assert_eq!(running.event("built")["rebuilt"], json!(["hello"]));
    let reloaded = running.event("reloaded");
    assert_eq!(reloaded["what"], json!(["handlers (hello)"]));
    save("fn main() { nowhere() }\n");
    let failed = running.event("failed");
    assert_eq!(failed["what"], "handlers");
    save("fn main() { println!(\"good again\") }\n");
    assert_eq!(running.event("reloaded")["what"], json!(["handlers (hello)"]));

    let stacks = folder.path().join("stacks/src/main.rs");
    let sound = fs::read_to_string(&stacks).unwrap();
    fs::write(&stacks, "fn main() { nowhere() }\n").unwrap();
    let failed = running.event("failed");
    assert_eq!(failed["message"], "cannot build `stacks`, the package that describes the stacks");
    fs::write(&stacks, format!("{sound}\n")).unwrap();
    assert_eq!(running.event("reloaded")["what"], json!([]), "the templates are the same");
    assert_eq!(running.end("-INT"), Some(0));
}

#[test]
fn one_state_is_for_one_run() {
    let folder = tempfile::tempdir().unwrap();
    workspace(folder.path());
    let mut first = Running::start(local(&["--no-watch"]).in_folder(folder.path()));
    first.event("ready");
    assert!(folder.path().join(".stack-builder/local/dev").is_dir());
    let second = local(&[]).in_folder(folder.path()).run();
    second.fails(1, &["error: another `stack-builder local` runs the stage `dev`", "hint: end that one"]);
    let lines: Vec<Value> = second.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["event"], &lines[0]["what"]), (&json!("failed"), &json!("start")));
    assert_eq!(lines[1..], [json!({"event": "stopped"})]);
    assert_eq!(first.end("-TERM"), Some(0));
}

#[test]
fn a_taken_port() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let outcome = Test::new().args(["local", "--ephemeral", "--port", port.as_str()]).run();
    outcome.fails(1, &["error: cannot listen on 127.0.0.1:", "caused by: ", "hint: ", "--port 0"]);
}

#[test]
fn no_port_at_all() {
    for port in ["-1", "65536", "http"] {
        Test::new().args(["local", &format!("--port={port}")]).run().fails(2, &["invalid value", "--port"]);
    }
}

#[test]
fn what_is_wrong_at_the_start_ends_it() {
    let broken = Test::new().args(["local", "--ephemeral", "--app", "broken"]).run();
    broken.fails(1, &["cannot find function `stack_without_a_name`", "error: cannot build `broken`"]);

    let unfinished =
        Test::new().manifest(&with_handler("unfinished")).args(["local", "--ephemeral", "--port", "0"]);
    unfinished
        .run()
        .fails(1, &["cannot find function `not_yet`", "error: cargo could not build `unfinished`"]);

    let mut manifest = fixture::manifest();
    manifest["stacks"] = json!([]);
    let empty = Test::new().manifest(&manifest).args(["local", "--ephemeral"]).run();
    empty.fails(1, &["error: `stacks` describes no stack"]);
}

#[test]
fn people_get_a_table() {
    let test = Test::new().args(["local", "--port", "0", "--ephemeral", "--no-watch"]);
    let mut child = test.command().stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let began = Instant::now();
    let table: Vec<_> = lines.by_ref().take_while(|line| !line.starts_with("ready in")).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(began.elapsed() < Duration::from_mins(2));
    for part in ["console ", "aws cli     export AWS_ENDPOINT_URL=", "state       kept in memory"] {
        assert!(table.iter().any(|line| line.starts_with(part)), "no {part:?} in {table:#?}");
    }
}
