//! What happens in the application, a line an event.

use super::{app_at, structured};
use crate::views::Printer;
use crate::views::style::{ERROR, FAINT, HEADING, HINT, WARNING};
use crate::views::text::shown;
use clap::builder::styling::Style;
use stack_builder_local::{Event, Mail, Overview, Severity, Step, TraceRecord};
use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Width where it is not known.
const WIDTH: usize = 80;
/// Columns of a request beside its path and its application: time, status, method, duration, and what is between.
const FIXED: usize = 8 + 2 + 4 + 2 + 7 + 1 + 2 + 8 + 2;
/// The shortest a path is cut to.
const PATH: usize = 16;
/// Characters of a request id that tell it from its neighbours.
const ID: usize = 8;

/// Shows one event; what is wrong, and what somebody waits for, even when quiet.
pub(super) fn show(printer: &Printer, event: &Event, overview: &Overview) {
    match event {
        Event::Request(record) => {
            printer.progress(request(record, overview, width()));
            record.steps.iter().for_each(|part| printer.detail(step(part)));
        }
        Event::Log { resource, request_id, line } => {
            let id: String = request_id.chars().take(ID).collect();
            let line = structured::readable(line).map_or(Cow::Borrowed(line.as_str()), Cow::Owned);
            let (function, line) = (shown(&resource.logical_id), shown(&line));
            printer.progress(format!("{}  log   {function} {FAINT}{id:ID$}{FAINT:#} {line}", now()));
        }
        Event::Mail(mail) => printer.result(letter(mail)),
        Event::Notice { severity, resource, message, hint, .. } => {
            let place =
                resource.as_ref().map(|id| format!("{}: ", shown(&id.to_string()))).unwrap_or_default();
            let text = format!("{}  {}  {place}{}{}", now(), mark(*severity), shown(message), advice(hint));
            if *severity == Severity::Info { printer.progress(text) } else { printer.problem(text) }
        }
    }
}

/// `16:22:28  200   GET     /api/logs                   12.3 ms  captains-log`
fn request(record: &TraceRecord, overview: &Overview, width: Option<usize>) -> String {
    let (method, path) = record.request.split_once(' ').unwrap_or((&record.request, ""));
    let app = app_at(overview, &record.front).unwrap_or_default();
    let apps = overview.apps.iter().map(|app| app.name.chars().count()).max().unwrap_or_default();
    let room = width.unwrap_or(WIDTH).saturating_sub(FIXED + apps).max(PATH);
    let path = shown(path);
    // Where nobody knows the width, nothing is to be lost.
    let path = if width.is_some() { cut(&path, room) } else { path.into_owned() };
    let style = status_style(record.status);
    let line = format!(
        "{}  {style}{:<4}{style:#}  {:7} {path:room$}  {:>8}  {}",
        clock(record.at),
        record.status,
        shown(method),
        milliseconds(record.took),
        shown(app),
    );
    line.trim_end().to_owned()
}

/// One step of a request, below its line.
fn step(step: &Step) -> String {
    let layer = format!("{:?}", step.layer).to_lowercase();
    let resource = step.resource.as_ref().map(|id| format!(" {}", shown(&id.logical_id))).unwrap_or_default();
    format!(
        "{FAINT}{:16}{:indent$}{layer}{resource} {} {} {}{FAINT:#}",
        "",
        "",
        shown(&step.what),
        shown(&step.outcome),
        milliseconds(step.took),
        indent = 2 * step.depth.min(10),
    )
}

fn letter(mail: &Mail) -> String {
    let code = mail.code.as_ref().map(|code| format!("  code {HEADING}{}{HEADING:#}", shown(code)));
    let what = if mail.subject.is_empty() { &mail.body } else { &mail.subject };
    format!("{}  mail  to {}: {}{}", clock(mail.at), shown(&mail.to), shown(what), code.unwrap_or_default())
}

fn mark(severity: Severity) -> String {
    match severity {
        Severity::Info => "info".to_owned(),
        Severity::Warning => format!("{WARNING}warn{WARNING:#}"),
        Severity::Error => format!("{ERROR}fail{ERROR:#}"),
    }
}

fn advice(hint: &str) -> String {
    if hint.is_empty() { String::new() } else { format!("\n{:16}{HINT}hint{HINT:#}: {}", "", shown(hint)) }
}

fn status_style(status: u16) -> Style {
    match status {
        500.. => ERROR,
        400..500 => WARNING,
        _ => Style::new(),
    }
}

/// The text with its middle left out when it is longer than `room`: both ends tell.
fn cut(text: &str, room: usize) -> String {
    let length = text.chars().count();
    if length <= room {
        return text.to_owned();
    }
    let head = room / 2;
    let tail = room - head - 1;
    let start: String = text.chars().take(head).collect();
    start + "…" + &text.chars().skip(length - tail).collect::<String>()
}

fn milliseconds(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    if ms < 100.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}

/// The time of day in UTC.
fn clock(at: u64) -> String {
    let seconds = at / 1000;
    format!("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60)
}

fn now() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    clock(u64::try_from(now.as_millis()).unwrap_or_default())
}

/// Columns of the terminal that progress goes to.
fn width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stderr()).map(|(width, _)| usize::from(width.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_local::AppOverview;

    fn line(path: &str, width: Option<usize>) -> String {
        let url = ("SiteUrl".to_owned(), "http://127.0.0.1:4001/".to_owned());
        let app = AppOverview { stack: "todo-dev".to_owned(), name: "todo".to_owned(), urls: vec![url] };
        let overview = Overview { apps: vec![app], ..Overview::default() };
        let record = TraceRecord {
            number: 1,
            at: 1_000_000,
            request: format!("GET {path}"),
            front: "http://127.0.0.1:4001".to_owned(),
            status: 200,
            took: Duration::from_micros(1234),
            steps: Vec::new(),
        };
        anstream::adapter::strip_str(&request(&record, &overview, width)).to_string()
    }

    #[test]
    fn a_request_fits_the_terminal() {
        let short = line("/api/items", Some(80));
        assert_eq!(short, "00:16:40  200   GET     /api/items                                  1.2 ms  todo");
        let long = format!("/{}", "x".repeat(200));
        for width in [80, 120] {
            assert_eq!(line(&long, Some(width)).chars().count(), width);
        }
        assert!(line(&long, None).contains(&long), "a file loses nothing");
    }

    #[test]
    fn durations_are_short() {
        assert_eq!(milliseconds(Duration::from_micros(250)), "0.2 ms");
        assert_eq!(milliseconds(Duration::from_millis(1500)), "1500 ms");
    }
}
