//! The captain's log: captains log in and read what they wrote, and the edge knows who may.
//!
//! Two stacks: what CloudFront needs in us-east-1 stands in [`edge`], everything else here.

pub(crate) mod edge;
mod settings;

use serde_json::{Value as Json, json};
use settings::{Address, Settings};
use stack_builder::{
    Certificate, Domain, EdgeEvent, Function, RemovalPolicy, RestApi, Secret, Stack, StaticSite, Table, get,
    post,
};

/// The name of the stack in us-east-1.
pub(crate) const EDGE: &str = "captains-log-edge";

pub(crate) fn describe(stack: &mut Stack) {
    let settings = Settings::of(stack.stage());
    let durability = settings.durability;
    stack.describe("Captains log in and read their log");
    stack.seed("stacks/seed/captains-log.json");

    // Both are of use for minutes, whatever the stage.
    let short_lived =
        |table: Table| table.expires_by("ttl").without_recovery().removal_policy(RemovalPolicy::Delete);
    let sessions = Table::keyed_by("session-id").name(&*settings.sessions_table);
    let sessions = stack.add("Sessions", short_lived(sessions));
    let attempts = stack.add("Attempts", short_lived(Table::keyed_by("userName")));
    let logs = stack.add("Logs", durability.table(Table::keyed_by("userName").sorted_by("stardate")));
    let passwords = Secret::new().description("A JSON object: the password of each user");
    let passwords = stack.add("Passwords", passwords.removal_policy(durability.removal));

    let function = |bin, does| {
        let function = Function::rust(bin).description(does).log_retention(durability.log_retention);
        function.env("SESSIONS_TABLE", sessions.name())
    };
    let login = stack.add(
        "Login",
        function("captains-log-login", "Begins a session for who knows a password")
            .env("ATTEMPTS_TABLE", attempts.name())
            .env("PASSWORDS_SECRET", passwords.arn())
            .env("SESSION_SECONDS", settings.session.to_string())
            .grant(sessions.allow(["dynamodb:PutItem"]))
            .grant(attempts.allow(["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]))
            .grant(passwords.read()),
    );
    let home = stack.add(
        "Home",
        function("captains-log-home", "Shows the log of whose session it is")
            .env("LOGS_TABLE", logs.name())
            .grant(sessions.allow(["dynamodb:GetItem"]))
            .grant(logs.allow(["dynamodb:Query"])),
    );
    let logout = stack.add(
        "Logout",
        function("captains-log-logout", "Ends a session").grant(sessions.allow(["dynamodb:DeleteItem"])),
    );

    let (rate, burst) = settings.throttle;
    let api = stack.add(
        "Api",
        RestApi::new()
            .stage_name("api")
            .throttle(rate, burst)
            .log_retention(durability.log_retention)
            .route("/login", post(&login).body(credentials()).throttle(5, 10))
            .route("/home", get(&home))
            .route("/logout", post(&logout)),
    );

    let gate = stack.input(EDGE, "GateVersion");
    let mut site = StaticSite::from_dir("site/captains-log")
        .without_default_object()
        .forward("/api/*", api.origin())
        .edge(EdgeEvent::ViewerRequest, &gate)
        .edge(EdgeEvent::OriginResponse, &gate);
    if let Some(address) = &settings.address {
        site = site.at(domain(stack, address));
    }
    let site = stack.add("Site", site);

    stack.output("SiteUrl", site.url());
    stack.output("ApiUrl", api.url());
    stack.output("SessionsTable", sessions.name());
    stack.output("LogsTable", logs.name());
}

/// The name, with the certificate that the other stack made unless there was one.
fn domain(stack: &mut Stack, address: &Address) -> Domain {
    let certificate = match address.certificate {
        Some(arn) => Certificate::existing(arn),
        None => Certificate::existing(stack.input(EDGE, "CertificateArn")),
    };
    Domain::new(address.name, &address.zone, &certificate)
}

/// What a captain logs in with; the handler checks the rest.
fn credentials() -> Json {
    json!({
        "$schema": "http://json-schema.org/draft-04/schema#",
        "title": "Credentials",
        "type": "object",
        "required": ["userName", "password"],
        "properties": {
            "userName": {"type": "string", "minLength": 1, "maxLength": 64},
            "password": {"type": "string", "minLength": 1, "maxLength": 256},
        },
    })
}
