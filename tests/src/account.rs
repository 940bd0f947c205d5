//! What the owner of an account does with it, through Amazon's own clients for JavaScript.

use crate::AwsError;
use crate::place::{client, tool};
use crate::process::output_of;
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

/// Accounts of a user pool, as the client with this id sees them.
#[derive(Clone, Debug)]
pub struct Accounts {
    /// URL of AWS's API.
    pub endpoint: String,
    /// Id of the user pool.
    pub pool: String,
    /// Id of the pool's client.
    pub client: String,
    /// PEM file of the authority to trust, where the endpoint speaks TLS.
    pub authority: Option<PathBuf>,
}

impl Accounts {
    /// Does what `clients/account.mjs` calls `command`.
    ///
    /// # Panics
    /// When Cognito refuses.
    #[track_caller]
    pub fn call<const N: usize>(&self, command: &str, arguments: [&str; N]) -> Value {
        let answer = self.try_call(command, arguments);
        answer.unwrap_or_else(|error| panic!("{command}: {error:?}"))
    }

    /// The same, with what Cognito refused with.
    ///
    /// # Errors
    /// When Cognito, or the verifier of tokens, refuses.
    ///
    /// # Panics
    /// When the pinned tools are missing.
    pub fn try_call<const N: usize>(&self, command: &str, arguments: [&str; N]) -> Result<Value, AwsError> {
        let mut node = Command::new("node");
        node.arg(client("account.mjs")).arg(tool("node"));
        node.envs(self.authority.iter().map(|file| ("NODE_EXTRA_CA_CERTS", file)));
        node.args([&self.endpoint, &self.pool, &self.client]).arg(command).args(arguments);
        let answer = output_of(&mut node);
        let mut answer: Value =
            serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{error}: {answer}"));
        match answer["error"].take() {
            Value::Null => Ok(answer["ok"].take()),
            error => Err(AwsError { code: text(&error["code"]), message: text(&error["message"]) }),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
