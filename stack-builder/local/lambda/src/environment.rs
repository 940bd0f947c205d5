//! An execution environment: one process, the Runtime API that it alone talks to, and the call that it has.

use crate::answers::{self, Refusal, Reply, Stage};
use crate::code::Program;
use crate::failure::Failure;
use crate::function::{Function, Setup};
use crate::host::Host;
use crate::output::{Mark, Output};
use crate::process::{self, Process};
use crate::report::Report;
use crate::slot::{Outcome, Overdue, Running, Slot, Work};
use crate::variables::{Surroundings, variables};
use crate::{HANDLER_STEP, ids, runtime_api, timestamp};
use bytes::Bytes;
use serde_json::Value;
use stack_builder_local_core::{Credentials, Layer, Principal, Severity, Trace, World};
use std::io;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::net::unix::pipe::Receiver;
use tokio::sync::{Notify, OwnedSemaphorePermit, mpsc, watch};

/// Between a polite request to end and the end.
const GRACE: Duration = Duration::from_millis(500);
/// For an answer that was sent just before the process ended.
const LAST_WORDS: Duration = Duration::from_millis(20);

/// Whether, and how, an environment is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It lives.
    No,
    /// `SIGTERM` first.
    Politely,
    /// `SIGKILL`.
    Now,
}

/// An environment.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) setup: Arc<Setup>,
    pub(crate) version: Arc<str>,
    pub(crate) credentials: Credentials,
    world: World,
    function: Arc<Function>,
    slot: Mutex<Slot>,
    wake: Notify,
    end: watch::Sender<End>,
    marks: mpsc::UnboundedSender<Mark>,
    began: Instant,
    leader: u32,
}

/// What an environment is made for.
pub(crate) struct Purpose {
    pub(crate) function: Arc<Function>,
    pub(crate) setup: Arc<Setup>,
    pub(crate) program: Program,
    pub(crate) version: Arc<str>,
}

