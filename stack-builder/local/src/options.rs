//! What a caller decides about a local run.

use stack_builder_local_core::State;
use std::collections::BTreeMap;

/// Choices for [`Runtime::start`](crate::Runtime::start).
#[derive(Clone, Debug)]
pub struct Options {
    /// Port of the endpoint; each front door takes one of the following. 0 lets the system choose all of them.
    pub port: u16,
    /// The region of stacks that are not pinned to another.
    pub region: String,
    /// The account's twelve digits.
    pub account: String,
    /// Where tables, objects, users and secrets are kept.
    pub state: State,
    /// Serve TLS with a certificate made for this machine.
    pub tls: bool,
    /// Values of templates' parameters, by stack name of the command line and parameter; they win over defaults.
    pub parameters: BTreeMap<String, BTreeMap<String, String>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 4000,
            region: "us-east-1".to_owned(),
            account: "000000000000".to_owned(),
            state: State::Ephemeral,
            tls: false,
            parameters: BTreeMap::new(),
        }
    }
}
