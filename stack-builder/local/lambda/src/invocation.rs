//! The way of one call: to a function that the caller may call, into an environment, and back.

use crate::definition::{Definition, LATEST};
use crate::environment::{End, Environment, Purpose};
use crate::failure::Failure;
use crate::function::{Function, Setup};
use crate::functions::{Functions, Inner};
use crate::slot::{Outcome, Overdue, Work};
use crate::{code::Program, ids, name, permission};
use bytes::Bytes;
use stack_builder_local_core::{
    Ask, Caller, Decision, Invocation, InvokeError, Invoker, Layer, Severity, Trace,
};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// The largest payload of a synchronous call.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub(crate) const LARGEST: usize = 6 * 1024 * 1024;
/// How long an environment may take to start.
const STARTING: Duration = Duration::from_secs(10);
/// How long an environment that has just answered may take to ask for the next event before another one is taken.
const FETCHING: Duration = Duration::from_millis(200);
/// Environments that may end under a call before it reaches the handler.
const ATTEMPTS: usize = 3;
/// How long a call waits for an idle environment to make room.
const MAKING_ROOM: Duration = Duration::from_secs(2);

/// A call that is allowed.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) function: Arc<Function>,
    pub(crate) version: Arc<str>,
    /// The ARN that was called.
    pub(crate) arn: String,
    pub(crate) payload: Bytes,
    pub(crate) trace: Trace,
    /// Whether the end of the log is wanted.
    pub(crate) tail: bool,
}

/// A call that has ended.
#[derive(Debug)]
pub(crate) struct Done {
    /// The id of the request, which its log lines have as well.
    pub(crate) request_id: String,
    /// The handler's answer, or the document of an error.
    pub(crate) answer: Result<Bytes, Bytes>,
    /// The end of the log, when it was asked for.
    pub(crate) tail: Option<String>,
}

impl Invoker for Functions {
    fn invoke(
        &self,
        invocation: Invocation,
    ) -> Pin<Box<dyn Future<Output = Result<Bytes, InvokeError>> + Send + '_>> {
        Box::pin(async move {
            let call = self.0.admit(&invocation)?;
            self.0.clone().run(call).await?.answer.map_err(InvokeError::Function)
        })
    }
}

impl Inner {
    /// Finds the function and asks whether the caller may call it.
    pub(crate) fn admit(&self, invocation: &Invocation) -> Result<Call, InvokeError> {
        let reference = name::parse(&invocation.function);
        let directory = self.directory();
        let function = directory.functions.get(reference.name).ok_or(InvokeError::Absent)?;
        let definition = function.setup().definition.clone();
        let version = definition.version(reference.qualifier).ok_or(InvokeError::Absent)?;
        let qualifier = reference.qualifier.filter(|qualifier| *qualifier != LATEST);
        let arn = definition.qualified(qualifier);
        match &invocation.caller {
            Caller::Service { name, source_arn } => {
                let (function, by) = ((reference.name, qualifier), (name.as_str(), source_arn.as_str()));
                permission::check_service(&directory.permissions, function, by, &self.host.world.account)
                    .map_err(|refusal| self.refuse(&definition, refusal))?;
            }
            caller => {
                let policy =
                    permission::policy(&directory.permissions, reference.name, qualifier, &definition.arn);
                self.judge(caller, &arn, policy.as_ref())?;
            }
        }
        if invocation.payload.len() > LARGEST {
            return Err(InvokeError::TooLarge);
        }
        let (payload, trace) = (invocation.payload.clone(), invocation.trace.clone());
        Ok(Call { function: function.clone(), version, arn, payload, trace, tail: false })
    }

    fn judge(
        &self,
        caller: &Caller,
        arn: &str,
        policy: Option<&serde_json::Value>,
    ) -> Result<(), InvokeError> {
        let Some(authorizer) = &self.authorizer else { return Ok(()) };
        let mut ask = Ask::new(caller, "lambda:InvokeFunction", arn);
        ask.resource_policy = policy;
        match authorizer.judge(&ask) {
            Decision::Allowed => Ok(()),
            Decision::Denied { message, .. } => Err(InvokeError::Denied(message)),
        }
    }

    fn refuse(&self, definition: &Definition, refusal: String) -> InvokeError {
        if self.is_news(&refusal) {
            let hint = "add an `AWS::Lambda::Permission` of the function, or correct its `SourceArn`";
            self.host.world.journal.notice(Severity::Warning, Some(&definition.id), &refusal, hint);
        }
        InvokeError::Denied(refusal)
    }

    /// Runs a call to its end, even when nobody waits for it any more, as on Lambda.
    pub(crate) async fn run(self: Arc<Self>, call: Call) -> Result<Done, InvokeError> {
        tokio::spawn(self.follow(call)).await.unwrap_or(Err(InvokeError::Throttled))
    }

    async fn follow(self: Arc<Self>, call: Call) -> Result<Done, InvokeError> {
        let definition = call.function.setup().definition.clone();
        let span =
            call.trace.step(Layer::Function, Some(&definition.id), format!("invoke {}", definition.name));
        let (ended, how) = self.attempt(&call, definition.reserved).await;
        span.end(how);
        ended
    }

