//! DynamoDB's API: who may do what, and then doing it.

use crate::answer::{Failure, answer};
use crate::context::context;
use crate::expression::depth;
use crate::operations::{Names, Operation, find};
use crate::request::settle;
use crate::tables::{Inner, Tables};
use crate::touch::{Touch, split_arn, touches};
use dynoxide::DynoxideError;
use serde_json::Value;
use stack_builder_local_core::{
    Answer, Api, ApiCall, Ask, Caller, Decision, Layer, Principal, Response, Severity,
};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Bytes of a request: what a batch may have.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html>
const MOST_BYTES: usize = 16 << 20;
/// A request up to here is read and answered in microseconds.
const FEW_BYTES: usize = 64 << 10;

impl Api for Tables {
    fn call(&self, call: ApiCall) -> Answer<'_> {
        Box::pin(async move {
            let target = call.parts.headers.get("x-amz-target").and_then(|value| value.to_str().ok());
            let Some(operation) = find(target.unwrap_or_default()) else {
                return Failure::refused("UnknownOperationException", "").answer();
            };
            if call.body.len() > MOST_BYTES {
                return too_large().answer();
            }
            let quick = operation.quick && call.body.len() <= FEW_BYTES;
            if quick && self.0.slow.load(Ordering::Relaxed) == 0 {
                return self.0.answer(operation, &call);
            }
            let slow = Slow::begin(self.0.clone(), usize::from(!quick));
            let answered = tokio::task::spawn_blocking(move || slow.0.answer(operation, &call)).await;
            answered.unwrap_or_else(|_| Failure::from(broken()).answer())
        })
    }
}

/// An operation that may hold the database for a while. As long as there is one, quick operations wait for it on
/// threads that may wait, instead of those that serve everybody.
struct Slow(Arc<Inner>, usize);

impl Slow {
    fn begin(inner: Arc<Inner>, count: usize) -> Self {
        inner.slow.fetch_add(count, Ordering::Relaxed);
        Self(inner, count)
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        self.0.slow.fetch_sub(self.1, Ordering::Relaxed);
    }
}

/// Expressions up to this depth need no more stack than any thread has.
const SHALLOW: usize = 30;
/// Enough for the deepest that is allowed.
const ROOM: usize = 32 << 20;

/// Runs on a thread with a stack for the deepest expressions, such as those that SDKs build of a hundred alternatives.
fn with_room(run: impl FnOnce() -> Result<String, DynoxideError> + Send) -> Result<String, DynoxideError> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(ROOM).spawn_scoped(scope, run);
        thread.map_err(|_| broken())?.join().unwrap_or_else(|_| Err(broken()))
    })
}

fn too_large() -> Failure {
    let message = "Request size exceeds the limit of 16 MB".to_owned();
    Failure::Refused { status: 413, code: "RequestEntityTooLargeException", message }
}

/// One operation has its own name for a table that is not there.
fn rename(operation: &Operation, failure: Failure) -> Failure {
    match failure {
        Failure::Engine(DynoxideError::ResourceNotFoundException(message))
            if operation.name == "DescribeContinuousBackups" =>
        {
            Failure::refused("TableNotFoundException", message)
        }
        other => other,
    }
}

fn broken() -> DynoxideError {
    DynoxideError::InternalServerError("the request could not be run to its end".to_owned())
}

impl Inner {
    fn answer(&self, operation: &'static Operation, call: &ApiCall) -> Response {
        let begun = self.read(call);
        let parsed = begun.as_ref().ok().map(|body| touches(operation, body));
        let table = match &parsed {
            Some(Ok(touched)) => touched.first().and_then(|touch| touch.table.as_deref()),
            _ => None,
        };
        let resource = table.and_then(|table| self.resource(table));
        let what = format!("dynamodb:{}", operation.name);
        let span = call.trace.step(Layer::Service, resource.as_ref(), what);
        let allowed = match parsed {
            Some(Ok(touched)) => self.allow(operation, call, &touched),
            Some(Err(failure)) => Err(failure),
            None => Ok(0),
        };
        let result = begun.and_then(|body| allowed.and_then(|depth| self.run(operation, body, depth)));
        match result {
            Ok(body) => {
                span.end("200");
                answer(200, body)
            }
            Err(failure) => {
                let failure = rename(operation, failure);
                self.report(operation, &failure);
                span.end(failure.code());
                failure.answer()
            }
        }
    }

