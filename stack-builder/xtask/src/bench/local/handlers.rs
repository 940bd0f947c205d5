//! The uploads application's handlers in Rust, and in Python as its first description has them, behind the same
//! routes, over the same Runtime API and on the same table and bucket.

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
const WARM: usize = 500;

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
        for language in ["Rust", "Python"] {
            rows.extend(of(&program, subject, language)?);
        }
    }
    Ok(table(&rows))
}

fn of(program: &Path, subject: &Subject, language: &str) -> anyhow::Result<Vec<Row>> {
    let [mut starts, mut peaks] = [vec![], vec![]];
    let mut warm = Vec::new();
    let folder = super::super::project::folder()?.join("functions");
    for run in 0..COLD {
        // A run of its own for each start; its functions lie in a folder that can be found.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        let mut local = Local::start_in(program, &folder)?;
        if language == "Python" {
            replace(&folder, subject)?;
        }
        let request = request(&mut local, subject)?;
        let calls = if run == 0 { WARM } else { 1 };
        warm.extend(call(&local, &request, calls)?);
        let report = reports(&local)?;
        starts.push(number(&report, "Init Duration: ")?);
        peaks.push(number(&report, "Max Memory Used: ")?);
    }
    let name = |what: &str| format!("{} in {language}: {what}", subject.route);
    Ok(vec![
        Row::new(name("cold start until it asks for an event"), "ms", starts),
        Row::new(name("warm call, the handler's own time"), "ms", warm),
        Row::new(name("memory at most"), "MB", peaks),
    ])
}

/// Puts a script that runs the Python handler where the Rust binary has been linked.
fn replace(folder: &Path, subject: &Subject) -> anyhow::Result<()> {
    let inode = |path: PathBuf| fs::metadata(path).map(|metadata| metadata.ino());
    let ours = inode(super::super::project::target().join("debug").join(subject.binary))?;
    let bootstrap =
        found(folder)?.into_iter().find(|path| inode(path.clone()).is_ok_and(|inode| inode == ours));
    let bootstrap = bootstrap.with_context(|| format!("`{}` is not among the functions", subject.binary))?;
    let beside = bootstrap.with_file_name("lambda_function.py");
    fs::write(&beside, subject.source)?;
    let python = crate::tools::root().join("python/bin/python");
    let script =
        format!("#!/bin/sh\nexec '{}' -m awslambdaric lambda_function.lambda_handler\n", python.display());
    fs::remove_file(&bootstrap)?;
    fs::write(&bootstrap, script)?;
    Ok(fs::set_permissions(&bootstrap, fs::Permissions::from_mode(0o755))?)
}

/// Every file `bootstrap` below a folder.
fn found(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            all.extend(found(&path)?);
        } else if path.ends_with("bootstrap") {
            all.push(path);
        }
    }
    Ok(all)
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

/// Calls, and the handler's time of each but the first, in milliseconds.
fn call(local: &Local, request: &Request, calls: usize) -> anyhow::Result<Vec<f64>> {
    let mut client = Client::connect(request)?;
    for _ in 0..calls {
        let answer = client.send(request)?;
        ensure!(answer.status == 200, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        sleep(Duration::from_millis(1));
    }
    sleep(Duration::from_millis(500));
    let events = local.events();
    let requests =
        events.iter().filter(|(_, event)| event["event"] == "request" && event["method"] == "POST");
    Ok(requests.skip(1).filter_map(|(_, event)| handler(event)).collect())
}

fn handler(event: &Value) -> Option<f64> {
    event["steps"].as_array()?.iter().find(|step| step["what"] == "handler")?["ms"].as_f64()
}

/// The function's reports, one a line.
fn reports(local: &Local) -> anyhow::Result<String> {
    let events = local.events();
    let lines = events.iter().filter_map(|(_, event)| event["line"].as_str());
    let reports: Vec<_> = lines.filter(|line| line.starts_with("REPORT ")).collect();
    ensure!(!reports.is_empty(), "no call has been reported");
    Ok(reports.join("\n"))
}

/// The last number behind a word.
fn number(report: &str, word: &str) -> anyhow::Result<f64> {
    let (_, rest) = report.rsplit_once(word).with_context(|| format!("no `{word}` in {report}"))?;
    Ok(rest.split(' ').next().unwrap_or_default().parse()?)
}
