//! The archive of the captain's log's edge function, as packaged, in the managed runtime that Lambda@Edge starts it in.
//!
//! The emulator stores edge functions and does not run them, so they are run here by the runtime's own client.

use serde_json::{Value, json};
use stack_builder_tests::{Emulator, ManagedRuntime, Workspace, http_server, repository_root};
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

/// The session of the recorded request for the log.
const ID: &str = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGw";

/// The unpacked archive.
struct Edge {
    code: TempDir,
    config: Value,
}

impl Edge {
    /// Packages the stack and unpacks its only archive, modes included.
    fn packaged() -> Self {
        let workspace = Workspace::open();
        workspace.stack_builder(["package", "captains-log-edge", "--stage", "dev"]).run().success();
        let archive = archive(&workspace.root().join("target/assembly"));
        let code = tempfile::tempdir().expect("a folder");
        let file = File::open(archive).expect("an archive");
        let mut archive = zip::ZipArchive::new(file).expect("a zip archive");
        let mut names: Vec<_> = (0..archive.len())
            .map(|index| archive.by_index(index).expect("a file").name().expect("a name").into_owned())
            .collect();
        names.sort();
        assert_eq!(names, ["bootstrap", "config.json", "index.py"]);
        archive.extract(code.path()).expect("room for the archive");
        let config = fs::read_to_string(code.path().join("config.json")).expect("a config");
        Self { code, config: serde_json::from_str(&config).expect("JSON") }
    }

    fn table(&self) -> &str {
        self.config["sessionsTable"].as_str().expect("a table")
    }

    /// Starts it with the table at this endpoint.
    fn start(&self, variables: &[(&str, String)]) -> ManagedRuntime {
        ManagedRuntime::start(self.code.path(), "index.handler", variables)
    }

    /// Starts it with the table at a plain address, and any credentials.
    fn start_at(&self, address: &str) -> ManagedRuntime {
        self.start(&[
            ("AWS_ENDPOINT_URL", format!("http://{address}")),
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ])
    }
}

/// The archive of the one edge function among the packaged assets.
fn archive(assembly: &Path) -> PathBuf {
    let text = fs::read_to_string(assembly.join("assets.json")).expect("packaged assets");
    let assets: Value = serde_json::from_str(&text).expect("JSON");
    let all = assets["assets"].as_object().expect("assets");
    let mut edge = all.iter().filter(|(name, _)| name.contains("captains-log-edge"));
    let (_, asset) = edge.next().unwrap_or_else(|| panic!("no archive for the edge in {assets}"));
    assembly.join(asset["path"].as_str().unwrap_or_else(|| panic!("no path in {asset}")))
}

