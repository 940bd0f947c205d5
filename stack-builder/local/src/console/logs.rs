//! What functions log, by group or by request.

use super::Console;
use super::asked::{Asked, Refused, Shown, clipped};
use serde_json::{Value, json};
use stack_builder_local_core::{LogEvent, ResourceId};
use std::collections::BTreeMap;

/// What is shown of a line.
const LONGEST: usize = 64 * 1024;
/// Lines that are shown of one call.
const MOST: usize = 1000;

impl Console {
    pub(super) fn log_groups(&self) -> Value {
        let functions = self.stores.functions.functions().into_iter();
        let owners: BTreeMap<String, ResourceId> = functions.map(|f| (f.log_group, f.resource)).collect();
        let logs = &self.stores.world.logs;
        let group = |name: &String| {
            let streams = logs.streams(name).unwrap_or_default();
            json!({
                "name": name,
                "bytes": logs.bytes(name),
                "streams": streams.len(),
                "last": streams.iter().map(|stream| stream.last).max(),
                "function": owners.get(name).map(ToString::to_string),
            })
        };
        logs.groups().iter().map(group).collect()
    }

    /// The latest lines of a group, oldest first: those numbered `from` and later that have `filter` in them.
    pub(super) fn log(&self, asked: &Asked) -> Shown {
        let (group, from, limit) = (asked.required("group")?, asked.number("from")?, asked.limit(300, 1000)?);
        let filter = asked.text("filter").to_lowercase();
        let wanted = |event: &LogEvent| filter.is_empty() || event.message.to_lowercase().contains(&filter);
        let lines = match asked.text("request") {
            "" => self.stores.world.logs.read(group, from, usize::MAX, wanted),
            request => self.call(group, request),
        };
        let lines = lines.ok_or_else(|| Refused(404, "there is no such log group".to_owned()))?;
        let next = lines.last().map_or(from, |event| event.number + 1);
        let shown = &lines[lines.len().saturating_sub(limit)..];
        Ok(json!({ "next": next, "lines": shown.iter().map(line).collect::<Vec<_>>() }))
    }

    /// The lines of one call, by Lambda's request id.
    pub(super) fn lines_of_request(&self, group: &str, request_id: &str) -> Option<Value> {
        let lines = self.call(group, request_id)?;
        Some(lines.iter().take(MOST).map(line).collect())
    }

    fn call(&self, group: &str, request_id: &str) -> Option<Vec<LogEvent>> {
        let all = self.stores.world.logs.read(group, 0, usize::MAX, |_| true)?;
        Some(between_mentions(all, request_id))
    }
}

/// An environment does one call after the other, so that everything between the first and the last line of a stream
/// that tells the request id belongs to it, also what a handler prints without one.
fn between_mentions(all: Vec<LogEvent>, request_id: &str) -> Vec<LogEvent> {
    let mut mentions = all.iter().filter(|event| event.message.contains(request_id));
    let Some(first) = mentions.next() else { return Vec::new() };
    let (first, stream) = (first.number, first.stream.clone());
    let last = mentions.filter(|event| event.stream == stream).map(|event| event.number).max();
    let range = first..=last.unwrap_or(first);
    all.into_iter().filter(|event| event.stream == stream && range.contains(&event.number)).collect()
}

fn line(event: &LogEvent) -> Value {
    json!({
        "number": event.number,
        "at": event.timestamp,
        "stream": &*event.stream,
        "message": clipped(&event.message, LONGEST),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_the_lines_between_its_first_and_its_last() {
        let lines =
            [("a", "START 1"), ("b", "START 2"), ("a", "said"), ("b", "x"), ("a", "END 1"), ("a", "y")];
        let events = lines.iter().enumerate().map(|(at, (stream, message))| LogEvent {
            number: at as u64,
            stream: (*stream).into(),
            timestamp: 0,
            message: (*message).to_owned(),
        });
        let found = between_mentions(events.clone().collect(), "1");
        assert_eq!(
            found.iter().map(|e| e.message.as_str()).collect::<Vec<_>>(),
            ["START 1", "said", "END 1"]
        );
        assert_eq!(between_mentions(events.collect(), "nobody"), []);
    }
}
