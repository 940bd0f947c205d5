//! What happens while the application runs, for the terminal and the console.

use crate::{Clock, ResourceId, TraceRecord};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::broadcast;

/// Requests and messages kept for whoever looks later.
const KEPT: usize = 500;

/// How much attention an event deserves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Info,
    /// Something was refused, or is done differently here.
    Warning,
    /// Something in the application failed.
    Error,
}

/// A message to a user of the application, which nobody sends here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Counts up from 1.
    pub number: u64,
    /// When, milliseconds since 1970.
    pub at: u64,
    /// Address or telephone number.
    pub to: String,
    /// Subject; empty for a text message.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The code that the text tells, for tests and for copying.
    pub code: Option<String>,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A request was answered.
    Request(Arc<TraceRecord>),
    /// A line that a function logged.
    Log {
        /// The function.
        resource: ResourceId,
        /// The request id of Lambda; empty before the first call.
        request_id: String,
        /// Without its end of line.
        line: String,
    },
    /// A message that would have been sent.
    Mail(Mail),
    /// Anything else worth a line.
    Notice {
        /// When, milliseconds since 1970.
        at: u64,
        /// How bad.
        severity: Severity,
        /// Where, when it is about a resource.
        resource: Option<ResourceId>,
        /// What happened.
        message: String,
        /// What to do about it; empty when there is nothing.
        hint: String,
    },
}

#[derive(Debug)]
struct Inner {
    clock: Clock,
    sender: broadcast::Sender<Event>,
    requests: Mutex<VecDeque<Arc<TraceRecord>>>,
    mail: Mutex<(u64, VecDeque<Mail>)>,
    notices: Mutex<VecDeque<Event>>,
}

/// Collects events, keeps the latest, and passes them on. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Journal(Arc<Inner>);

impl Journal {
    /// An empty journal.
    pub fn new(clock: Clock) -> Self {
        let (sender, _) = broadcast::channel(1024);
        Self(Arc::new(Inner {
            clock,
            sender,
            requests: Mutex::default(),
            mail: Mutex::default(),
            notices: Mutex::default(),
        }))
    }

    /// Events from now on; one who is too slow misses some.
    pub fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.0.sender.subscribe()
    }

    /// Records an answered request.
    pub fn request(&self, record: TraceRecord) {
        let record = Arc::new(record);
        keep(&self.0.requests, record.clone());
        self.send(Event::Request(record));
    }

    /// Passes on a line that a function logged; [`Logs`](crate::Logs) keeps it.
    pub fn log(&self, resource: &ResourceId, request_id: &str, line: &str) {
        if self.0.sender.receiver_count() == 0 {
            return;
        }
        let (resource, request_id, line) = (resource.clone(), request_id.to_owned(), line.to_owned());
        self.send(Event::Log { resource, request_id, line });
    }

    /// Puts a message into the inbox.
    pub fn mail(&self, to: &str, subject: &str, body: &str, code: Option<&str>) {
        let mail = {
            let mut inbox = self.0.mail.lock().unwrap_or_else(PoisonError::into_inner);
            inbox.0 += 1;
            let mail = Mail {
                number: inbox.0,
                at: self.0.clock.millis(),
                to: to.to_owned(),
                subject: subject.to_owned(),
                body: body.to_owned(),
                code: code.map(str::to_owned),
            };
            inbox.1.push_back(mail.clone());
            if inbox.1.len() > KEPT {
                inbox.1.pop_front();
            }
            mail
        };
        self.send(Event::Mail(mail));
    }

    /// Says something.
    pub fn notice(&self, severity: Severity, resource: Option<&ResourceId>, message: &str, hint: &str) {
        let event = Event::Notice {
            at: self.0.clock.millis(),
            severity,
            resource: resource.cloned(),
            message: message.to_owned(),
            hint: hint.to_owned(),
        };
        keep(&self.0.notices, event.clone());
        self.send(event);
    }

    /// The latest requests, oldest first.
    pub fn requests(&self) -> Vec<Arc<TraceRecord>> {
        self.0.requests.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// The inbox, oldest first.
    pub fn inbox(&self) -> Vec<Mail> {
        self.0.mail.lock().unwrap_or_else(PoisonError::into_inner).1.iter().cloned().collect()
    }

    /// The latest notices, oldest first.
    pub fn notices(&self) -> Vec<Event> {
        self.0.notices.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn send(&self, event: Event) {
        // Nobody listening is no error.
        let _ = self.0.sender.send(event);
    }
}

fn keep<T>(kept: &Mutex<VecDeque<T>>, new: T) {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.push_back(new);
    if kept.len() > KEPT {
        kept.pop_front();
    }
}