    /// Tries until the call has reached a handler; also says how it went, for the trace.
    async fn attempt(&self, call: &Call, reserved: Option<usize>) -> (Result<Done, InvokeError>, String) {
        let Some(_busy) = call.function.enter(reserved) else {
            return (Err(InvokeError::Throttled), "throttled".to_owned());
        };
        for _ in 0..ATTEMPTS {
            let (setup, program) = match call.function.code().await {
                Ok(code) => code,
                Err(why) => {
                    return (Ok(failed(|id| Failure::not_built(id, &why))), "not built".to_owned());
                }
            };
            let (environment, cold) = match self.environment(call, setup, program).await {
                Ok(found) => found,
                Err(ended) => return (ended, "no environment".to_owned()),
            };
            if let Some(done) = self.hand_over(call, &environment, cold).await {
                let how = describe(&done, cold, &environment);
                return (Ok(done), how);
            }
        }
        (Err(InvokeError::Throttled), "throttled".to_owned())
    }

    /// An idle environment, or else a new one.
    async fn environment(
        &self,
        call: &Call,
        setup: Arc<Setup>,
        program: Program,
    ) -> Result<(Arc<Environment>, bool), Result<Done, InvokeError>> {
        if let Some(idle) = call.function.take_idle(&setup, &call.version) {
            return Ok((idle, false));
        }
        call.function.pause().await;
        let mut place = self.host.place();
        if place.is_none() {
            self.evict();
            place = self.host.wait_for_place(MAKING_ROOM).await;
        }
        let place = place.ok_or(Err(InvokeError::Throttled))?;
        let why = format!("`{}` cannot be run", program.executable.display());
        let purpose =
            Purpose { function: call.function.clone(), setup, program, version: call.version.clone() };
        match Environment::start(&self.host, purpose, place).await {
            Ok(environment) => Ok((environment, true)),
            Err(error) => {
                let why = format!("{why}: {error}");
                Err(Ok(failed(|id| Failure::no_program(id, &why))))
            }
        }
    }

    /// Gives a call to an environment and waits; `None` when it did not reach the handler.
    async fn hand_over(&self, call: &Call, environment: &Arc<Environment>, cold: bool) -> Option<Done> {
        let request_id = ids::request_id();
        let (reply, answer) = oneshot::channel();
        let (tail, log) = call.tail.then(oneshot::channel).unzip();
        let work = Work {
            request_id: request_id.clone(),
            payload: call.payload.clone(),
            trace: call.trace.clone(),
            trace_id: self.host.traces.of_request(call.trace.number()),
            arn: call.arn.clone(),
            reply,
            tail,
        };
        if !environment.assign(work) {
            return None;
        }
        let patience = if cold { STARTING } else { FETCHING };
        let answer = match wait(environment, &request_id, answer, Instant::now() + patience).await? {
            Outcome::Answer(bytes) => Ok(bytes),
            Outcome::Error(document) => Err(document),
            Outcome::Undelivered => return None,
        };
        let tail = match log {
            Some(log) => log.await.ok(),
            None => None,
        };
        Some(Done { request_id, answer, tail })
    }
}

/// Waits for the answer, but no longer than the start, the fetching and the function's timeout may take.
async fn wait(
    environment: &Arc<Environment>,
    request_id: &str,
    mut answer: oneshot::Receiver<Outcome>,
    until: Instant,
) -> Option<Outcome> {
    let mut until = until;
    loop {
        if let Ok(outcome) = tokio::time::timeout_at(until.into(), &mut answer).await {
            return outcome.ok();
        }
        match environment.overdue(request_id) {
            Overdue::Until(later) => until = later,
            Overdue::Withdrawn(work) if environment.has_started() => {
                drop(work);
                tokio::spawn(environment.clone().expect_ready());
                return None;
            }
            Overdue::Withdrawn(work) => {
                let failure = Failure::timed_out(request_id, STARTING);
                environment.fail_start(*work, failure, None);
                environment.end(End::Now);
            }
            Overdue::Expired(running) => {
                let failure = Failure::timed_out(request_id, environment.setup.definition.timeout);
                let document = Outcome::Error(failure.document());
                environment.end(End::Now);
                environment.complete(*running, document, Some(failure), Instant::now());
            }
        }
    }
}

/// A call that reached no handler.
fn failed(failure: impl FnOnce(&str) -> Failure) -> Done {
    let request_id = ids::request_id();
    let answer = Err(failure(&request_id).document());
    Done { request_id, answer, tail: None }
}

/// `cold, 9 MB`.
fn describe(done: &Done, cold: bool, environment: &Environment) -> String {
    let start = if cold { "cold" } else { "warm" };
    let memory = environment.peak().map(|bytes| format!(", {} MB", bytes.div_ceil(1 << 20)));
    let error = done.answer.as_ref().err().map(|_| ", error");
    [Some(start), memory.as_deref(), error].into_iter().flatten().collect()
}
