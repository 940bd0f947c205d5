//! The uploads application's handlers in Rust, and in Python as its first description has them, behind the same
//! routes, over the same Runtime API and on the same table and bucket.

use super::super::project;
use super::UNDER_THE_THROTTLE;
use super::client::{Client, Request};
use super::people::{Person, signed_in};
use super::process::{self, Local};
use super::report::{Row, table};
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// Starts of each handler.
const COLD: usize = 10;
/// Calls of each while it is warm.
const WARM: usize = 300;

/// What is measured beside the handlers that `local` builds.
const PACKAGED: &str = "Rust as `package` builds it";
const PYTHON: &str = "Python";

/// A handler: its route, the Rust binary, and the Python module with its source.
struct Subject {
    route: &'static str,
    binary: &'static str,
    source: &'static str,
}

const SUBJECTS: [Subject; 2] = [
    Subject {
        route: "/getUploadUrl",
        binary: "uploads-get-upload-url",
        source: include_str!("seeds/get_upload_url.py"),
    },
    Subject {
        route: "/saveMetadata",
        binary: "uploads-save-metadata",
        source: include_str!("seeds/save_metadata.py"),
    },
];

/// Every figure of `cargo xtask bench handlers`, as a table.
///
/// # Errors
/// When the command or the tools are missing, or a handler does not answer 200.
pub(in crate::bench) fn figures() -> anyhow::Result<String> {
    let program = process::command()?;
    let mut rows = Vec::new();
    for subject in &SUBJECTS {
        for language in ["Rust as `local` builds it", PACKAGED, PYTHON] {
            rows.extend(of(&program, subject, language)?);
        }
    }
    Ok(table(&rows))
}

fn of(program: &Path, subject: &Subject, language: &str) -> anyhow::Result<Vec<Row>> {
    let mut local = Local::start(program, &["--no-watch", "uploads"])?;
    if language == PYTHON || language == PACKAGED {
        replace(subject, language == PYTHON)?;
    }
    let request = request(&mut local, subject)?;
    let mut client = Client::connect(&request)?;
    let mut waited = vec![send(&mut client, &request)?];
    for _ in 0..WARM {
        send(&mut client, &request)?;
    }
    let warm = handler_times(&local);
    for _ in 1..COLD {
        local.end_handlers()?;
        waited.push(send(&mut client, &request)?);
    }
    let reports = reports(&mut local)?;
    let name = |what: &str| format!("{} in {language}: {what}", subject.route);
    Ok(vec![
        Row::new(name("cold start until it asks for an event"), "ms", numbers(&reports, "initDurationMs")),
        Row::new(name("cold call as the client waits"), "ms", waited),
        Row::new(name("warm call, the handler's own time"), "ms", warm),
        Row::new(name("memory at most"), "MB", numbers(&reports, "maxMemoryUsedMB")),
    ])
}

/// Calls, and says how many milliseconds the answer took.
fn send(client: &mut Client, request: &Request) -> anyhow::Result<f64> {
    let answer = client.send(request)?;
    ensure!(answer.status == 200, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    sleep(UNDER_THE_THROTTLE);
    Ok(answer.took.as_secs_f64() * 1e3)
}

/// Puts a script that runs the Python handler, or the packaged binary, where the Rust binary has been linked.
fn replace(subject: &Subject, by_python: bool) -> anyhow::Result<()> {
    let inode = |path: PathBuf| fs::metadata(path).map(|metadata| metadata.ino());
    let folder = project::target().join("debug");
    let ours = inode(project::target().join("debug").join(subject.binary))?;
    let bootstrap =
        found(&folder)?.into_iter().find(|path| inode(path.clone()).is_ok_and(|inode| inode == ours));
    let bootstrap = bootstrap.with_context(|| format!("`{}` is not among the functions", subject.binary))?;
    fs::remove_file(&bootstrap)?;
    if !by_python {
        let packaged = project::target().join("x86_64-unknown-linux-gnu/lambda").join(subject.binary);
        let copied = fs::copy(&packaged, &bootstrap);
        return copied.map(drop).context("no binary is packaged\nhint: run `stack-builder package uploads`");
    }
    let beside = bootstrap.with_file_name("lambda_function.py");
    fs::write(&beside, subject.source)?;
    let python = crate::tools::root().join("python/bin/python");
    let script =
        format!("#!/bin/sh\nexec '{}' -m awslambdaric lambda_function.lambda_handler\n", python.display());
    fs::write(&bootstrap, script)?;
    Ok(fs::set_permissions(&bootstrap, fs::Permissions::from_mode(0o755))?)
}

/// The binaries of runs that keep nothing, which lie beside the originals; the latest first.
fn found(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for run in fs::read_dir(folder)? {
        let run = run?.path();
        if run.file_name().is_some_and(|name| name.to_string_lossy().starts_with("stack-builder-local-")) {
            for function in fs::read_dir(run)? {
                let function = function?;
                all.push((function.metadata()?.modified()?, function.path().join("bootstrap")));
            }
        }
    }
    all.sort();
    Ok(all.into_iter().rev().map(|(_, path)| path).collect())
}

/// What the page asks for, which both handlers take.
fn request(local: &mut Local, subject: &Subject) -> anyhow::Result<Request> {
    let Person { token, subject: user } = signed_in(local, "uploads")?;
    let file = "6f9619ff-8b86-4011-b42d-00c04fc964ff";
    let body = json!({
        "userId": user, "fileName": "a.png", "contentType": "image/png", "size": 1234,
        "fileId": file, "key": format!("{user}/{file}_a.png"),
    });
    let url = format!("{}{}", local.output("uploads", "ApiUrl")?.trim_end_matches('/'), subject.route);
    let headers = [("authorization", &*token), ("content-type", "application/json")];
    Ok(Request::new("POST", &url, &headers, &body.to_string()))
}

/// The handler's time of each call but the first, in milliseconds.
fn handler_times(local: &Local) -> Vec<f64> {
    sleep(Duration::from_millis(500));
    let events = local.events();
    let calls = events.iter().filter(|(_, event)| event["event"] == "request" && event["method"] == "POST");
    calls.filter_map(|(_, event)| handler(event)).skip(1).collect()
}

fn handler(event: &Value) -> Option<f64> {
    event["steps"].as_array()?.iter().find(|step| step["what"] == "handler")?["ms"].as_f64()
}

/// The functions' reports of calls that started a process, from their logs.
fn reports(local: &mut Local) -> anyhow::Result<Vec<Value>> {
    sleep(Duration::from_millis(500));
    let api = format!("{}/_stack-builder/api", local.endpoint()?);
    let ask = |path: String| -> anyhow::Result<Value> {
        let answer = Request::new("GET", &format!("{api}/{path}"), &[], "").once()?;
        ensure!(answer.status == 200, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        Ok(serde_json::from_slice(&answer.body)?)
    };
    let mut reports = Vec::new();
    for group in ask("log-groups".to_owned())?.as_array().into_iter().flatten() {
        let name = group["name"].as_str().unwrap_or_default().replace('/', "%2F");
        let log = ask(format!("log?group={name}&filter=initDurationMs"))?;
        let lines = log["lines"].as_array().into_iter().flatten();
        let lines = lines.filter_map(|line| serde_json::from_str::<Value>(line["message"].as_str()?).ok());
        reports.extend(lines.map(|mut report| report["record"]["metrics"].take()));
    }
    ensure!(!reports.is_empty(), "no call has been reported");
    Ok(reports)
}

/// One of the numbers of each.
fn numbers(reports: &[Value], name: &str) -> Vec<f64> {
    reports.iter().filter_map(|report| report[name].as_f64()).collect()
}
