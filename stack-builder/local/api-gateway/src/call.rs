//! Calling a function, and what can come of it.

use bytes::Bytes;
use stack_builder_local_core::{Caller, Invocation, InvokeError, Invoker, Principal, Trace};
use std::sync::Arc;
use std::time::Duration;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// Lambda did not accept the call: the reason.
    Rejected(String),
    /// The event is longer than a function takes.
    TooLarge,
    /// The function failed: its error document.
    Failed(Bytes),
    /// The function took longer than the integration may.
    Late,
}

impl NoAnswer {
    /// For access logs and traces.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Rejected(reason) => reason.clone(),
            Self::TooLarge => "the event is larger than 6 MB".to_owned(),
            Self::Failed(_) => "the function returned an error".to_owned(),
            Self::Late => "the function took too long".to_owned(),
        }
    }
}

/// A function behind a route, a method or an authorizer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Function {
    /// ARN or name.
    pub(crate) name: String,
    /// The role to call it with, instead of as the service.
    pub(crate) role: Option<String>,
    pub(crate) timeout: Duration,
}

impl Function {
    /// Reads a function's ARN, or the URI that holds it
    /// (`arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<arn>/invocations`).
    pub(crate) fn read(uri: &str, role: Option<&str>, timeout: Duration) -> Option<Self> {
        let name = match uri.split_once("/functions/") {
            Some((_, rest)) => rest.strip_suffix("/invocations")?,
            None if uri.starts_with("arn:") && uri.contains(":lambda:") => uri,
            None => return None,
        };
        Some(Self { name: name.to_owned(), role: role.map(str::to_owned), timeout })
    }

    /// The function's name, for people.
    pub(crate) fn short(&self) -> &str {
        self.name.split_once(":function:").map_or(self.name.as_str(), |(_, name)| name)
    }

    /// Calls it and waits. The function goes on when nobody waits any longer, as it does in AWS.
    pub(crate) async fn call(
        &self,
        invoker: &Arc<dyn Invoker>,
        payload: Vec<u8>,
        service: Caller,
        trace: &Trace,
    ) -> Result<Bytes, NoAnswer> {
        let caller = self.role.as_deref().map_or(service, |role| {
            Caller::Principal(Principal::Role { role: Arc::from(role), session: Arc::from("apigateway") })
        });
        let (function, trace) = (self.name.clone(), trace.clone());
        let (invoker, payload) = (invoker.clone(), payload.into());
        let call = async move { invoker.invoke(Invocation { function, payload, caller, trace }).await };
        match tokio::time::timeout(self.timeout, tokio::spawn(call)).await {
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(error))) => Err(error.into()),
            Ok(Err(_)) => Err(NoAnswer::Rejected("the call was broken off".to_owned())),
            Err(_) => Err(NoAnswer::Late),
        }
    }
}

impl From<InvokeError> for NoAnswer {
    fn from(error: InvokeError) -> Self {
        match error {
            InvokeError::Absent => Self::Rejected("there is no such function".to_owned()),
            InvokeError::Denied(reason) => Self::Rejected(reason),
            InvokeError::Throttled => Self::Rejected("the function is throttled".to_owned()),
            InvokeError::TooLarge => Self::TooLarge,
            InvokeError::Function(document) => Self::Failed(document),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_function_in_a_uri() {
        let check = |uri: &str, expect: Option<&str>| {
            let found = Function::read(uri, None, Duration::ZERO);
            assert_eq!(found.as_ref().map(Function::short), expect, "{uri}");
        };
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:list";
        check(arn, Some("list"));
        check(
            &format!("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations"),
            Some("list"),
        );
        check(
            &format!("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}:2/invocations"),
            Some("list:2"),
        );
        check("https://example.com", None);
        check("arn:aws:sqs:us-east-1:000000000000:queue", None);
    }
}
