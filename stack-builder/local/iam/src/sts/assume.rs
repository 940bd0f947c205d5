//! New sessions: `AssumeRole` and `GetSessionToken`.

use super::{Sts, principal};
use crate::calendar::extended;
use crate::keys::{role_credentials, temporary, unique_id};
use crate::query::{Form, QueryError, Xml};
use stack_builder_local_core::{ApiCall, Ask, Credentials, Decision, Principal};

/// Parameters that would narrow or mark a session, which nothing here would heed.
const UNHEEDED: &[&str] = &["Policy", "PolicyArns.member.1.arn", "SerialNumber", "TokenCode"];
/// A role that takes on another one gets an hour at most.
const LONGEST_CHAINED: u64 = 3600;
const LONGEST_TOKEN: u64 = 129_600;

impl Sts {
    pub(super) fn assume_role(&self, call: &ApiCall, form: &Form) -> Result<Xml, QueryError> {
        heed(form)?;
        let role = required(form, "RoleArn", "roleArn")?;
        let session = session_name(required(form, "RoleSessionName", "roleSessionName")?)?;
        let mut ask = Ask::new(&call.caller, "sts:AssumeRole", role);
        ask.context.insert("sts:rolesessionname".to_owned(), vec![session.to_owned()]);
        if let Some(id) = form.get("ExternalId") {
            ask.context.insert("sts:externalid".to_owned(), vec![id.to_owned()]);
        }
        if let Decision::Denied { message, .. } = self.policies.may_assume(&ask) {
            return Err(QueryError::new(403, "AccessDenied", message));
        }
        let seconds = self.role_seconds(call, form, role)?;
        let expires = self.world.clock.seconds() + seconds;
        let credentials = role_credentials(role, session).until(expires);
        let xml = Xml::default().nest("Credentials", |xml| keys(xml, &credentials, expires)).nest(
            "AssumedRoleUser",
            |xml| {
                let id = format!("{}:{session}", unique_id("AROA", role));
                xml.text("AssumedRoleId", &id).text("Arn", &credentials.principal.arn(&self.world.account))
            },
        );
        self.issue(credentials);
        Ok(xml)
    }

    pub(super) fn session_token(&self, call: &ApiCall, form: &Form) -> Result<Xml, QueryError> {
        heed(form)?;
        if !matches!(principal(call)?, Principal::Administrator) {
            let message = "Cannot call GetSessionToken with session credentials";
            return Err(QueryError::new(403, "AccessDenied", message));
        }
        let expires = self.world.clock.seconds() + duration(form, 43_200, LONGEST_TOKEN)?;
        let credentials = temporary(Principal::Administrator).until(expires);
        let xml = Xml::default().nest("Credentials", |xml| keys(xml, &credentials, expires));
        self.issue(credentials);
        Ok(xml)
    }

    fn role_seconds(&self, call: &ApiCall, form: &Form, role: &str) -> Result<u64, QueryError> {
        let seconds = duration(form, 3600, 43_200)?;
        let longest = self.policies.longest_session(role).unwrap_or(3600);
        if form.get("DurationSeconds").is_none() {
            return Ok(seconds.min(longest));
        }
        if seconds > longest {
            return Err(invalid(
                "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
            ));
        }
        if seconds > LONGEST_CHAINED && matches!(principal(call)?, Principal::Role { .. }) {
            return Err(invalid(
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
            ));
        }
        Ok(seconds)
    }
}

fn keys(xml: Xml, credentials: &Credentials, expires: u64) -> Xml {
    xml.text("AccessKeyId", &credentials.access_key)
        .text("SecretAccessKey", &credentials.secret_key)
        .text("SessionToken", credentials.session_token.as_deref().unwrap_or_default())
        .text("Expiration", &extended(expires))
}

fn invalid(message: impl Into<String>) -> QueryError {
    QueryError::new(400, "ValidationError", message)
}

/// A session that seems narrower than it is would be a lie.
fn heed(form: &Form) -> Result<(), QueryError> {
    match UNHEEDED.iter().find(|name| form.get(name).is_some()) {
        Some(name) => Err(invalid(format!("`{name}` is not supported by the local Security Token Service"))),
        None => Ok(()),
    }
}

fn required<'f>(form: &'f Form, name: &str, member: &str) -> Result<&'f str, QueryError> {
    form.get(name).ok_or_else(|| {
        invalid(format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be \
             null"
        ))
    })
}

/// Letters, digits and `_+=,.@-`, 2 to 64 of them.
fn session_name(name: &str) -> Result<&str, QueryError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    if (2..=64).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(name);
    }
    Err(invalid(format!(
        "1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy constraint: Member must \
         satisfy regular expression pattern: [\\w+=,.@-]* and have length between 2 and 64"
    )))
}

fn duration(form: &Form, default: u64, longest: u64) -> Result<u64, QueryError> {
    let Some(text) = form.get("DurationSeconds") else { return Ok(default) };
    text.parse().ok().filter(|seconds| (900..=longest).contains(seconds)).ok_or_else(|| {
        invalid(format!(
            "1 validation error detected: Value '{text}' at 'durationSeconds' failed to satisfy constraint: Member \
             must have value between 900 and {longest}"
        ))
    })
}
