//! `GetLogEvents` and `FilterLogEvents`.

use super::input::Input;
use super::{LogsApi, Outcome, invalid, no_group, no_stream};
use crate::pattern::Pattern;
use serde_json::{Value, json};
use stack_builder_local_core::{ApiCall, ApiError, LogEvent};

const LARGEST_PAGE: usize = 10_000;
/// Streams that one search can name.
const MOST_STREAMS: usize = 100;

impl LogsApi {
    /// A page is always told oldest first. Tokens are `f/` and the number of the next event, or `b/` and the number
    /// behind the last one.
    pub(super) fn get_events(&self, call: &ApiCall, input: &Input) -> Outcome {
        let (group, stream) = (input.group()?, input.needed("logStreamName")?);
        self.permitted(call, "GetLogEvents", group, stream)?;
        if !self.has_stream(group, stream)? {
            return Err(no_stream());
        }
        let limit = input.limit(LARGEST_PAGE)?;
        let (start, end) = (input.number("startTime")?, input.number("endTime")?.unwrap_or(u64::MAX));
        let within = |event: &LogEvent| {
            *event.stream == *stream && event.timestamp >= start.unwrap_or(0) && event.timestamp < end
        };
        let read = |from, most, before: u64| {
            self.world().logs.read(group, from, most, |event| event.number < before && within(event))
        };
        let (forward, backward) = direction(input)?;
        let events = match (forward, backward) {
            (Some(from), _) => read(from, limit, u64::MAX),
            (None, before) => read(0, usize::MAX, before.unwrap_or(u64::MAX)).map(|all| latest(all, limit)),
        };
        let events = events.ok_or_else(no_group)?;
        let asked = forward.or(backward).unwrap_or(0);
        let next = events.last().map_or(asked, |event| event.number + 1);
        let before = events.first().map_or(asked, |event| event.number);
        Ok(json!({
            "events": events.iter().map(told).collect::<Vec<_>>(),
            "nextForwardToken": format!("f/{next}"),
            "nextBackwardToken": format!("b/{before}"),
        }))
    }

    pub(super) fn filter_events(&self, call: &ApiCall, input: &Input) -> Outcome {
        let group = input.group()?;
        self.permitted(call, "FilterLogEvents", group, "")?;
        let pattern = Pattern::parse(input.text("filterPattern")?.unwrap_or_default()).map_err(invalid)?;
        let (streams, prefix) = streams(input)?;
        let (start, end) = (input.number("startTime")?.unwrap_or(0), input.number("endTime")?);
        let wanted = |event: &LogEvent| {
            event.timestamp >= start
                && end.is_none_or(|end| event.timestamp <= end)
                && streams.as_ref().is_none_or(|streams| streams.contains(&&*event.stream))
                && event.stream.starts_with(prefix)
                && pattern.takes(&event.message)
        };
        let (from, limit) = (input.token("")?.unwrap_or(0), input.limit(LARGEST_PAGE)?);
        let mut events = self.world().logs.read(group, from, limit + 1, wanted).ok_or_else(no_group)?;
        let next = (events.len() > limit).then(|| events.pop()).flatten();
        let mut output = json!({
            "events": events.iter().map(found).collect::<Vec<_>>(),
            "searchedLogStreams": [],
        });
        if let Some(next) = next {
            output["nextToken"] = json!(next.number.to_string());
        }
        Ok(output)
    }
}

/// From which number on, or before which; neither for the latest.
fn direction(input: &Input) -> Result<(Option<u64>, Option<u64>), ApiError> {
    match input.text("nextToken")? {
        None if input.flag("startFromHead") => Ok((Some(0), None)),
        None => Ok((None, None)),
        Some(token) if token.starts_with("b/") => Ok((None, input.token("b/")?)),
        Some(_) => Ok((input.token("f/")?, None)),
    }
}

fn latest(mut events: Vec<LogEvent>, limit: usize) -> Vec<LogEvent> {
    events.split_off(events.len().saturating_sub(limit))
}

fn told(event: &LogEvent) -> Value {
    json!({ "timestamp": event.timestamp, "message": event.message, "ingestionTime": event.timestamp })
}

fn found(event: &LogEvent) -> Value {
    json!({
        "logStreamName": &*event.stream,
        "timestamp": event.timestamp,
        "message": event.message,
        "ingestionTime": event.timestamp,
        "eventId": format!("{:056}", event.number),
    })
}

/// The streams to search by name, and the beginning of their names.
fn streams(input: &Input) -> Result<(Option<Vec<&str>>, &str), ApiError> {
    let prefix = input.text("logStreamNamePrefix")?;
    let Some(names) = input.member("logStreamNames") else { return Ok((None, prefix.unwrap_or_default())) };
    if prefix.is_some() {
        return Err(invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters."));
    }
    let names: Option<Vec<_>> = names.as_array().and_then(|list| list.iter().map(Value::as_str).collect());
    match names {
        Some(names) if (1..=MOST_STREAMS).contains(&names.len()) => Ok((Some(names), "")),
        _ => Err(invalid(format!("logStreamNames must be 1 to {MOST_STREAMS} names."))),
    }
}
