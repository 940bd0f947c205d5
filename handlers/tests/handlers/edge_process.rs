//! The edge function's binary as its archive starts it: with `config.json` beside it, and with a table that is slow.

use crate::{
    dynamodb_stub::JSON,
    recorded::{self, ID},
    stub::{Answer, serve},
};
use serde_json::{Value, json};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

const EDGE: &str = env!("CARGO_BIN_EXE_captains-log-edge");
const CONFIG: &str = r#"{"region": "eu-central-1", "sessionsTable": "captains-log-test-sessions"}"#;

/// A folder laid out like the unpacked archive, of this test's own.
struct Archive(PathBuf);

impl Archive {
    fn with(test: &str, config: Option<&str>) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        fs::copy(EDGE, folder.join("bootstrap")).unwrap();
        if let Some(config) = config {
            fs::write(folder.join("config.json"), config).unwrap();
        }
        Self(folder)
    }

    /// Its process with the variables of Lambda@Edge; the region is the one it happens to run in.
    fn bootstrap(&self) -> Command {
        let mut command = Command::new(self.0.join("bootstrap"));
        command.env_clear().stdout(Stdio::piped()).stderr(Stdio::piped()).envs([
            ("AWS_REGION", "ap-southeast-2"),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_SESSION_TOKEN", "session"),
            ("AWS_LAMBDA_FUNCTION_NAME", "us-east-1.test"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "7"),
        ]);
        command
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// One event through the Runtime API; the answer and the log. The table is at this address.
fn invoke(test: &str, table: &str) -> (Value, Vec<Value>) {
    let archive = Archive::with(test, Some(CONFIG));
    let next = &[("lambda-runtime-aws-request-id", "r-1"), ("lambda-runtime-deadline-ms", "99999999999999")];
    let event = recorded::event("viewer-request-home").to_string();
    let (address, asked) = serve(vec![Answer(200, next, event), Answer(202, &[], "{}".into())]);
    let mut child = archive
        .bootstrap()
        .env("AWS_LAMBDA_RUNTIME_API", address)
        .env("AWS_ENDPOINT_URL", format!("http://{table}"))
        .spawn()
        .unwrap();
    let answer = exchanged(&mut child, &asked);
    let output = child.wait_with_output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    (answer, lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn exchanged(child: &mut Child, asked: &Receiver<crate::stub::Asked>) -> Value {
    let wait = Duration::from_secs(20);
    assert!(asked.recv_timeout(wait).unwrap().line.contains("/runtime/invocation/next"));
    let answer = asked.recv_timeout(wait);
    child.kill().unwrap();
    let answer = answer.unwrap();
    assert!(answer.line.contains("/runtime/invocation/r-1/response"), "{answer:?}");
    answer.body
}

#[test]
fn the_table_and_its_region_are_those_of_the_config() {
    let item = json!({"Item": {"ttl": {"N": "99999999999"}}});
    let (table, asked) = serve(vec![Answer(200, JSON, item.to_string())]);
    let (answer, log) = invoke("edge-live", &table);
    assert_eq!((&answer["uri"], log), (&json!("/home.html"), vec![]));
    let asked = asked.recv().unwrap();
    assert_eq!(asked.body["TableName"], "captains-log-test-sessions");
    let signature = asked.headers.iter().find(|header| header.starts_with("authorization: ")).unwrap();
    assert!(signature.contains("/eu-central-1/dynamodb/"), "{signature}");
}

#[test]
fn a_table_that_never_answers_refuses_well_before_the_functions_timeout() {
    // Connections are taken by the operating system and never read.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let started = Instant::now();
    let (answer, log) = invoke("edge-silent", &silent.local_addr().unwrap().to_string());
    assert_eq!(answer["headers"]["location"][0]["value"], "https://log.example.org/login/");
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!((log.len(), &log[0]["level"]), (1, &json!("WARN")), "{log:?}");
    assert!(!log[0].to_string().contains(ID), "{log:?}");
}

#[test]
fn a_table_that_cannot_be_reached_refuses() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let (answer, log) = invoke("edge-closed", &closed);
    assert_eq!((&answer["status"], &log[0]["level"]), (&json!("302"), &json!("WARN")), "{log:?}");
}

#[test]
fn without_a_good_config_it_does_not_start() {
    for (test, config, expect) in [
        ("edge-bare", None, "cannot read `config.json` beside the executable: "),
        ("edge-text", Some("x"), "`config.json` does not fit this handler: "),
        (
            "edge-other",
            Some(r#"{"region": "eu-central-1"}"#),
            "`config.json` does not fit this handler: missing field",
        ),
        (
            "edge-arn",
            Some(r#"{"region": "eu-central-1", "sessionsTable": "${T}"}"#),
            "`config.json` does not fit",
        ),
    ] {
        let output = Archive::with(test, config).bootstrap().output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{test}");
        let line: Value = serde_json::from_slice(&output.stdout).unwrap();
        let cause = line["cause"].as_str().unwrap();
        assert!(cause.starts_with(expect) && cause.contains("\nhint: "), "{cause}");
    }
}
