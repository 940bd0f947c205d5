//! What the captain's log needs in us-east-1: the gate that checks sessions at the edge, and the certificate.

use super::settings::Settings;
use edge_config::SessionGate;
use stack_builder::{Certificate, EdgeFunction, Stack, TableRef};

pub(crate) fn describe(stack: &mut Stack) {
    let settings = Settings::of(stack.stage());
    stack.describe("Checks the sessions of the captain's log at the edge");
    stack.pin_to_region("us-east-1");

    let home = stack.home_region();
    let sessions = TableRef::from_name_in(&*home, &*settings.sessions_table);
    let gate = stack.add(
        "Gate",
        EdgeFunction::rust("captains-log-edge")
            .description("Lets live sessions pass, and sends everyone else to the login page")
            .log_retention(settings.durability.log_retention)
            .checked_config(SessionGate::new(home, settings.sessions_table))
            .grant(sessions.allow(["dynamodb:GetItem"])),
    );
    stack.output("GateVersion", gate.version_arn());

    if let Some(address) = settings.address.filter(|address| address.certificate.is_none()) {
        let certificate = stack.add("Certificate", Certificate::of(address.name, &address.zone));
        stack.output("CertificateArn", certificate.arn());
    }
}