    /// The body, with names of tables where it may have ARNs.
    fn read(&self, call: &ApiCall) -> Result<Value, Failure> {
        let read: Option<Value> = serde_json::from_slice(&call.body).ok();
        let mut body = read.filter(Value::is_object).ok_or(Failure::refused("SerializationException", ""))?;
        self.place.shorten(&mut body);
        if call.action() == "DescribeEndpoints" {
            let host = call.parts.headers.get("host").and_then(|host| host.to_str().ok());
            let regional = || format!("dynamodb.{}.amazonaws.com", self.place.region);
            body["Address"] = host.map_or_else(regional, str::to_owned).into();
        }
        Ok(body)
    }

    /// Asks the policies for everything that is touched, then whether the tables are to be seen. Returns how deep the
    /// expressions go.
    fn allow(&self, operation: &Operation, call: &ApiCall, touched: &[Touch<'_>]) -> Result<usize, Failure> {
        touched.iter().try_for_each(|touch| self.judge(operation, call, touch))?;
        let mut tables = touched.iter().filter_map(|touch| touch.table.as_deref());
        let regardless = matches!(operation.name, "ListStreams" | "CreateTable");
        if !regardless && tables.any(|table| self.is_retired(table)) {
            let absent = "Requested resource not found".to_owned();
            return Err(DynoxideError::ResourceNotFoundException(absent).into());
        }
        touched.iter().try_fold(0, |deepest: usize, touch| Ok(deepest.max(depth(touch.part)?)))
    }

    fn judge(&self, operation: &Operation, call: &ApiCall, touch: &Touch<'_>) -> Result<(), Failure> {
        let action = format!("dynamodb:{}", touch.action);
        let table = touch.table.as_deref();
        let arn =
            table.map_or_else(|| "*".to_owned(), |table| self.place(Some(table)).arn(table, &touch.below));
        let wanted = table.and_then(|table| self.wanted(table));
        let mut ask = Ask::new(&call.caller, &action, &arn);
        ask.resource_policy = wanted.as_ref().and_then(|table| table.policy.as_ref());
        // To an administrator everything is allowed: no condition is looked at.
        if !matches!(call.caller, Caller::Principal(Principal::Administrator)) {
            let index = touch.below.strip_prefix("/index/");
            let definition = table.and_then(|table| self.definition(table));
            let partition = definition.map(|table| table.partition(index)).unwrap_or_default();
            ask.context = context(touch, &partition, operation.name);
        }
        match self.authorizer.judge(&ask) {
            Decision::Allowed => Ok(()),
            Decision::Denied { message, .. } => Err(Failure::refused("AccessDeniedException", message)),
        }
    }

    fn run(&self, operation: &Operation, body: Value, depth: usize) -> Result<String, Failure> {
        let table = body["TableName"]
            .as_str()
            .or_else(|| split_arn(body["StreamArn"].as_str()?).map(|(table, _)| table));
        let place = if operation.describes { self.place(table) } else { self.place.clone() };
        let run = || (operation.run)(&self.database, body).map_err(|error| settle(operation.name, error));
        let answer = if depth > SHALLOW { with_room(run)? } else { run()? };
        if !operation.describes {
            return Ok(answer);
        }
        let mut answer: Value = serde_json::from_str(&answer).map_err(|_| broken())?;
        if operation.names == Names::Iterator {
            place.localize_records(&mut answer);
        } else {
            place.localize(&mut answer);
        }
        self.hide(&mut answer);
        Ok(answer.to_string())
    }

    /// Takes tables that left the template out of lists. A page may then be shorter than asked for.
    fn hide(&self, answer: &mut Value) {
        if let Some(Value::Array(names)) = answer.get_mut("TableNames") {
            names.retain(|name| !name.as_str().is_some_and(|name| self.is_retired(name)));
        }
        if let Some(Value::Array(streams)) = answer.get_mut("Streams") {
            streams.retain(|stream| !stream["TableName"].as_str().is_some_and(|name| self.is_retired(name)));
        }
    }

    /// Says in the journal what no client is to blame for.
    fn report(&self, operation: &Operation, failure: &Failure) {
        if let Failure::Engine(error) = failure
            && error.status_code() >= 500
        {
            let message = format!("dynamodb:{} failed: {error}", operation.name);
            self.journal.notice(Severity::Error, None, &message, "");
        }
    }
}
