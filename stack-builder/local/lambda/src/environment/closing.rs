//! The end of a call: its answer first, then what only the logs need.

use super::Environment;
use crate::failure::Failure;
use crate::output::Mark;
use crate::process;
use crate::report::Report;
use crate::slot::{Outcome, Running, Work};
use bytes::Bytes;
use stack_builder_local_core::Severity;
use std::time::{Duration, Instant};

impl Environment {
    /// Ends a call: its caller is answered first, then comes what only the logs need.
    pub(crate) fn complete(&self, running: Running, outcome: Outcome, failure: Option<Failure>, at: Instant) {
        let Running { work, since, span } = running;
        span.end(match &outcome {
            Outcome::Answer(_) => "ok",
            Outcome::Error(_) => "error",
            Outcome::Undelivered => "",
        });
        let _ = work.reply.send(outcome);
        let init = self.measure();
        let duration = at.saturating_duration_since(since);
        let report = self.report(&work.request_id, duration, init, failure);
        self.mark(Mark::End { report, tail: work.tail });
    }

    /// Looks at the memory; returns how long the start took, once.
    fn measure(&self) -> Option<Duration> {
        let peak = process::peak_memory(self.leader);
        let mut slot = self.slot();
        slot.peak = peak.or(slot.peak);
        let limit = u64::from(self.setup.definition.memory) << 20;
        let too_much = slot.peak.filter(|peak| *peak > limit && !slot.told);
        slot.told |= too_much.is_some();
        let init = slot.init.take();
        drop(slot);
        if let Some(peak) = too_much {
            self.tell_memory(peak);
        }
        init
    }

    fn tell_memory(&self, peak: u64) {
        let definition = &self.setup.definition;
        let message = format!("`{}` used {} MB of its {} MB", definition.name, peak >> 20, definition.memory);
        let hint = "Lambda would have ended it: give it a larger `MemorySize`";
        self.world.journal.notice(Severity::Warning, Some(&definition.id), &message, hint);
    }

    fn report(
        &self,
        request_id: &str,
        duration: Duration,
        init: Option<Duration>,
        failure: Option<Failure>,
    ) -> Report {
        let memory = self.setup.definition.memory;
        Report { request_id: request_id.to_owned(), duration, init, memory, peak: self.peak(), failure }
    }

    /// A call whose environment did not come up.
    pub(crate) fn fail_start(&self, work: Work, failure: Failure, document: Option<Bytes>) {
        self.mark(Mark::Start { request_id: work.request_id.clone(), tail: work.tail.is_some() });
        let report =
            self.report(&work.request_id, Duration::ZERO, Some(self.began.elapsed()), Some(failure.clone()));
        let _ = work.reply.send(Outcome::Error(document.unwrap_or_else(|| failure.document())));
        self.mark(Mark::End { report, tail: work.tail });
    }
}
