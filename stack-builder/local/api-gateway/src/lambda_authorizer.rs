//! Functions that decide who may call: what identifies a caller, what the function says, how long that holds.

use crate::call::{Function, NoAnswer};
use crate::exchange::Exchange;
use crate::percent::Query;
use crate::{headers, policy};
use http::HeaderMap;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Answers kept of one authorizer.
const MOST_KEPT: usize = 10_000;

/// Where a value that identifies a caller is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Header(String),
    Query(String),
    Stage(String),
    Context(String),
}

impl Source {
    /// Reads `method.request.header.X` (REST API) or `$request.header.X` (HTTP API) and their like.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('$').trim_start_matches("method.");
        let rest = |prefix| text.strip_prefix(prefix).map(str::to_owned);
        None.or_else(|| rest("request.header.").map(|name| Self::Header(name.to_lowercase())))
            .or_else(|| rest("request.querystring.").map(Self::Query))
            .or_else(|| rest("stageVariables.").map(Self::Stage))
            .or_else(|| rest("context.").map(Self::Context))
    }

    /// Its value in a request; an empty one is none.
    pub(crate) fn value(
        &self,
        headers: &HeaderMap,
        query: &Query,
        stage: &Value,
        on: &Exchange,
    ) -> Option<String> {
        let value = match self {
            Self::Header(name) => headers::last(headers, name),
            Self::Query(name) => {
                query.iter().rfind(|(other, _)| other == name).map(|(_, value)| value.clone())
            }
            Self::Stage(name) => stage[name].as_str().map(str::to_owned),
            Self::Context(name) => on.variable(name, None),
        };
        value.filter(|value| !value.is_empty())
    }
}

/// What the function said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Word {
    /// `{"isAuthorized": …, "context": …}`.
    Simple { allowed: bool, context: Map<String, Value> },
    /// `{"principalId": …, "policyDocument": …, "context": …}`.
    Policy { principal: String, policy: Value, context: Map<String, Value>, key: Option<String> },
}

impl Word {
    /// Reads an answer; `None` when it is malformed.
    pub(crate) fn read(payload: &[u8], simple: bool) -> Option<Self> {
        let answer: Value = serde_json::from_slice(payload).ok()?;
        let context = answer.get("context").and_then(Value::as_object).cloned().unwrap_or_default();
        if simple {
            return Some(Self::Simple { allowed: answer.get("isAuthorized")?.as_bool()?, context });
        }
        let policy = answer.get("policyDocument")?.clone();
        // An ARN of nothing: only to see whether it is a policy at all.
        policy::judge(&policy, "")?;
        let principal = answer.get("principalId")?.as_str()?.to_owned();
        let key = answer.get("usageIdentifierKey").and_then(Value::as_str).map(str::to_owned);
        Some(Self::Policy { principal, policy, context, key })
    }
}

/// Why nobody said anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Silence {
    /// The function said `Unauthorized`.
    Unauthorized,
    /// The function failed, or did not answer as it should.
    Broken(String),
}

/// A function that decides, with what it said lately.
#[derive(Debug)]
pub(crate) struct LambdaAuthorizer {
    /// The resource's id, part of the ARN that calls the function.
    pub(crate) id: String,
    pub(crate) function: Function,
    pub(crate) sources: Vec<Source>,
    /// Answers hold as long; seconds.
    pub(crate) ttl: u64,
    pub(crate) simple: bool,
    pub(crate) kept: Mutex<HashMap<String, (Arc<Word>, u64)>>,
}

impl LambdaAuthorizer {
    /// What the function said of the same caller, if that still holds at `now`, milliseconds since 1970.
    pub(crate) fn kept(&self, key: &str, now: u64) -> Option<Arc<Word>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(key).filter(|(_, until)| *until > now).map(|(word, _)| word.clone())
    }

    /// Asks the function.
    pub(crate) async fn ask(
        &self,
        invoker: &Arc<dyn stack_builder_local_core::Invoker>,
        event: Value,
        key: Option<&str>,
        on: &Exchange,
    ) -> Result<Arc<Word>, Silence> {
        let caller = on.facts.caller(&format!("authorizers/{}", self.id));
        let payload = self.function.call(invoker, event.to_string().into_bytes(), caller, &on.trace).await;
        let payload = payload.map_err(|error| silence(&error))?;
        let word = Word::read(&payload, self.simple);
        let word =
            Arc::new(word.ok_or_else(|| Silence::Broken("the authorizer's answer is malformed".to_owned()))?);
        if let Some(key) = key.filter(|_| self.ttl > 0) {
            self.keep(key, &word, on.at);
        }
        Ok(word)
    }

    fn keep(&self, key: &str, word: &Arc<Word>, now: u64) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.retain(|_, (_, until)| *until > now);
        }
        if kept.len() < MOST_KEPT {
            kept.insert(key.to_owned(), (word.clone(), now + self.ttl * 1000));
        }
    }
}

/// An error whose message is `Unauthorized` is an answer
/// ([Lambda authorizers](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html)).
fn silence(error: &NoAnswer) -> Silence {
    if let NoAnswer::Failed(document) = error {
        let document: Value = serde_json::from_slice(document).unwrap_or_default();
        if document["errorMessage"] == "Unauthorized" {
            return Silence::Unauthorized;
        }
    }
    Silence::Broken(error.reason())
}
