//! Users who sign up and in through Amazon's own client for browsers.

use crate::place::{client, tool};
use crate::process::output_of;
use crate::{AwsError, Emulator};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// A user pool and its client, as a page knows them.
#[derive(Debug)]
pub struct Cognito {
    endpoint: String,
    /// What the client has to trust beside the usual authorities.
    certificate: Option<PathBuf>,
    pool: String,
    client: String,
}

/// What a user gets for a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// The id token.
    pub id: String,
    /// The access token.
    pub access: String,
}

impl Cognito {
    /// The pool and client of the stack's outputs.
    pub fn new(emulator: &Emulator, pool: impl Into<String>, client: impl Into<String>) -> Self {
        let certificate = Some(emulator.certificate());
        Self { endpoint: emulator.endpoint(), certificate, pool: pool.into(), client: client.into() }
    }

    /// The same at an endpoint of this machine without TLS.
    pub fn at(endpoint: impl Into<String>, pool: impl Into<String>, client: impl Into<String>) -> Self {
        Self { endpoint: endpoint.into(), certificate: None, pool: pool.into(), client: client.into() }
    }

    /// Signs up; the answer is the user's `sub`.
    ///
    /// # Errors
    /// When Cognito refuses, for a weak password for example.
    pub fn sign_up(&self, email: &str, password: &str) -> Result<String, AwsError> {
        self.run(&["sign-up", email, password]).map(|answer| text(&answer["sub"]))
    }

    /// Confirms with the code that was mailed.
    ///
    /// # Errors
    /// When the code is another.
    pub fn confirm(&self, email: &str, code: &str) -> Result<(), AwsError> {
        self.run(&["confirm", email, code]).map(drop)
    }

    /// Signs in by the secure remote password protocol.
    ///
    /// # Errors
    /// When Cognito refuses.
    pub fn sign_in(&self, email: &str, password: &str) -> Result<Tokens, AwsError> {
        self.run(&["sign-in", email, password]).map(|answer| tokens(&answer))
    }

    /// Signs in on the hosted page, by authorization code and PKCE; `spoil` is sent as the verifier.
    ///
    /// # Errors
    /// When Cognito refuses.
    pub fn hosted_sign_in(
        &self,
        email: &str,
        password: &str,
        redirect: &str,
        spoil: Option<&str>,
    ) -> Result<Tokens, AwsError> {
        let mut arguments = vec!["hosted-sign-in", email, password, redirect];
        arguments.extend(spoil);
        self.run(&arguments).map(|answer| tokens(&answer))
    }

    /// Signs in on the hosted page; the `code` that the page `redirect` is sent, the `verifier` that belongs to it, and
    /// `state` and `origin` of the answer.
    ///
    /// # Errors
    /// When the page does not send the browser back.
    pub fn hosted_code(&self, email: &str, password: &str, redirect: &str) -> Result<Value, AwsError> {
        self.run(&["hosted-code", email, password, redirect])
    }

    fn run(&self, arguments: &[&str]) -> Result<Value, AwsError> {
        let mut node = Command::new("node");
        node.envs(self.certificate.iter().map(|file| ("NODE_EXTRA_CA_CERTS", file)));
        node.arg(client("cognito.mjs")).arg(tool("node")).arg(&self.endpoint);
        node.args([&self.pool, &self.client]).args(arguments);
        let answer = output_of(&mut node);
        let answer: Value = serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"));
        match &answer["error"] {
            Value::Null => Ok(answer["ok"].clone()),
            error => Err(AwsError { code: text(&error["code"]), message: text(&error["message"]) }),
        }
    }
}

fn tokens(answer: &Value) -> Tokens {
    Tokens { id: text(&answer["id"]), access: text(&answer["access"]) }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
