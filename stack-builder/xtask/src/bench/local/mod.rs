//! `stack-builder local`, measured from outside as its user has it.

mod client;
mod edit;
mod handlers;
mod load;
mod people;
mod process;
mod report;
mod start;

pub(super) use handlers::figures as handlers;

use client::Request;
use process::Local;
use report::Row;
use std::thread::sleep;
use std::time::Duration;

/// The first of the ports of runs whose ports must be known before.
const PORT: u16 = 17400;

const BRIEFLY: Duration = Duration::from_millis(1);
/// The API takes 20 requests a second.
const UNDER_THE_THROTTLE: Duration = Duration::from_millis(55);

/// Every figure of `cargo xtask bench local`, as a table.
///
/// # Errors
/// When the command cannot be built, or does not serve the applications.
pub(super) fn figures() -> anyhow::Result<String> {
    let program = process::command()?;
    let mut rows = Vec::new();
    let mut local = Local::start(&program, &["--no-watch"])?;
    sleep(Duration::from_secs(1));
    let [idle, _] = local.memory()?;
    rows.extend(requests(&mut local)?);
    let [after, peak] = local.memory()?;
    let memory = [("idle, no handler running", idle), ("after the load", after), ("at most", peak)];
    rows.extend(memory.map(|(when, bytes)| {
        Row::new(format!("memory of the command {when}"), "MB", vec![bytes / 1e6]).at_most(60.0)
    }));
    drop(local);
    rows.extend(start::figures(&program, PORT)?);
    Ok(report::table(&rows))
}

/// Every figure of `cargo xtask bench edits`, which saves source files of this repository and puts them back.
///
/// # Errors
/// As [`figures`].
pub(super) fn edits() -> anyhow::Result<String> {
    Ok(report::table(&edit::figures(&process::command()?)?))
}

fn requests(local: &mut Local) -> anyhow::Result<Vec<Row>> {
    let captains = format!("{}/", local.output("captains-log", "SiteUrl")?);
    let page = Request::new("GET", &format!("{}/app.js", local.output("uploads", "SiteUrl")?), &[], "");
    let person = people::signed_in(local, "uploads")?;
    let files = format!("{}/files", local.output("uploads", "ApiUrl")?);
    let files = Request::new("GET", &files, &[("authorization", &person.token)], "");
    let gated = |local: &mut Local| -> anyhow::Result<Request> {
        Ok(Request::new("GET", &captains, &[("cookie", &people::session(local)?)], ""))
    };
    let mut rows = load::warm("static page, cached at the edge", local, &page, BRIEFLY)?;
    let captain = gated(local)?;
    rows.extend(load::warm("captain's log: edge function, table, page", local, &captain, BRIEFLY)?);
    rows.extend(load::warm("list of files: API, token, handler, table", local, &files, UNDER_THE_THROTTLE)?);
    rows.extend(load::throughput("static page", local, &page, 3)?);
    let captain = gated(local)?;
    rows.extend(load::throughput("captain's log", local, &captain, 3)?);
    Ok(rows)
}
