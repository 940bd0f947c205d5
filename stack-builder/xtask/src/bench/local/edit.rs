//! From a saved file to what is served: a handler, a stack, a page.

use super::client::Request;
use super::process::Local;
use super::report::Row;
use crate::repository_root;
use anyhow::Context as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

const RUNS: usize = 5;

/// A source file, a text in it, and the text to put behind it; `#` becomes a number.
const HANDLER: [&str; 3] = ["handlers/src/bin/uploads-list-files.rs", "//! ", "# "];
const STACK: [&str; 3] = ["stacks/src/uploads.rs", "\"Presigns", " #"];
const PAGE: [&str; 3] = ["site/uploads/index.html", "<body", " data-edit=\"#\""];

/// Edits each several times, and puts it back.
pub(super) fn figures(program: &Path) -> anyhow::Result<Vec<Row>> {
    let mut local = Local::start(program, &[])?;
    // Until the sources are watched.
    thread::sleep(Duration::from_secs(2));
    let page = format!("{}/", local.output("uploads", "SiteUrl")?);
    let page = Request::new("GET", &page, &[("accept-encoding", "identity")], "");
    Ok(vec![
        Row::new("edit of a handler to its next revision", "ms", reloads(&mut local, HANDLER)?),
        Row::new("edit of a stack to what it says", "ms", reloads(&mut local, STACK)?),
        Row::new("edit of a page to the page served", "ms", pages(&mut local, &page)?),
    ])
}

fn reloads(local: &mut Local, edit: [&'static str; 3]) -> anyhow::Result<Vec<f64>> {
    let file = Edited::new(edit)?;
    let mut times = Vec::new();
    for number in 0..RUNS {
        local.forget();
        let saved = file.save(number)?;
        let (told, _) = local.event("reloaded", |event| event["what"] != serde_json::json!([]))?;
        times.push(told.duration_since(saved).as_secs_f64() * 1e3);
        thread::sleep(Duration::from_millis(500));
    }
    Ok(times)
}

fn pages(local: &mut Local, page: &Request) -> anyhow::Result<Vec<f64>> {
    let file = Edited::new(PAGE)?;
    let mut times = Vec::new();
    for number in 0..RUNS {
        let wanted = format!("data-edit=\"{number}\"");
        let saved = file.save(number)?;
        while !String::from_utf8_lossy(&page.once()?.body).contains(&wanted) {
            anyhow::ensure!(saved.elapsed() < Duration::from_mins(1), "the edited page is not served");
            thread::sleep(Duration::from_millis(2));
        }
        times.push(saved.elapsed().as_secs_f64() * 1e3);
        local.forget();
        local.event("reloaded", |_| true).map(drop)?;
        thread::sleep(Duration::from_millis(500));
    }
    Ok(times)
}

/// A source file that is as it was when this value goes.
struct Edited {
    path: PathBuf,
    text: String,
    place: usize,
    insertion: &'static str,
}

impl Edited {
    fn new([file, mark, insertion]: [&'static str; 3]) -> anyhow::Result<Self> {
        let path = repository_root().join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read `{file}`"))?;
        let place = text.find(mark).with_context(|| format!("`{file}` has no `{mark}`"))? + mark.len();
        Ok(Self { path, text, place, insertion })
    }

    /// Saves the file with the insertion.
    fn save(&self, number: usize) -> anyhow::Result<Instant> {
        let (before, after) = self.text.split_at(self.place);
        let insertion = self.insertion.replace('#', &number.to_string());
        fs::write(&self.path, format!("{before}{insertion}{after}"))?;
        Ok(Instant::now())
    }
}

impl Drop for Edited {
    fn drop(&mut self) {
        // Nothing more can be done when that fails.
        let _ = fs::write(&self.path, &self.text);
    }
}
