//! Requests one after another, and on many connections at once.

use super::client::{Client, Request};
use super::process::Local;
use super::report::Row;
use anyhow::{Context as _, bail};
use serde_json::Value;
use std::thread;
use std::time::{Duration, Instant};

/// Requests before those that count.
const WARM_UP: usize = 50;
/// Requests that count.
const COUNT: usize = 500;
/// Connections at once.
const CONNECTIONS: usize = 64;
/// How long they send.
const SPELL: Duration = Duration::from_secs(5);

/// Sends `request` again and again over one connection: what the client waits for, what the command's own trace has
/// beside the time in which handlers had the event, and that time.
///
/// An API refuses those that come faster than its throttle says, so there is a `pause` after each.
pub(super) fn warm(
    name: &str,
    local: &Local,
    request: &Request,
    pause: Duration,
) -> anyhow::Result<Vec<Row>> {
    let mut client = Client::connect(request)?;
    let mut send = || {
        thread::sleep(pause);
        let answer = client.send(request)?;
        if answer.status != 200 {
            bail!("{name}: {}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        Ok(answer.took.as_secs_f64() * 1e3)
    };
    (0..WARM_UP).try_for_each(|_| send().map(drop))?;
    local.forget();
    let waited = (0..COUNT).map(|_| send()).collect::<anyhow::Result<Vec<_>>>()?;
    thread::sleep(Duration::from_millis(300));
    let traces: Vec<Value> = local.events().iter().map(|(_, event)| event.clone()).collect();
    let traces = traces.iter().filter(|event| event["event"] == "request");
    let (own, handler) = traces.map(parts).unzip();
    Ok(vec![
        Row::new(format!("{name}: as the client waits"), "ms", waited),
        Row::new(format!("{name}: our part"), "ms", own).at_most(1.0),
        Row::new(format!("{name}: the handlers' part"), "ms", handler),
    ])
}

/// The time of a request without that of its handlers, and theirs, in milliseconds.
fn parts(event: &Value) -> (f64, f64) {
    let steps = event["steps"].as_array().into_iter().flatten();
    let handler: f64 = steps
        .filter(|step| step["what"] == "handler")
        .filter_map(|step| step["ms"].as_f64())
        .fold(0.0, |sum, ms| sum + ms);
    (event["ms"].as_f64().unwrap_or_default() - handler, handler)
}

/// Requests a second on 64 connections, of several spells, and the command's processor time for each request, which
/// says more where the machine has other things to do.
pub(super) fn throughput(
    name: &str,
    local: &Local,
    request: &Request,
    spells: usize,
) -> anyhow::Result<[Row; 2]> {
    let spells = (0..spells).map(|_| spell(local, request)).collect::<anyhow::Result<Vec<_>>>()?;
    let (rates, costs) = spells.into_iter().unzip();
    Ok([
        Row::new(format!("{name}: requests a second, {CONNECTIONS} connections"), "1/s", rates),
        Row::new(format!("{name}: processor time of the command for each of them"), "µs", costs),
    ])
}

fn spell(local: &Local, request: &Request) -> anyhow::Result<(f64, f64)> {
    let (began, before) = (Instant::now(), local.cpu()?);
    let counts: Vec<anyhow::Result<u32>> = thread::scope(|scope| {
        let send = || scope.spawn(|| count(request, began + SPELL));
        let threads: Vec<_> = (0..CONNECTIONS).map(|_| send()).collect();
        threads.into_iter().map(|thread| thread.join().ok().context("a thread failed")?).collect()
    });
    let all = f64::from(counts.into_iter().sum::<anyhow::Result<u32>>()?);
    Ok((all / began.elapsed().as_secs_f64(), (local.cpu()? - before) / all * 1e6))
}

fn count(request: &Request, end: Instant) -> anyhow::Result<u32> {
    let mut client = Client::connect(request)?;
    let mut count = 0;
    while Instant::now() < end {
        let answer = client.send(request)?;
        // A throttle is an answer of its own, but not the one that is measured.
        if answer.status != 200 {
            bail!("{} under load: {}", answer.status, String::from_utf8_lossy(&answer.body));
        }
        count += 1;
    }
    Ok(count)
}
