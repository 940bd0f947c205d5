//! `PutLogEvents`.

use super::input::Input;
use super::{LogsApi, Outcome, invalid, no_stream};
use serde_json::{Value, json};
use stack_builder_local_core::{ApiCall, ApiError};

const MOST_EVENTS: usize = 10_000;
/// Bytes of a batch, at most; each event counts 26 more than its message has.
const LARGEST_BATCH: usize = 1_048_576;
const EACH: usize = 26;
const OLDEST: u64 = 14 * 86_400_000;
const NEWEST: u64 = 2 * 3_600_000;

impl LogsApi {
    pub(super) fn put_events(&self, call: &ApiCall, input: &Input) -> Outcome {
        let (group, stream) = (input.needed("logGroupName")?, input.needed("logStreamName")?);
        self.permitted(call, "PutLogEvents", group, stream)?;
        let events = events(input)?;
        if !self.has_stream(group, stream)? {
            return Err(no_stream());
        }
        let now = self.world().clock.millis();
        // They are in order, so what is too old stands in front and what is too new at the end.
        let old = events.partition_point(|(at, _)| *at < now.saturating_sub(OLDEST));
        let new = events.partition_point(|(at, _)| *at <= now + NEWEST);
        for (at, message) in &events[old..new] {
            self.world().logs.write(group, stream, *at, message);
        }
        let mut rejected = json!({});
        if old > 0 {
            rejected["tooOldLogEventEndIndex"] = json!(old);
        }
        if new < events.len() {
            rejected["tooNewLogEventStartIndex"] = json!(new);
        }
        let token = format!("{now:056}");
        Ok(match rejected.as_object() {
            Some(none) if none.is_empty() => json!({ "nextSequenceToken": token }),
            _ => json!({ "nextSequenceToken": token, "rejectedLogEventsInfo": rejected }),
        })
    }
}

fn events(input: &Input) -> Result<Vec<(u64, &str)>, ApiError> {
    let event = |event: &'_ Value| event["timestamp"].as_u64().zip(event["message"].as_str().map(str::len));
    let list = input.member("logEvents").and_then(Value::as_array);
    let list = list
        .filter(|list| (1..=MOST_EVENTS).contains(&list.len()) && list.iter().all(|e| event(e).is_some()));
    let list = list.ok_or_else(|| {
        invalid(format!("logEvents must be 1 to {MOST_EVENTS} events, each with timestamp and message."))
    })?;
    let events: Vec<_> = list
        .iter()
        .filter_map(|event| Some((event["timestamp"].as_u64()?, event["message"].as_str()?)))
        .collect();
    if events.iter().any(|(_, message)| message.is_empty()) {
        return Err(invalid("Log event message must not be empty."));
    }
    if events.iter().map(|(_, message)| message.len() + EACH).sum::<usize>() > LARGEST_BATCH {
        return Err(invalid(format!("Upload too large: more than the limit of {LARGEST_BATCH} bytes.")));
    }
    if !events.is_sorted_by_key(|(at, _)| at) {
        return Err(invalid("Log events in a single PutLogEvents request must be in chronological order."));
    }
    Ok(events)
}
