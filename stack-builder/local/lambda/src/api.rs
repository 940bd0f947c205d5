//! Lambda's own API, as far as the command line and SDKs need it here: calling functions and looking at them.

use crate::definition::Definition;
use crate::functions::{Functions, Inner};
use crate::invocation::{Call, Done};
use crate::permission;
use crate::{definition::LATEST, name};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::Method;
use serde_json::{Value, json};
use stack_builder_local_core::{
    Answer, Api, ApiCall, ApiError, Ask, Decision, Invocation, InvokeError, Response, empty, full,
};
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

const JSON: &str = "application/json";
/// The largest payload of an asynchronous call: 1 MB.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const LARGEST_EVENT: usize = 1024 * 1024;
/// How often, a second apart, a throttled asynchronous call is tried.
const EVENT_ATTEMPTS: u32 = 60;

impl Api for Functions {
    fn call(&self, call: ApiCall) -> Answer<'_> {
        Box::pin(async move { self.0.answer(&call).await.unwrap_or_else(|error| rest_json(&error)) })
    }
}

impl Inner {
    async fn answer(self: &Arc<Self>, call: &ApiCall) -> Result<Response, ApiError> {
        let path = call.parts.uri.path().trim_end_matches('/');
        let rest = path.strip_prefix("/2015-03-31/functions").ok_or_else(unknown)?;
        let mut parts = rest.trim_start_matches('/').splitn(2, '/');
        let function = decoded(parts.next().unwrap_or_default());
        let named = (!function.is_empty()).then(|| qualified(&function, call.parts.uri.query()));
        match (&call.parts.method, named, parts.next()) {
            (&Method::POST, Some(named), Some("invocations")) => self.invocations(call, named).await,
            (&Method::GET, None, None) => self.list(call),
            (&Method::GET, Some(named), None) => {
                let definition = self.look(call, &named, "lambda:GetFunction")?;
                Ok(document(&json!({ "Configuration": configuration(&definition, &named) })))
            }
            (&Method::GET, Some(named), Some("configuration")) => {
                let definition = self.look(call, &named, "lambda:GetFunctionConfiguration")?;
                Ok(document(&configuration(&definition, &named)))
            }
            (&Method::GET, Some(named), Some("policy")) => self.policy(call, &named),
            _ => Err(unknown()),
        }
    }

    async fn invocations(self: &Arc<Self>, call: &ApiCall, function: String) -> Result<Response, ApiError> {
        let header = |name: &str| call.parts.headers.get(name).and_then(|value| value.to_str().ok());
        if !call.body.is_empty() && serde_json::from_slice::<serde::de::IgnoredAny>(&call.body).is_err() {
            let message = "Could not parse request body into json";
            return Err(error(400, "InvalidRequestContentException", message));
        }
        let payload = if call.body.is_empty() { "{}".into() } else { call.body.clone() };
        let (caller, trace) = (call.caller.clone(), call.trace.clone());
        let invocation = Invocation { function, payload, caller, trace };
        let mut admitted =
            self.admit(&invocation).map_err(|error| self.refused(&invocation.function, error))?;
        match header("x-amz-invocation-type").unwrap_or("RequestResponse") {
            "DryRun" => Ok(empty(204)),
            "Event" => self.enqueue(admitted),
            "RequestResponse" => {
                admitted.tail = header("x-amz-log-type") == Some("Tail");
                let version = admitted.version.clone();
                let done = self.clone().run(admitted).await;
                let done = done.map_err(|error| self.refused(&invocation.function, error))?;
                Ok(answered(done, &version))
            }
            other => {
                Err(error(400, "InvalidParameterValueException", &format!("`{other}` is no invocation type")))
            }
        }
    }

    /// Runs a call later; nobody waits for its answer.
    fn enqueue(self: &Arc<Self>, call: Call) -> Result<Response, ApiError> {
        if call.payload.len() > LARGEST_EVENT {
            return Err(too_large(call.payload.len(), LARGEST_EVENT));
        }
        let Ok(place) = self.queue.clone().try_acquire_owned() else { return Err(throttled()) };
        let functions = self.clone();
        tokio::spawn(async move {
            for _ in 0..EVENT_ATTEMPTS {
                match functions.clone().run(call.clone()).await {
                    Err(InvokeError::Throttled) => tokio::time::sleep(Duration::from_secs(1)).await,
                    _ => break,
                }
            }
            drop(place);
        });
        Ok(empty(202))
    }

    fn refused(&self, function: &str, why: InvokeError) -> ApiError {
        match why {
            InvokeError::Absent => self.absent(function),
            InvokeError::Denied(message) => error(403, "AccessDeniedException", &message),
            InvokeError::Throttled => throttled(),
            InvokeError::TooLarge => too_large(crate::invocation::LARGEST + 1, crate::invocation::LARGEST),
            InvokeError::Function(_) => error(500, "ServiceException", "the call could not be made"),
        }
    }