/// A recorded event of CloudFront.
fn recorded(name: &str) -> Value {
    let path = repository_root().join(format!("handlers/tests/fixtures/cloudfront/{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

#[track_caller]
fn assert_sent_to_login(answer: &Value) {
    assert_eq!(answer["status"], "302", "{answer}");
    assert_eq!(answer["headers"]["location"][0]["value"], "https://log.example.org/login/");
    assert_eq!(answer["headers"]["cache-control"][0]["value"], "no-store");
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs()
}

/// A session's whole life in a real table: no table yet, no item, live, expired but still there, gone.
#[test]
fn the_packaged_archive_checks_sessions_in_the_managed_runtime() {
    let (edge, emulator) = (Edge::packaged(), Emulator::start());
    let deployer = emulator.administrator("edge");
    let aws = emulator.aws(&deployer);
    let runtime = edge.start(&emulator.environment(&deployer));
    let home = recorded("viewer-request-home");

    assert_sent_to_login(&runtime.invoke_cold(&home).answer);
    let log = runtime.log();
    assert!(log.contains("ResourceNotFoundException") && !log.contains(ID), "{log}");

    aws.call(
        "dynamodb",
        "create_table",
        json!({
            "TableName": edge.table(),
            "AttributeDefinitions": [{"AttributeName": "session-id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "session-id", "KeyType": "HASH"}],
            "BillingMode": "PAY_PER_REQUEST",
        }),
    );
    assert_sent_to_login(&runtime.invoke(&home).answer);

    let put = |ttl: u64| {
        let item = json!({
            "session-id": {"S": ID}, "userName": {"S": "picard"},
            "creationTime": {"N": now().to_string()}, "ttl": {"N": ttl.to_string()},
        });
        aws.call("dynamodb", "put_item", json!({ "TableName": edge.table(), "Item": item }));
    };
    put(now() + 60);
    let answer = runtime.invoke(&home).answer;
    let mut expect = home["Records"][0]["cf"]["request"].clone();
    expect["uri"] = "/home.html".into();
    assert_eq!(answer, expect, "{}", runtime.log());
    assert_sent_to_login(&runtime.invoke(&recorded("viewer-request-visitor")).answer);

    put(now() - 1);
    assert_sent_to_login(&runtime.invoke(&home).answer);
    put(now() + 2);
    assert_eq!(runtime.invoke(&home).answer["uri"], "/home.html");
    sleep(Duration::from_secs(3));
    assert_sent_to_login(&runtime.invoke(&home).answer);
}

/// What needs no table: paths, tricks, S3's errors, and events that are none.
#[test]
fn the_packaged_archive_answers_without_a_table() {
    let edge = Edge::packaged();
    let runtime = edge.start_at("127.0.0.1:9");
    assert_eq!(runtime.invoke_cold(&recorded("viewer-request-login")).answer["uri"], "/login.html");
    for uri in ["/login", "//login/", "/%2e%2e/", "/LOGIN/", "/home.html", "//", "/log.css"] {
        let mut event = recorded("viewer-request-home");
        event["Records"][0]["cf"]["request"]["uri"] = uri.into();
        let expect = &event["Records"][0]["cf"]["request"];
        assert_eq!(runtime.invoke(&event).answer, *expect, "{uri}");
    }
    for (name, status) in [("origin-response-forbidden", "403"), ("origin-response-missing", "404")] {
        let answer = runtime.invoke(&recorded(name)).answer;
        let page =
            fs::read_to_string(repository_root().join("site/captains-log/error.html")).expect("a page");
        assert_eq!((&answer["status"], &answer["body"]), (&json!(status), &json!(page)));
    }
    let page = recorded("origin-response-page");
    assert_eq!(runtime.invoke(&page).answer, page["Records"][0]["cf"]["response"]);
    for event in
        [json!(null), json!({"Records": []}), json!({"Records": [{"cf": {"request": {"uri": "/"}}}]})]
    {
        assert_eq!(runtime.invoke(&event).answer["status"], "503", "{event}");
    }
    assert_eq!(runtime.log().matches("\"ERROR\"").count(), 3, "{}", runtime.log());
}

/// A table that answers after a while, with a live session.
fn slow_table(pause: Duration) -> String {
    http_server::serve(Arc::new(move |_| {
        sleep(pause);
        let body = json!({"Item": {"ttl": {"N": "99999999999"}}}).to_string();
        http_server::Answer { status: 200, headers: Vec::new(), body }
    }))
}

/// A slow answer is waited for, one that never comes is not, and neither is one that comes too late.
#[test]
fn the_packaged_archive_does_not_wait_for_ever() {
    let edge = Edge::packaged();
    let home = recorded("viewer-request-home");
    let slow = edge.start_at(&slow_table(Duration::from_millis(700)));
    assert_eq!(slow.invoke_cold(&home).answer["uri"], "/home.html");

    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = silent.local_addr().expect("its address").to_string();
    for address in [address, slow_table(Duration::from_secs(4)), "127.0.0.1:9".to_owned()] {
        let runtime = edge.start_at(&address);
        // The runtime refuses an answer after Lambda's own timeout.
        assert_sent_to_login(&runtime.invoke_cold(&home).answer);
        let log = runtime.log();
        assert!(log.contains("\"WARN\"") && !log.contains(ID), "{log}");
    }
}

/// No figure is held to a bound here; they are for the reader of the run's output.
#[test]
fn the_packaged_archive_is_timed() {
    let edge = Edge::packaged();
    let table = slow_table(Duration::ZERO);
    let (home, visitor) = (recorded("viewer-request-home"), recorded("viewer-request-visitor"));
    let mut cold = [Vec::new(), Vec::new()];
    for (event, times) in [&visitor, &home].into_iter().zip(&mut cold) {
        times.extend((0..15).map(|_| edge.start_at(&table).invoke_cold(event).took));
    }
    let runtime = edge.start_at(&table);
    runtime.invoke_cold(&home);
    let mut warm = [Vec::new(), Vec::new()];
    for (event, times) in [&visitor, &home].into_iter().zip(&mut warm) {
        times.extend((0..300).map(|_| runtime.invoke(event).took));
    }
    let [cold_refused, cold_live] = cold.map(median);
    let [warm_refused, warm_live] = warm.map(median);
    println!("edge, cold p50: {cold_refused:?} without a look-up, {cold_live:?} with one");
    println!("edge, warm p50: {warm_refused:?} without a look-up, {warm_live:?} with one");
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
