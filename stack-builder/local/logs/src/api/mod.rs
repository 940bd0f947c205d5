//! The API of `CloudWatch` Logs.

mod events;
mod groups;
mod input;
mod put;
mod streams;

use input::Input;
use serde_json::Value;
use stack_builder_local_core::{
    Answer, Api, ApiCall, ApiError, Ask, Authorizer, Decision, Layer, ResourceId, Response, Span, World, full,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Groups at most; a handler in a loop would fill the memory otherwise.
const MOST_GROUPS: usize = 1000;

/// Answers calls about log groups, streams and events; see
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html>.
#[derive(Clone)]
pub struct LogsApi(Arc<Inner>);

struct Inner {
    world: World,
    authorizer: Arc<dyn Authorizer>,
    groups: Mutex<BTreeMap<String, Group>>,
    /// Names of the groups that the template has.
    defined: Mutex<BTreeSet<String>>,
}

/// What is known of a group beside its lines.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Milliseconds since 1970.
    pub(crate) created: u64,
    /// Days.
    pub(crate) retention: Option<u64>,
    /// Where a template has it.
    pub(crate) resource: Option<ResourceId>,
}

type Outcome = Result<Value, ApiError>;

impl LogsApi {
    /// The API over the lines of `world`.
    pub fn new(world: &World, authorizer: Arc<dyn Authorizer>) -> Self {
        let (world, groups, defined) = (world.clone(), Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { world, authorizer, groups, defined }))
    }

    pub(crate) fn world(&self) -> &World {
        &self.0.world
    }

    pub(crate) fn groups<T>(&self, act: impl FnOnce(&mut BTreeMap<String, Group>) -> T) -> T {
        act(&mut self.0.groups.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the names that a template has now; returns those that only the one before had.
    pub(crate) fn defined(&self, now: BTreeSet<String>) -> Vec<String> {
        let mut defined = self.0.defined.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = defined.difference(&now).cloned().collect();
        *defined = now;
        gone
    }

    fn respond(&self, call: &ApiCall) -> Response {
        let input = Input::read(call);
        let span = self.step(call, input.as_ref().ok());
        match input.and_then(|input| self.act(call, &input)) {
            Ok(output) => {
                span.end("200");
                let body = if output.is_null() { String::new() } else { output.to_string() };
                full(200, "application/x-amz-json-1.1", body)
            }
            Err(error) => {
                span.end(error.code.as_str());
                error.json()
            }
        }
    }

    /// Notes the call in the trace of the request that it belongs to.
    fn step(&self, call: &ApiCall, input: Option<&Input>) -> Span {
        let name = input.and_then(|input| input.group().ok()).unwrap_or_default();
        let resource = self.groups(|groups| groups.get(name).and_then(|group| group.resource.clone()));
        let action: String = call.action().chars().take(64).collect();
        call.trace.step(Layer::Service, resource.as_ref(), format!("logs:{action}"))
    }

    fn act(&self, call: &ApiCall, input: &Input) -> Outcome {
        match call.action() {
            "DescribeLogGroups" => self.describe_groups(call, input),
            "CreateLogGroup" => self.create_group(call, input),
            "DeleteLogGroup" => self.delete_group(call, input),
            "DescribeLogStreams" => self.describe_streams(call, input),
            "CreateLogStream" => self.create_stream(call, input),
            "DeleteLogStream" => self.delete_stream(call, input),
            "GetLogEvents" => self.get_events(call, input),
            "FilterLogEvents" => self.filter_events(call, input),
            "PutLogEvents" => self.put_events(call, input),
            other => {
                Err(ApiError::new("UnknownOperationException", format!("`{other}` is not answered here")))
            }
        }
    }

    fn group_arn(&self, call: &ApiCall, group: &str) -> String {
        format!("arn:aws:logs:{}:{}:log-group:{group}", call.region, self.0.world.account)
    }

    /// Asks for leave; the ARN names the stream, also when it is none, as the service does it.
    fn permitted(&self, call: &ApiCall, action: &str, group: &str, stream: &str) -> Result<(), ApiError> {
        let resource = format!("{}:log-stream:{stream}", self.group_arn(call, group));
        let action = format!("logs:{action}");
        match self.0.authorizer.judge(&Ask::new(&call.caller, &action, &resource)) {
            Decision::Allowed => Ok(()),
            Decision::Denied { message, .. } => Err(ApiError::new("AccessDeniedException", message)),
        }
    }

    fn has_group(&self, name: &str) -> bool {
        self.0.world.logs.streams(name).is_some()
    }

    fn has_stream(&self, group: &str, stream: &str) -> Result<bool, ApiError> {
        let streams = self.0.world.logs.streams(group).ok_or_else(no_group)?;
        Ok(streams.iter().any(|known| known.name == stream))
    }
}

impl Api for LogsApi {
    fn call(&self, call: ApiCall) -> Answer<'_> {
        Box::pin(async move { self.respond(&call) })
    }
}

fn no_group() -> ApiError {
    ApiError::new("ResourceNotFoundException", "The specified log group does not exist.")
}

fn no_stream() -> ApiError {
    ApiError::new("ResourceNotFoundException", "The specified log stream does not exist.")
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidParameterException", message)
}

#[cfg(test)]
mod tests;
