//! One user, as kept on disk.

use crate::srp::Verifier;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Sessions kept of one user; the oldest makes room.
const MOST_SESSIONS: usize = 50;

/// Where a user stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Signed up, not confirmed.
    #[serde(rename = "UNCONFIRMED")]
    Unconfirmed,
    /// May sign in.
    #[serde(rename = "CONFIRMED")]
    Confirmed,
    /// Has a temporary password.
    #[serde(rename = "FORCE_CHANGE_PASSWORD")]
    ForceChangePassword,
    /// Must ask for a new password.
    #[serde(rename = "RESET_REQUIRED")]
    ResetRequired,
}

impl Status {
    /// As AWS writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unconfirmed => "UNCONFIRMED",
            Self::Confirmed => "CONFIRMED",
            Self::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
            Self::ResetRequired => "RESET_REQUIRED",
        }
    }
}

/// What a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Purpose {
    SignUp,
    Password,
    Email,
    Phone,
}

/// A code that was mailed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) digits: String,
    /// Seconds since 1970.
    pub(crate) until: u64,
    /// Wrong guesses so far.
    pub(crate) misses: u32,
    /// The attribute it was sent to.
    pub(crate) attribute: String,
}

/// What a refresh token stands for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    /// SHA-256 of the token, base64url.
    pub(crate) hash: String,
    pub(crate) client: String,
    pub(crate) origin: String,
    pub(crate) signed_in: u64,
    pub(crate) scopes: Vec<String>,
    /// Whether the user signed in on the pages.
    pub(crate) is_hosted: bool,
    /// Seconds since 1970.
    pub(crate) until: u64,
    pub(crate) is_revoked: bool,
}

/// A user with everything that is known.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) username: String,
    pub(crate) sub: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) status: Status,
    pub(crate) is_enabled: bool,
    /// Milliseconds since 1970.
    pub(crate) created: u64,
    pub(crate) modified: u64,
    pub(crate) verifier: Option<Verifier>,
    /// When a temporary password ends, seconds since 1970.
    pub(crate) temporary_until: Option<u64>,
    pub(crate) groups: BTreeSet<String>,
    pub(crate) codes: BTreeMap<Purpose, Code>,
    /// When codes were asked for lately, seconds since 1970.
    pub(crate) asked: Vec<u64>,
    pub(crate) sessions: Vec<Session>,
}

impl User {
    pub(crate) fn new(username: String, sub: String, attributes: BTreeMap<String, String>, now: u64) -> Self {
        Self {
            username,
            sub,
            attributes,
            status: Status::Unconfirmed,
            is_enabled: true,
            created: now,
            modified: now,
            verifier: None,
            temporary_until: None,
            groups: BTreeSet::new(),
            codes: BTreeMap::new(),
            asked: Vec::new(),
            sessions: Vec::new(),
        }
    }

    /// An attribute that was proved by a code or an administrator.
    pub(crate) fn verified(&self, attribute: &str) -> Option<&str> {
        let is_verified = self.attributes.get(&format!("{attribute}_verified")).is_some_and(|v| v == "true");
        self.attributes.get(attribute).filter(|_| is_verified).map(String::as_str)
    }

    /// Keeps a session; ended ones are forgotten.
    pub(crate) fn add_session(&mut self, session: Session, now: u64) {
        self.sessions.retain(|session| now < session.until);
        if self.sessions.len() >= MOST_SESSIONS {
            self.sessions.remove(0);
        }
        self.sessions.push(session);
    }

    /// Ends all sessions, or those of one origin.
    pub(crate) fn revoke(&mut self, origin: Option<&str>) {
        let chosen = self.sessions.iter_mut().filter(|s| origin.is_none_or(|origin| s.origin == origin));
        chosen.for_each(|session| session.is_revoked = true);
    }

    /// The attributes as lists of the API have them, `sub` first.
    pub(crate) fn attribute_list(&self, shows: impl Fn(&str) -> bool) -> Value {
        let sub = ("sub".to_owned(), self.sub.clone());
        let all = std::iter::once((&sub.0, &sub.1)).chain(&self.attributes);
        all.filter(|(name, _)| shows(name))
            .map(|(name, value)| json!({ "Name": name, "Value": value }))
            .collect()
    }

    /// The shape `UserType`, with its attributes under a name of the caller's choice.
    pub(crate) fn shape(&self, attributes: &str) -> Value {
        json!({
            "Username": self.username,
            attributes: self.attribute_list(|_| true),
            "UserCreateDate": seconds(self.created),
            "UserLastModifiedDate": seconds(self.modified),
            "Enabled": self.is_enabled,
            "UserStatus": self.status.name(),
        })
    }
}

/// Milliseconds as the JSON protocol writes times.
#[expect(clippy::cast_precision_loss, reason = "times of this age are exact to the millisecond")]
pub(crate) fn seconds(millis: u64) -> f64 {
    millis as f64 / 1000.0
}
