//! What functions log, by group and stream, as CloudWatch Logs has it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of messages kept of one group; the oldest go first.
const MOST_BYTES: usize = 1 << 20;
/// Streams kept of one group.
const MOST_STREAMS: usize = 200;
/// A longer message is cut, as CloudWatch Logs cuts it (256 KB).
const LONGEST: usize = 256 * 1024;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEvent {
    /// Counts up within the group.
    pub number: u64,
    /// The stream it is in.
    pub stream: Arc<str>,
    /// Milliseconds since 1970.
    pub timestamp: u64,
    /// The text.
    pub message: String,
}

/// One stream of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogStream {
    /// Its name.
    pub name: String,
    /// Milliseconds since 1970.
    pub created: u64,
    /// Timestamp of its last line.
    pub last: u64,
}

/// One group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogGroup {
    events: VecDeque<LogEvent>,
    streams: BTreeMap<Arc<str>, (u64, u64)>,
    bytes: usize,
    next: u64,
}

/// All groups, in memory. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Logs(Arc<Mutex<BTreeMap<String, LogGroup>>>);

impl Logs {
    /// Makes a group, if it is not there.
    pub fn create(&self, group: &str) {
        self.with(|groups| {
            groups.entry(group.to_owned()).or_default();
        });
    }

    /// Removes a group; `false` when there was none.
    pub fn delete(&self, group: &str) -> bool {
        self.with(|groups| groups.remove(group).is_some())
    }

    /// Makes a stream, and its group if need be; `false` when the stream is there already.
    pub fn create_stream(&self, group: &str, stream: &str, now: u64) -> bool {
        self.with(|groups| {
            let group = groups.entry(group.to_owned()).or_default();
            let new = !group.streams.contains_key(stream);
            if new {
                group.stream(stream, now);
            }
            new
        })
    }

    /// Removes a stream with its lines; `false` when there was none.
    pub fn delete_stream(&self, group: &str, stream: &str) -> bool {
        self.with(|groups| groups.get_mut(group).is_some_and(|group| group.delete_stream(stream)))
    }

    /// Bytes of messages kept of a group; 0 when there is no such group.
    pub fn bytes(&self, group: &str) -> usize {
        self.with(|groups| groups.get(group).map_or(0, |group| group.bytes))
    }

    /// Names of the groups.
    pub fn groups(&self) -> Vec<String> {
        self.with(|groups| groups.keys().cloned().collect())
    }

    /// Adds a line; makes group and stream if need be.
    pub fn write(&self, group: &str, stream: &str, timestamp: u64, message: &str) {
        self.with(|groups| {
            if !groups.contains_key(group) {
                groups.insert(group.to_owned(), LogGroup::default());
            }
            if let Some(group) = groups.get_mut(group) {
                group.write(stream, timestamp, message);
            }
        });
    }

    /// Streams of a group; `None` when there is no such group.
    pub fn streams(&self, group: &str) -> Option<Vec<LogStream>> {
        let stream = |(name, (created, last)): (&Arc<str>, &(u64, u64))| LogStream {
            name: name.to_string(),
            created: *created,
            last: *last,
        };
        self.with(|groups| Some(groups.get(group)?.streams.iter().map(stream).collect()))
    }

    /// Lines of a group that `wanted` takes, oldest first, those numbered `from` and later; `None` when there is no
    /// such group.
    pub fn read(
        &self,
        group: &str,
        from: u64,
        limit: usize,
        wanted: impl Fn(&LogEvent) -> bool,
    ) -> Option<Vec<LogEvent>> {
        self.with(|groups| {
            let events = groups.get(group)?.events.iter();
            let later = events.skip_while(|event| event.number < from);
            Some(later.filter(|event| wanted(event)).take(limit).cloned().collect())
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<String, LogGroup>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl LogGroup {
    fn write(&mut self, stream: &str, timestamp: u64, message: &str) {
        let stream = self.stream(stream, timestamp);
        let message = &message[..message.floor_char_boundary(LONGEST)];
        self.bytes += message.len();
        let number = self.next;
        self.next += 1;
        self.events.push_back(LogEvent { number, stream, timestamp, message: message.to_owned() });
        while self.bytes > MOST_BYTES {
            let Some(oldest) = self.events.pop_front() else { break };
            self.bytes -= oldest.message.len();
        }
    }

    fn delete_stream(&mut self, name: &str) -> bool {
        let there = self.streams.remove(name).is_some();
        if there {
            self.events.retain(|event| &*event.stream != name);
            self.bytes = self.events.iter().map(|event| event.message.len()).sum();
        }
        there
    }

    fn stream(&mut self, name: &str, now: u64) -> Arc<str> {
        if let Some((known, (_, last))) = self.streams.get_key_value(name).map(|(k, v)| (k.clone(), *v)) {
            self.streams.insert(known.clone(), (self.streams[&known].0, last.max(now)));
            return known;
        }
        if self.streams.len() >= MOST_STREAMS {
            let oldest = self.streams.iter().min_by_key(|(_, (_, last))| *last).map(|(name, _)| name.clone());
            oldest.map(|oldest| self.streams.remove(&oldest));
        }
        let name: Arc<str> = name.into();
        self.streams.insert(name.clone(), (now, now));
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_come_and_go() {
        let logs = Logs::default();
        assert!(logs.create_stream("g", "s", 1));
        assert!(!logs.create_stream("g", "s", 2));
        logs.write("g", "s", 3, "four");
        logs.write("g", "t", 4, "five!");
        assert_eq!(logs.bytes("g"), 9);
        assert!(logs.delete_stream("g", "s"));
        assert!(!logs.delete_stream("g", "s"));
        assert_eq!(logs.bytes("g"), 5);
        assert_eq!(logs.read("g", 0, 9, |_| true).map(|events| events.len()), Some(1));
    }

    #[test]
    fn a_flood_drops_the_oldest() {
        let logs = Logs::default();
        let line = "x".repeat(1000);
        (0..5000).for_each(|at| logs.write("g", &format!("s{}", at % 300), at, &line));
        let kept = logs.read("g", 0, usize::MAX, |_| true).expect("the group");
        assert!(kept.len() * 1000 <= MOST_BYTES, "{}", kept.len());
        assert_eq!(kept.last().map(|event| event.number), Some(4999));
        assert_eq!(logs.streams("g").expect("the group").len(), MOST_STREAMS);
        assert_eq!(logs.read("nowhere", 0, 1, |_| true), None);
    }
}
