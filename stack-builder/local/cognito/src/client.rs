//! An application that users sign in to.

use crate::definition::{is_true, texts, whole};
use crate::errors::{Result, not_authorized};
use crate::random::{hmac, same};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use stack_builder_local_core::Resource;
use std::collections::BTreeSet;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Whether it has a secret; the pool's state keeps which.
    pub(crate) has_secret: bool,
    /// The secret, when the template's attributes tell it.
    pub(crate) known_secret: Option<String>,
    pub(crate) flows: BTreeSet<String>,
    /// Whether a user who does not exist looks like one with another password.
    pub(crate) hides_users: bool,
    /// Seconds that tokens last.
    pub(crate) access: u64,
    pub(crate) id_token: u64,
    pub(crate) refresh: u64,
    /// Seconds between two steps of a sign-in.
    pub(crate) step: u64,
    pub(crate) revokes: bool,
    /// Seconds that a refresh token lives on after it was exchanged for a new one; `None` when none is given.
    pub(crate) rotation: Option<u64>,
    /// Flows of the sign-in pages: `code`, `implicit`, `client_credentials`; none when the pages are not for it.
    pub(crate) oauth_flows: BTreeSet<String>,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) callbacks: BTreeSet<String>,
    pub(crate) logouts: BTreeSet<String>,
    pub(crate) default_redirect: Option<String>,
    readable: BTreeSet<String>,
    writable: BTreeSet<String>,
    pub(crate) properties: Value,
}

impl Client {
    pub(crate) fn new(resource: &Resource) -> Self {
        let flag = |name| is_true(resource.property(name));
        let rotation = resource.property("RefreshTokenRotation");
        let list = |name| texts(resource.property(name));
        let oauth =
            if flag("AllowedOAuthFlowsUserPoolClient") { list("AllowedOAuthFlows") } else { BTreeSet::new() };
        Self {
            id: resource.physical_id.clone(),
            name: resource.text("ClientName").unwrap_or(&resource.id.logical_id).to_owned(),
            has_secret: flag("GenerateSecret"),
            known_secret: resource.attributes.get("ClientSecret").cloned(),
            flows: flows(resource),
            hides_users: resource.text("PreventUserExistenceErrors") == Some("ENABLED"),
            access: validity(resource, "AccessToken", HOUR, HOUR),
            id_token: validity(resource, "IdToken", HOUR, HOUR),
            refresh: validity(resource, "RefreshToken", DAY, 30 * DAY),
            step: whole(resource.property("AuthSessionValidity")).unwrap_or(3) * MINUTE,
            revokes: resource.flag("EnableTokenRevocation").unwrap_or(true),
            rotation: (rotation["Feature"] == "ENABLED")
                .then(|| whole(&rotation["RetryGracePeriodSeconds"]).unwrap_or(0)),
            oauth_flows: oauth,
            scopes: list("AllowedOAuthScopes"),
            callbacks: list("CallbackURLs"),
            logouts: list("LogoutURLs"),
            default_redirect: resource.text("DefaultRedirectURI").map(str::to_owned),
            readable: list("ReadAttributes"),
            writable: list("WriteAttributes"),
            properties: resource.properties.clone(),
        }
    }

    /// Whether one of these flows may be used, in today's names or those before 2019.
    pub(crate) fn allows(&self, flows: &[&str]) -> bool {
        flows.iter().any(|flow| self.flows.contains(*flow))
    }

    /// Whether the client sees an attribute.
    pub(crate) fn reads(&self, attribute: &str) -> bool {
        self.readable.is_empty() || self.readable.contains(attribute) || attribute == "sub"
    }

    /// Whether the client may change an attribute.
    pub(crate) fn writes(&self, attribute: &str) -> bool {
        self.writable.is_empty() || self.writable.contains(attribute)
    }

    /// Checks the hash that proves the secret: HMAC-SHA-256 of user name and client id.
    pub(crate) fn check_hash(&self, secret: Option<&str>, username: &str, hash: Option<&str>) -> Result<()> {
        let unverified = || not_authorized(format!("Unable to verify secret hash for client {}", self.id));
        match (secret, hash) {
            (None, None) => Ok(()),
            (Some(_), None) => {
                let told = "is configured with secret but SECRET_HASH was not received";
                Err(not_authorized(format!("Client {} {told}", self.id)))
            }
            (Some(secret), Some(hash)) => {
                let expected = hmac(secret.as_bytes(), &[username.as_bytes(), self.id.as_bytes()]);
                let given = STANDARD.decode(hash).unwrap_or_default();
                if same(&expected, &given) { Ok(()) } else { Err(unverified()) }
            }
            (None, Some(_)) => Err(unverified()),
        }
    }
}

fn flows(resource: &Resource) -> BTreeSet<String> {
    let flows = texts(resource.property("ExplicitAuthFlows"));
    if !flows.is_empty() {
        return flows;
    }
    ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"].map(str::to_owned).into()
}

fn validity(resource: &Resource, token: &str, default_unit: u64, default: u64) -> u64 {
    let unit = match resource.property("TokenValidityUnits")[token].as_str() {
        Some("seconds") => 1,
        Some("minutes") => MINUTE,
        Some("hours") => HOUR,
        Some("days") => DAY,
        _ => default_unit,
    };
    let number = whole(resource.property(&format!("{token}Validity"))).unwrap_or(0);
    // Ten years are the most that Cognito allows.
    if number == 0 { default } else { number.saturating_mul(unit).min(3650 * DAY) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use stack_builder_local_core::ResourceId;
    use std::collections::BTreeMap;

    fn client(properties: Value) -> Client {
        let (id, attributes) = (ResourceId::default(), BTreeMap::new());
        let (kind, physical_id) = (crate::definition::CLIENT.to_owned(), "abc".to_owned());
        Client::new(&Resource { id, kind, physical_id, attributes, properties, metadata: Value::Null })
    }

    #[test]
    fn tokens_last_as_long_as_their_units_say() {
        let default = client(json!({}));
        assert_eq!((default.access, default.id_token, default.refresh), (HOUR, HOUR, 30 * DAY));
        let units = json!({ "AccessToken": "minutes", "IdToken": "seconds", "RefreshToken": "hours" });
        let own = client(json!({
            "AccessTokenValidity": 10, "IdTokenValidity": "400", "RefreshTokenValidity": 2, "TokenValidityUnits": units,
        }));
        assert_eq!((own.access, own.id_token, own.refresh), (10 * MINUTE, 400, 2 * HOUR));
    }

    #[test]
    fn a_secret_is_proved_by_its_hash() {
        let client = client(json!({}));
        let hash = STANDARD.encode(hmac(b"secret", &[b"ann", b"abc"]));
        let check = |secret, name, hash: Option<&str>| client.check_hash(secret, name, hash).is_ok();
        assert!(check(None, "ann", None) && check(Some("secret"), "ann", Some(&hash)));
        assert!(!check(Some("secret"), "ann", None) && !check(None, "ann", Some(&hash)));
        assert!(!check(Some("secret"), "bob", Some(&hash)) && !check(Some("other"), "ann", Some(&hash)));
        assert!(!check(Some("secret"), "ann", Some("=?")));
    }
}
