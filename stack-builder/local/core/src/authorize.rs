//! Whether a call is allowed, asked of the policies in the template.

use crate::Caller;
use serde_json::Value;
use std::collections::BTreeMap;

/// One question to the policies.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// Who wants to.
    pub caller: &'a Caller,
    /// What: `dynamodb:PutItem`.
    pub action: &'a str,
    /// On which ARN; `*` for actions that know no resource.
    pub resource: &'a str,
    /// Condition keys of this request with their values, keys in lower case: `aws:sourcearn`, `dynamodb:leadingkeys`.
    pub context: BTreeMap<String, Vec<String>>,
    /// The policy of the resource itself, such as a bucket's, when it has one.
    pub resource_policy: Option<&'a Value>,
}

impl<'a> Ask<'a> {
    /// A question without conditions.
    pub fn new(caller: &'a Caller, action: &'a str, resource: &'a str) -> Self {
        Self { caller, action, resource, context: BTreeMap::new(), resource_policy: None }
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go ahead.
    Allowed,
    /// Not allowed.
    Denied {
        /// As AWS words it for clients: `User: … is not authorized to perform: … on resource: … because …`.
        message: String,
        /// What to change in the stack, for the terminal and the console; empty when nothing would help.
        advice: String,
    },
}

impl Decision {
    /// Whether to go ahead.
    pub fn is_allowed(&self) -> bool {
        *self == Self::Allowed
    }
}

/// What judges calls.
pub trait Authorizer: Send + Sync {
    /// Judges one call. A refusal of something in the stack is also told to the journal.
    fn judge(&self, ask: &Ask<'_>) -> Decision;
}
