//! What a runtime asks of its environment: the next event, and to take an answer.

use super::{End, Environment, GRACE};
use crate::answers::{self, Refusal, Reply, Stage};
use crate::failure::Failure;
use crate::output::Mark;
use crate::slot::{Outcome, Running};
use crate::{HANDLER_STEP, process, runtime_api};
use bytes::Bytes;
use serde_json::Value;
use stack_builder_local_core::{Layer, Trace};
use std::sync::Arc;
use std::time::Instant;

impl Environment {
    /// The runtime asks for an event, and gets one as soon as there is one.
    pub(crate) async fn next(self: &Arc<Self>) -> Result<Reply, Refusal> {
        self.ready()?;
        loop {
            if let Some(event) = self.deliver() {
                return Ok(event);
            }
            self.wake.notified().await;
        }
    }

    fn ready(self: &Arc<Self>) -> Result<(), Refusal> {
        let mut slot = self.slot();
        let first = slot.stage == Stage::Started;
        slot.ready()?;
        if first {
            slot.init = Some(self.began.elapsed());
            slot.peak = process::peak_memory(self.leader);
        }
        let idle = slot.work.is_none() && !slot.listed;
        slot.listed |= idle;
        drop(slot);
        if first {
            self.function.started();
        }
        if idle {
            self.credentials.work_for(Trace::default());
            self.function.idle(self.clone());
        }
        Ok(())
    }

    fn deliver(&self) -> Option<Reply> {
        let definition = &self.setup.definition;
        let deadline =
            self.world.clock.millis() + u64::try_from(definition.timeout.as_millis()).unwrap_or(u64::MAX / 2);
        let mut slot = self.slot();
        let work = slot.work.take()?;
        let event = runtime_api::event(&work, deadline);
        self.credentials.work_for(work.trace.clone());
        let (request_id, tail) = (work.request_id.clone(), work.tail.is_some());
        let span = work.trace.step(Layer::Function, Some(&definition.id), HANDLER_STEP);
        let span = span.logged_as(&request_id);
        slot.stage = Stage::Running;
        slot.running = Some(Running { work, since: Instant::now(), span });
        drop(slot);
        self.mark(Mark::Start { request_id, tail });
        Some(event)
    }

    /// Whether the runtime may answer this request now, with a `response` or an `error`.
    pub(crate) fn may_answer(&self, request_id: &str, with: &'static str) -> Result<(), Refusal> {
        self.slot().may_answer(request_id, with)
    }

    /// The runtime has answered; `at` is when it began to.
    pub(crate) fn answered(
        self: &Arc<Self>,
        request_id: &str,
        outcome: Outcome,
        at: Instant,
    ) -> Result<Reply, Refusal> {
        let running = self
            .slot()
            .answer(request_id)
            .ok_or(Refusal::Transition(Stage::ResponseSent, "InvocationResponse"))?;
        self.available();
        self.complete(running, outcome, None, at);
        Ok(answers::accepted())
    }

    /// The answer was too large to be read.
    pub(crate) fn answered_too_much(self: &Arc<Self>, request_id: &str, size: usize, at: Instant) -> Refusal {
        let failure = Failure::too_large(size, answers::LARGEST);
        let running = self.slot().answer(request_id);
        if let Some(running) = running {
            self.available();
            let document = Outcome::Error(failure.document());
            self.complete(running, document, Some(failure), at);
        }
        Refusal::TooLarge
    }

    /// The runtime cannot start.
    pub(crate) fn init_error(&self, document: Bytes) -> Result<Reply, Refusal> {
        let mut slot = self.slot();
        if slot.stage != Stage::Started {
            return Err(Refusal::Transition(slot.stage, "InitError"));
        }
        slot.stage = Stage::InitError;
        let work = slot.work.take();
        drop(slot);
        if let Some(work) = work {
            let parsed: Value = serde_json::from_slice(&document).unwrap_or_default();
            let message = parsed["errorMessage"].as_str().unwrap_or("the function cannot start").to_owned();
            let document = if parsed.is_object() { Some(document) } else { None };
            self.fail_start(work, Failure { kind: "Runtime.InitError", message }, document);
        }
        let end = self.end.clone();
        tokio::spawn(async move {
            tokio::time::sleep(GRACE).await;
            end.send_replace(End::Politely);
        });
        Ok(answers::accepted())
    }

    /// Puts it among the idle ones already when it answers: its runtime asks for the next event in no time.
    fn available(self: &Arc<Self>) {
        self.slot().listed = true;
        self.function.idle(self.clone());
    }
}