impl Environment {
    /// Starts a process; it has no work yet.
    ///
    /// # Errors
    /// When the program cannot be run.
    pub(crate) async fn start(
        host: &Arc<Host>,
        purpose: Purpose,
        place: OwnedSemaphorePermit,
    ) -> io::Result<Arc<Self>> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let Purpose { function, setup, program, version } = purpose;
        let definition = setup.definition.clone();
        let now = host.world.clock.millis();
        let stream = format!("{}/[{version}]{}", timestamp::day(now), ids::hex::<16>());
        let credentials = ids::credentials(Principal::Role {
            role: definition.role.clone(),
            session: definition.name.as_str().into(),
        });
        let began = Instant::now();
        let surroundings = (stream.as_str(), &credentials, listener.local_addr()?.to_string());
        let (process, pipe) = launch(host, &setup, &program, &version, surroundings)?;
        let (marks, receiver) = mpsc::unbounded_channel();
        let output = Output::new(host.world.clone(), definition, version.clone(), stream);
        tokio::spawn(output.run(pipe, receiver));
        let environment = Arc::new(Self {
            world: host.world.clone(),
            slot: Mutex::default(),
            wake: Notify::new(),
            end: watch::Sender::new(End::No),
            leader: process.group.leader(),
            setup,
            version,
            credentials,
            function,
            marks,
            began,
        });
        host.born(environment.leader, environment.clone());
        tokio::spawn(supervise(host.clone(), environment.clone(), process, listener, place));
        Ok(environment)
    }

    /// Asks it to end.
    pub(crate) fn end(&self, how: End) {
        self.end.send_replace(how);
    }

    /// Gives it a call; `false` when it has ended.
    pub(crate) fn assign(&self, work: Work) -> bool {
        let taken = self.slot().assign(work);
        if taken {
            self.wake.notify_one();
        }
        taken
    }

    /// What to do about a call that was given to it a while ago.
    pub(crate) fn overdue(&self, request_id: &str) -> Overdue {
        self.slot().overdue(request_id, self.setup.definition.timeout, Instant::now())
    }

    /// Whether its runtime has ever asked for an event.
    pub(crate) fn has_started(&self) -> bool {
        self.slot().stage != Stage::Started
    }

    /// Bytes of memory that it has used at most, as far as is known.
    pub(crate) fn peak(&self) -> Option<u64> {
        self.slot().peak
    }

    /// Ends it unless its runtime asks for an event in time.
    pub(crate) async fn expect_ready(self: Arc<Self>) {
        tokio::time::sleep(self.setup.definition.timeout).await;
        if self.slot().stage == Stage::ResponseSent {
            self.end(End::Now);
        }
    }

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

    /// A call whose environment did not come up.
    pub(crate) fn fail_start(&self, work: Work, failure: Failure, document: Option<Bytes>) {
        self.mark(Mark::Start { request_id: work.request_id.clone(), tail: work.tail.is_some() });
        let report =
            self.report(&work.request_id, Duration::ZERO, Some(self.began.elapsed()), Some(failure.clone()));
        let _ = work.reply.send(Outcome::Error(document.unwrap_or_else(|| failure.document())));
        self.mark(Mark::End { report, tail: work.tail });
    }

    /// Puts it among the idle ones already when it answers: its runtime asks for the next event in no time.
    fn available(self: &Arc<Self>) {
        self.slot().listed = true;
        self.function.idle(self.clone());
    }

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

    /// The process has ended: whoever waits for it is told.
    fn exited(&self, status: Option<ExitStatus>) {
        let mut slot = self.slot();
        let before = std::mem::replace(&mut slot.stage, Stage::Exited);
        let (work, running) = (slot.work.take(), slot.running.take());
        drop(slot);
        let unborn = matches!(before, Stage::Started | Stage::InitError);
        if unborn && *self.end.borrow() != End::Politely {
            self.function.failed();
        }
        self.function.forget(self);
        if let Some(running) = running {
            let failure = Failure::exited(&running.work.request_id, status);
            let document = Outcome::Error(failure.document());
            self.complete(running, document, Some(failure), Instant::now());
        }
        match work {
            Some(work) if unborn => {
                let failure = Failure::exited(&work.request_id, status);
                self.fail_start(work, failure, None);
            }
            Some(work) => drop(work.reply.send(Outcome::Undelivered)),
            None => {}
        }
        self.mark(Mark::Close);
    }

    fn mark(&self, mark: Mark) {
        // The reader of the output ends after the process.
        let _ = self.marks.send(mark);
    }

    fn is_running(&self) -> bool {
        self.slot().running.is_some()
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn launch(
    host: &Host,
    setup: &Setup,
    program: &Program,
    version: &str,
    (stream, credentials, runtime_api): (&str, &Credentials, String),
) -> io::Result<(Process, Receiver)> {
    let beside = program.executable.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = program.folder.as_deref().or(beside).unwrap_or(Path::new("."));
    let folder = std::path::absolute(folder)?;
    let surroundings = Surroundings {
        version,
        stream,
        credentials,
        runtime_api: &runtime_api,
        task_root: &folder,
        endpoint: &host.options.endpoint,
        extra: &host.options.environment,
    };
    Process::start(&program.executable, &folder, variables(&setup.definition, &surroundings))
}

/// Waits for the end of a process, and sees to it when it is wanted.
async fn supervise(
    host: Arc<Host>,
    environment: Arc<Environment>,
    mut process: Process,
    listener: TcpListener,
    place: OwnedSemaphorePermit,
) {
    let mut api = std::pin::pin!(runtime_api::serve(listener, environment.clone()));
    let mut end = environment.end.subscribe();
    let status = tokio::select! {
        status = process.wait() => status,
        how = async { end.wait_for(|end| *end != End::No).await.map(|how| *how) } => {
            finish(&mut process, how.unwrap_or(End::Now)).await
        }
        () = &mut api => None,
    };
    process.group.kill();
    if environment.is_running() {
        let _ = tokio::time::timeout(LAST_WORDS, api).await;
    }
    host.dead(environment.leader, &environment);
    environment.exited(status);
    drop(place);
}

async fn finish(process: &mut Process, how: End) -> Option<ExitStatus> {
    if how == End::Politely {
        process.group.terminate();
        if let Ok(status) = tokio::time::timeout(GRACE, process.wait()).await {
            return status;
        }
    }
    process.group.kill();
    process.wait().await
}
