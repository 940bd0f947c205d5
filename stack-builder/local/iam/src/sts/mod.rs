//! The Security Token Service.

mod assume;

use crate::Policies;
use crate::policy::user_id;
use crate::query::{Form, QueryError, Xml, answer};
use stack_builder_local_core::{
    Answer, Api, ApiCall, Caller, Credentials, Layer, Principal, Response, World,
};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
const VERSION: &str = "2011-06-15";
/// Sessions kept valid at once; the oldest ends first.
const MOST_SESSIONS: usize = 1000;

/// Answers `GetCallerIdentity`, `AssumeRole` and `GetSessionToken`.
#[derive(Debug)]
pub struct Sts {
    world: World,
    policies: Policies,
    issued: Mutex<VecDeque<String>>,
}

impl Sts {
    /// The service over the roles of `policies`.
    pub fn new(world: &World, policies: Policies) -> Self {
        Self { world: world.clone(), policies, issued: Mutex::default() }
    }

    fn respond(&self, call: &ApiCall) -> Response {
        let form = match Form::parse(&call.parts, &call.body) {
            Ok(form) => form,
            Err(error) => return error.xml(NAMESPACE),
        };
        let action = form.action();
        let short: String = action.chars().take(64).collect();
        let span = call.trace.step(Layer::Service, None, format!("sts:{short}"));
        let result = match action {
            "GetCallerIdentity" => self.caller_identity(call),
            "AssumeRole" => self.assume_role(call, &form),
            "GetSessionToken" => self.session_token(call, &form),
            other => Err(QueryError::unknown_action(other, form.get("Version").unwrap_or(VERSION))),
        };
        match result {
            Ok(xml) => {
                span.end("200");
                answer(NAMESPACE, action, xml)
            }
            Err(error) => {
                span.end(error.code.as_str());
                error.xml(NAMESPACE)
            }
        }
    }

    fn caller_identity(&self, call: &ApiCall) -> Result<Xml, QueryError> {
        let principal = principal(call)?;
        let account = &self.world.account;
        let xml = Xml::default().text("Arn", &principal.arn(account));
        Ok(xml.text("UserId", &user_id(principal, account)).text("Account", account))
    }

    /// Makes new keys valid, and the oldest invalid when there are too many.
    fn issue(&self, credentials: Credentials) {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        issued.push_back(credentials.access_key.clone());
        if issued.len() > MOST_SESSIONS
            && let Some(oldest) = issued.pop_front()
        {
            self.world.identities.remove(&oldest);
        }
        self.world.identities.add(credentials);
    }
}

impl Api for Sts {
    fn call(&self, call: ApiCall) -> Answer<'_> {
        Box::pin(async move { self.respond(&call) })
    }
}

fn principal(call: &ApiCall) -> Result<&Principal, QueryError> {
    match &call.caller {
        Caller::Principal(principal) => Ok(principal),
        _ => {
            Err(QueryError::new(403, "MissingAuthenticationToken", "Request is missing Authentication Token"))
        }
    }
}

#[cfg(test)]
mod tests;
