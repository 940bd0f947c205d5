//! What `bootstrap` did.

use super::{Printer, outputs};
use anyhow::Result;
use serde_json::json;
use stack_builder_deploy::{BOOTSTRAP_STACK, Environment, Outputs};

/// For people.
pub(crate) fn show(printer: &Printer, environment: &Environment, changed: bool, outputs: &Outputs) {
    let Environment { account, region, .. } = environment;
    let state = if changed { "is ready" } else { "was ready: nothing to change" };
    printer.progress(format!("account {account} in {region} {state}"));
    outputs::show(printer, BOOTSTRAP_STACK, outputs);
}

/// For programs.
pub(crate) fn json(
    printer: &Printer,
    environment: &Environment,
    changed: bool,
    outputs: &Outputs,
) -> Result<()> {
    printer.json(&json!({
        "account": environment.account,
        "region": environment.region,
        "stackName": BOOTSTRAP_STACK,
        "changed": changed,
        "outputs": outputs,
    }))
}
