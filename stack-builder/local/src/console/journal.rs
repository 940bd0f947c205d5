//! Messages to users, and notices for the developer.

use super::Console;
use super::asked::{Asked, Shown, clipped};
use serde_json::{Value, json};
use stack_builder_local_core::{Event, Mail, Severity};

/// What is shown of a message.
const LONGEST: usize = 20_000;

impl Console {
    /// The inbox, the latest first.
    pub(super) fn inbox(&self, asked: &Asked) -> Shown {
        let limit = asked.limit(50, 200)?;
        Ok(self.stores.world.journal.inbox().iter().rev().take(limit).map(mail).collect())
    }

    /// The notices, the latest first.
    pub(super) fn notices(&self, asked: &Asked) -> Shown {
        let limit = asked.limit(200, 500)?;
        Ok(self.stores.world.journal.notices().iter().rev().filter_map(notice).take(limit).collect())
    }
}

fn mail(mail: &Mail) -> Value {
    json!({
        "number": mail.number,
        "at": mail.at,
        "to": mail.to,
        "subject": mail.subject,
        "body": clipped(&mail.body, LONGEST),
        "code": mail.code,
    })
}

fn notice(event: &Event) -> Option<Value> {
    let Event::Notice { at, severity, resource, message, hint } = event else { return None };
    let severity = match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    Some(json!({
        "at": at,
        "severity": severity,
        "resource": resource.as_ref().map(ToString::to_string),
        "message": clipped(message, LONGEST),
        "hint": clipped(hint, LONGEST),
    }))
}
