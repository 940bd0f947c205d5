//! The state of one environment: where its runtime is, and the call that it has.

use crate::answers::{Refusal, Stage};
use bytes::Bytes;
use stack_builder_local_core::{Span, Trace};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A call on its way to a handler.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) request_id: String,
    pub(crate) payload: Bytes,
    pub(crate) trace: Trace,
    pub(crate) trace_id: String,
    /// The ARN that was called, with the qualifier.
    pub(crate) arn: String,
    pub(crate) reply: oneshot::Sender<Outcome>,
    /// Who wants the end of the log.
    pub(crate) tail: Option<oneshot::Sender<String>>,
}

/// How a call ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// With the handler's answer.
    Answer(Bytes),
    /// With an error's document.
    Error(Bytes),
    /// It never reached the handler; another environment can have it.
    Undelivered,
}

/// A call that the handler has.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) work: Work,
    pub(crate) since: Instant,
    pub(crate) span: Span,
}

/// The state.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    pub(crate) stage: Stage,
    /// A call that the runtime has not fetched.
    pub(crate) work: Option<Work>,
    /// A call that it has not answered.
    pub(crate) running: Option<Running>,
    /// How often the runtime has asked for an event.
    pub(crate) asked: u64,
    /// Whether it is in the list of idle ones, or about to be put there.
    pub(crate) listed: bool,
    /// How long it took to start; told with the first call.
    pub(crate) init: Option<Duration>,
    /// Bytes of memory that it has used at most.
    pub(crate) peak: Option<u64>,
    /// Whether its thirst for memory has been told.
    pub(crate) told: bool,
}

/// What to do about a call that takes long.
#[derive(Debug)]
pub(crate) enum Overdue {
    /// Wait on.
    Until(Instant),
    /// Its time is over.
    Expired(Box<Running>),
    /// The runtime does not fetch it; it is taken back.
    Withdrawn(Box<Work>),
}

impl Slot {
    /// Takes a call; `false` when the process has ended.
    pub(crate) fn assign(&mut self, work: Work) -> bool {
        let free = !matches!(self.stage, Stage::Exited | Stage::InitError) && self.work.is_none();
        if free {
            self.listed = false;
            self.work = Some(work);
        }
        free
    }

    /// The runtime asks for an event.
    pub(crate) fn ready(&mut self) -> Result<(), Refusal> {
        match self.stage {
            Stage::Started | Stage::Ready | Stage::ResponseSent => {
                self.stage = Stage::Ready;
                self.asked += 1;
                Ok(())
            }
            other => Err(Refusal::Transition(other, "Ready")),
        }
    }

    /// Whether the runtime has answered and not asked for an event since it had asked so often. One that has just
    /// answered a later call is well.
    pub(crate) fn is_mute(&self, asked: u64) -> bool {
        self.stage == Stage::ResponseSent && self.asked == asked
    }

    /// Whether the runtime may answer this request now.
    pub(crate) fn may_answer(&self, request_id: &str, with: &'static str) -> Result<(), Refusal> {
        match &self.running {
            Some(running) if running.work.request_id == request_id => Ok(()),
            Some(_) => Err(Refusal::RequestId),
            None => Err(Refusal::Transition(self.stage, with)),
        }
    }

    /// The call is answered, if it still is the one that the runtime has.
    pub(crate) fn answer(&mut self, request_id: &str) -> Option<Running> {
        self.running.take_if(|running| running.work.request_id == request_id).inspect(|_| {
            self.stage = Stage::ResponseSent;
        })
    }

    /// What to do about a call for which somebody has waited for a while.
    pub(crate) fn overdue(&mut self, request_id: &str, timeout: Duration, now: Instant) -> Overdue {
        if let Some(work) = self.work.take_if(|work| work.request_id == request_id) {
            return Overdue::Withdrawn(Box::new(work));
        }
        let expired =
            |running: &mut Running| running.work.request_id == request_id && running.since + timeout <= now;
        if let Some(running) = self.running.take_if(expired) {
            self.stage = Stage::Exited;
            return Overdue::Expired(Box::new(running));
        }
        // Answered in this moment, when it is no more the running one.
        Overdue::Until(
            self.running.as_ref().map_or(now + Duration::from_secs(1), |running| running.since + timeout),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(request_id: &str) -> Work {
        let (reply, _) = oneshot::channel();
        let (trace, trace_id, arn) = (Trace::default(), String::new(), String::new());
        Work {
            request_id: request_id.to_owned(),
            payload: Bytes::new(),
            trace,
            trace_id,
            arn,
            reply,
            tail: None,
        }
    }

    fn fetch(slot: &mut Slot, since: Instant) {
        let work = slot.work.take().expect("work");
        slot.stage = Stage::Running;
        slot.running = Some(Running {
            work,
            since,
            span: Trace::default().step(stack_builder_local_core::Layer::Function, None, ""),
        });
    }

    #[test]
    fn a_request_is_answered_once_and_by_its_own_id() {
        let mut slot = Slot::default();
        slot.ready().unwrap();
        assert!(slot.assign(work("a")));
        assert!(!slot.assign(work("b")));
        fetch(&mut slot, Instant::now());
        assert_eq!(slot.ready(), Err(Refusal::Transition(Stage::Running, "Ready")));
        assert_eq!(slot.may_answer("b", "InvocationResponse"), Err(Refusal::RequestId));
        assert_eq!(slot.may_answer("a", "InvocationResponse"), Ok(()));
        assert!(slot.answer("a").is_some());
        assert!(slot.answer("a").is_none());
        let twice = slot.may_answer("a", "InvocationResponse");
        assert_eq!(twice, Err(Refusal::Transition(Stage::ResponseSent, "InvocationResponse")));
    }

    #[test]
    fn a_runtime_is_mute_until_it_asks_again() {
        let mut slot = Slot::default();
        let answer = |slot: &mut Slot, id| {
            slot.ready().unwrap();
            assert!(slot.assign(work(id)));
            fetch(slot, Instant::now());
            assert!(slot.answer(id).is_some());
        };
        answer(&mut slot, "a");
        let asked = slot.asked;
        assert!(slot.is_mute(asked));
        answer(&mut slot, "b");
        assert!(!slot.is_mute(asked), "it answered another call in the meantime");
        assert!(slot.is_mute(slot.asked));
    }

    #[test]
    fn time_counts_from_the_fetching() {
        let (mut slot, timeout, start) = (Slot::default(), Duration::from_secs(3), Instant::now());
        assert!(slot.assign(work("a")));
        fetch(&mut slot, start);
        assert!(
            matches!(slot.overdue("a", timeout, start), Overdue::Until(until) if until == start + timeout)
        );
        assert!(matches!(slot.overdue("a", timeout, start + timeout), Overdue::Expired(_)));
        assert!(!slot.assign(work("b")));
        let mut slot = Slot::default();
        assert!(slot.assign(work("a")));
        assert!(matches!(slot.overdue("a", timeout, start), Overdue::Withdrawn(_)));
    }
}