    fn absent(&self, function: &str) -> ApiError {
        let world = &self.host.world;
        let rest = function.split_once(":function:").map_or(function, |(_, rest)| rest);
        let arn = format!("arn:aws:lambda:{}:{}:function:{rest}", world.region, world.account);
        error(404, "ResourceNotFoundException", &format!("Function not found: {arn}"))
    }

    fn list(&self, call: &ApiCall) -> Result<Response, ApiError> {
        self.allowed(call, "lambda:ListFunctions", "*")?;
        let directory = self.directory();
        let functions = directory.functions.values().map(|function| {
            let definition = function.setup().definition.clone();
            configuration(&definition, &definition.name)
        });
        Ok(document(&json!({ "Functions": functions.collect::<Vec<_>>() })))
    }

    fn look(&self, call: &ApiCall, named: &str, action: &str) -> Result<Arc<Definition>, ApiError> {
        let reference = name::parse(named);
        let directory = self.directory();
        let definition =
            directory.functions.get(reference.name).map(|function| function.setup().definition.clone());
        let definition = definition.ok_or_else(|| self.absent(named))?;
        self.allowed(call, action, &definition.arn)?;
        definition.version(reference.qualifier).ok_or_else(|| self.absent(named))?;
        Ok(definition)
    }

    fn policy(&self, call: &ApiCall, named: &str) -> Result<Response, ApiError> {
        let definition = self.look(call, named, "lambda:GetPolicy")?;
        let qualifier = name::parse(named).qualifier;
        let policy =
            permission::policy(&self.directory().permissions, &definition.name, qualifier, &definition.arn);
        let nothing =
            || error(404, "ResourceNotFoundException", "The resource you requested does not exist.");
        let policy = policy.ok_or_else(nothing)?;
        Ok(document(&json!({ "Policy": policy.to_string() })))
    }

    fn allowed(&self, call: &ApiCall, action: &str, resource: &str) -> Result<(), ApiError> {
        let Some(authorizer) = &self.authorizer else { return Ok(()) };
        match authorizer.judge(&Ask::new(&call.caller, action, resource)) {
            Decision::Allowed => Ok(()),
            Decision::Denied { message, .. } => Err(error(403, "AccessDeniedException", &message)),
        }
    }
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}

/// The function of the path with the version of the query.
fn qualified(function: &str, query: Option<&str>) -> String {
    let mut pairs = query.unwrap_or_default().split('&');
    let qualifier = pairs.find_map(|pair| pair.strip_prefix("Qualifier=")).map(decoded);
    qualifier.map_or_else(|| function.to_owned(), |qualifier| format!("{function}:{qualifier}"))
}

fn answered(done: Done, version: &str) -> Response {
    let failed = done.answer.is_err();
    let body = done.answer.unwrap_or_else(|document| document);
    let mut response = full(200, JSON, body);
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    };
    set("x-amzn-requestid", &done.request_id);
    set("x-amz-executed-version", version);
    if failed {
        set("x-amz-function-error", "Unhandled");
    }
    if let Some(tail) = done.tail {
        set("x-amz-log-result", &BASE64_STANDARD.encode(tail));
    }
    response
}

fn configuration(definition: &Definition, named: &str) -> Value {
    let qualifier = name::parse(named).qualifier;
    json!({
        "FunctionName": definition.name,
        "FunctionArn": definition.qualified(qualifier),
        "Runtime": definition.runtime,
        "Role": &*definition.role,
        "Handler": definition.handler,
        "Description": definition.description,
        "Timeout": definition.timeout.as_secs(),
        "MemorySize": definition.memory,
        "Version": definition.version(qualifier).as_deref().unwrap_or(LATEST),
        "Environment": { "Variables": definition.variables },
        "LoggingConfig": {
            "LogFormat": if definition.logging.json { "JSON" } else { "Text" },
            "LogGroup": definition.logging.group,
        },
        "PackageType": "Zip",
        "State": "Active",
        "LastUpdateStatus": "Successful",
    })
}

fn document(value: &Value) -> Response {
    full(200, JSON, value.to_string())
}

fn error(status: u16, code: &str, message: &str) -> ApiError {
    ApiError { status, ..ApiError::new(code, message) }
}

/// An error of the protocol `REST-JSON`.
fn rest_json(error: &ApiError) -> Response {
    let kind = if error.status < 500 { "User" } else { "Server" };
    let mut response =
        full(error.status, JSON, json!({ "Type": kind, "Message": error.message }).to_string());
    if let Ok(code) = error.code.parse() {
        response.headers_mut().insert("x-amzn-errortype", code);
    }
    response
}

fn throttled() -> ApiError {
    error(429, "TooManyRequestsException", "Rate Exceeded.")
}

fn too_large(size: usize, limit: usize) -> ApiError {
    let message = format!("{size} byte payload is too large for the invocation type (limit {limit} bytes)");
    error(413, "RequestTooLargeException", &message)
}

fn unknown() -> ApiError {
    error(404, "UnknownOperationException", "this operation of Lambda is not here")
}
