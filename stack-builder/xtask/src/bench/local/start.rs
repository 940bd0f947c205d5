//! From the start of the command to what it serves first, with nothing left to build.

use super::client::Request;
use super::process::Local;
use super::report::Row;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

const RUNS: usize = 7;
/// Of a state of its own, which the first run fills: whoever develops has one.
const ARGUMENTS: &[&str] = &["--no-watch", "--stage", "bench"];
const PHASES: [&str; 6] = ["build", "synth", "start", "publish", "seed", "handlers"];

/// When the first page, the first page behind a function at the edge, and the table of URLs came.
pub(super) fn figures(program: &Path, port: u16) -> anyhow::Result<Vec<Row>> {
    let mut first = Local::launch(program, port, ARGUMENTS)?;
    let page = format!("{}/", first.output("uploads", "SiteUrl")?);
    let gated = format!("{}/login/", first.output("captains-log", "SiteUrl")?);
    drop(first);
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        runs.push(run(program, port, [&page, &gated])?);
    }
    let names = ["first page served", "first page served through an edge function", "event `ready`"]
        .map(str::to_owned);
    let names = names.into_iter().chain(PHASES.map(|phase| format!("phase `{phase}`")));
    let row = |(place, name)| {
        let row = Row::new(format!("start: {name}"), "ms", runs.iter().map(|run| run[place]).collect());
        if place == 0 || place == 1 { row.at_most(500.0) } else { row }
    };
    Ok(names.enumerate().map(row).collect())
}

fn run(program: &Path, port: u16, urls: [&str; 2]) -> anyhow::Result<Vec<f64>> {
    let mut local = Local::launch(program, port, ARGUMENTS)?;
    let began = local.began;
    let [page, gated] = urls.map(|url| {
        let request = Request::new("GET", url, &[("connection", "close")], "");
        thread::spawn(move || served(&request))
    });
    let (ready, event) = local.event("ready", |_| true)?;
    let instants = [page.join().unwrap_or(ready), gated.join().unwrap_or(ready), ready];
    let times = instants.map(|at| at.duration_since(began).as_secs_f64() * 1e3);
    let phases = PHASES.map(|phase| event["phases"][phase].as_f64().unwrap_or(f64::NAN));
    Ok([&times[..], &phases].concat())
}

/// When a request is answered with a page.
fn served(request: &Request) -> Instant {
    loop {
        if request.once().is_ok_and(|answer| answer.status == 200) {
            return Instant::now();
        }
        thread::sleep(Duration::from_millis(2));
    }
}
