//! What `bootstrap` does to a region.

use super::style::{HEADING, WARNING};
use super::{Printer, outputs};
use anyhow::Result;
use serde_json::{Value, json};
use stack_builder_deploy::{BOOTSTRAP_STACK, Environment, Outputs};

/// A region that is ready.
#[derive(Debug)]
pub(crate) struct Bootstrapped {
    pub(crate) region: String,
    /// Whether there was anything to do.
    pub(crate) changed: bool,
    pub(crate) outputs: Outputs,
}

/// No stacks program was found, so nothing tells of further regions.
pub(crate) fn no_application(printer: &Printer, region: &str, reason: &anyhow::Error) {
    printer.progress(format!("preparing {HEADING}{region}{HEADING:#} alone: {reason}"));
}

/// The account has a role for API Gateway's logs, which stays.
pub(crate) fn kept(printer: &Printer, region: &str, role: &str) {
    printer.progress(format!(
        "API Gateway in {region} goes on writing logs with {role}; `--api-gateway-logs set` would replace it, after a \
         run with `keep` if the bootstrap stack had set its own before"
    ));
}

/// Says what the change set would do to the whole account; nothing is applied yet.
pub(crate) fn announce(printer: &Printer, region: &str) {
    printer.problem(format!(
        "{WARNING}note{WARNING:#}: from now on API Gateway writes the logs of all APIs of the account in {region} with \
         the role that this stack makes, in place of any other; `--api-gateway-logs keep` leaves that setting alone"
    ));
}

/// For people.
pub(crate) fn show(printer: &Printer, account: &str, record: &Bootstrapped) {
    let Bootstrapped { region, changed, outputs } = record;
    let state = if *changed { "is ready" } else { "was ready: nothing to change" };
    printer.progress(format!("account {account} in {region} {state}"));
    outputs::show(printer, BOOTSTRAP_STACK, region, outputs);
}

/// For programs.
pub(crate) fn json(printer: &Printer, home: &Environment, done: &[Bootstrapped]) -> Result<()> {
    printer.json(&json!({
        "account": home.account,
        "stackName": BOOTSTRAP_STACK,
        "regions": done.iter().map(region_json).collect::<Vec<_>>(),
    }))
}

fn region_json(record: &Bootstrapped) -> Value {
    json!({"region": record.region, "changed": record.changed, "outputs": record.outputs})
}
