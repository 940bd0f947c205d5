//! People at a browser: headless Chromium, driven by a script of `clients/browser`, in conversation with its test.

use crate::place::{client, target, tool};
use crate::process::Group;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

/// How somebody uses a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// With a mouse, in a window of 1280 by 800 pixels.
    Desktop,
    /// With a keyboard alone, in the same window.
    Keyboard,
    /// With a finger, on a screen of 375 by 812 pixels.
    Phone,
}

/// What colours somebody's system prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// Plays a script of `clients/browser` on these addresses, and expects it to end well.
///
/// `answer` tells what the script asks for: a code that was mailed, for example. Its pictures are in
/// `target/e2e/screenshots/<script>-<way>`, named by step and width; what was there before is removed.
///
/// # Panics
/// When the script, or a page that it opens, complains; when Chromium or the pinned tools are missing.
#[track_caller]
pub fn browse(script: &str, urls: &Value, way: Way, scheme: Scheme, answer: impl Fn(&Value) -> Value) {
    let way = format!("{way:?}").to_lowercase();
    let shots = pictures(&format!("{script}-{way}"));
    let part = json!({
        "tools": tool("node"), "chromium": chromium(), "urls": urls, "shots": shots,
        "way": way, "scheme": format!("{scheme:?}").to_lowercase(),
    });
    let mut node = Command::new("node");
    node.arg(client("browser").join(script).with_extension("mjs")).arg(part.to_string());
    let events = converse(&mut node, answer);
    let last = events.last().cloned().unwrap_or_default();
    let steps: Vec<_> = events.iter().filter_map(|event| event["step"].as_str()).collect();
    let pictures = shots.display();
    assert_eq!(
        last,
        json!({ "done": true }),
        "{script} as {way} went wrong after {steps:?}; see `{pictures}`\n{}",
        told(&last)
    );
}

/// Reads the script's events to their end, answering each `need`.
fn converse(node: &mut Command, answer: impl Fn(&Value) -> Value) -> Vec<Value> {
    let mut group = Group::start(node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()));
    let mut stdin = group.stdin();
    let (stdout, mut stderr) = group.streams();
    let said = thread::spawn(move || {
        let mut said = String::new();
        let _ = stderr.read_to_string(&mut said);
        said
    });
    let mut events = Vec::new();
    for line in BufReader::new(stdout).lines().map_while(Result::ok) {
        let event: Value = serde_json::from_str(&line).unwrap_or_else(|_| json!({ "noise": line }));
        if !event["need"].is_null() {
            writeln!(stdin, "{}", answer(&event["need"])).expect("the script takes an answer");
        }
        events.push(event);
    }
    drop(group);
    let said = said.join().unwrap_or_default();
    if !said.is_empty() {
        events.push(json!({ "failed": said }));
    }
    events
}

/// What went wrong, as a person reads it.
fn told(event: &Value) -> String {
    let complaints = event["complaints"].as_array().into_iter().flatten().filter_map(Value::as_str);
    event["failed"].as_str().into_iter().chain(complaints).collect::<Vec<_>>().join("\n")
}

/// An empty folder for the pictures of a flow.
fn pictures(name: &str) -> PathBuf {
    let folder = target().join("e2e/screenshots").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)
        .unwrap_or_else(|error| panic!("cannot create `{}`: {error}", folder.display()));
    folder
}

/// Chromium, or Chrome, of this machine.
fn chromium() -> PathBuf {
    let folders: Vec<_> = std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let places = names.iter().flat_map(|name| folders.iter().map(move |folder: &PathBuf| folder.join(name)));
    places.into_iter().find(|place: &PathBuf| Path::is_file(place)).unwrap_or_else(|| {
        panic!("no Chromium is on the `PATH`\nhint: install it, for example with `apt-get install chromium`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_complains_is_heard() {
        browse("complaints", &Value::Null, Way::Keyboard, Scheme::Light, |need| panic!("asked for {need}"));
    }

    #[test]
    #[should_panic(expected = "captains-log as phone went wrong after [\"failed\"]")]
    fn a_flow_that_fails_is_told() {
        let nowhere = json!({ "site": "http://127.0.0.1:9" });
        browse("captains-log", &nowhere, Way::Phone, Scheme::Dark, |need| panic!("asked for {need}"));
    }
}
