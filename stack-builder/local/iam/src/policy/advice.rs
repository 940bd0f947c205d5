//! What to change in the stack so that a refused call is allowed.

use super::document::{Document, Effect, Statement};
use super::facts::Facts;
use super::judge::{Reason, Source};
use super::roles::{Role, Roles};
use stack_builder_local_core::{Caller, Principal, Resource};

/// Advice for whoever writes the stack.
pub(super) fn advice(facts: &Facts<'_>, roles: &Roles, reason: Reason, action: &str) -> String {
    match facts.ask.caller {
        Caller::Principal(Principal::Role { role, .. }) => match roles.get(role) {
            Some(known) => of_role(facts, roles, known, reason, action),
            None => {
                format!("the role `{role}` is in no stack of this application, so nothing is allowed to it")
            }
        },
        _ if reason == Reason::Denied(Source::Resource) => {
            format!("a statement of the policy of {} denies it", target(facts, roles))
        }
        Caller::Service { name, source_arn } => format!(
            "the policy of {} lacks a statement that allows `{}` to the service `{name}` for `{source_arn}` \
             (`aws:SourceArn`): Action `{}`, Resource `{}`",
            target(facts, roles),
            facts.ask.action,
            facts.ask.action,
            facts.ask.resource
        ),
        _ => String::new(),
    }
}

fn of_role(facts: &Facts<'_>, roles: &Roles, role: &Role, reason: Reason, action: &str) -> String {
    let which = format!("the role `{}` of the stack `{}`", role.id.logical_id, role.id.stack);
    match reason {
        Reason::Denied(Source::Resource) => {
            format!("a statement of the policy of {} denies it", target(facts, roles))
        }
        Reason::Denied(Source::Boundary) => format!("the permissions boundary of {which} denies it"),
        Reason::Denied(Source::Identity) => match denying(facts, role, action) {
            Some((policy, statement)) => {
                format!("statement {} of the policy `{policy}` of {which} denies it", statement.name)
            }
            None => format!("a policy of {which} denies it"),
        },
        Reason::NotAllowed(Source::Boundary) => {
            format!("the permissions boundary of {which} lacks {}", missing(facts, roles))
        }
        Reason::NotAllowed(_) => {
            let near = near_miss(facts, role, action).map(|near| format!("; {near}")).unwrap_or_default();
            format!("{which} lacks {}{near}", missing(facts, roles))
        }
    }
}

/// The missing statement.
fn missing(facts: &Facts<'_>, roles: &Roles) -> String {
    let ask = facts.ask;
    let what = owner(ask.resource, roles)
        .map(|resource| format!(" (`{}` of the stack `{}`)", resource.id.logical_id, resource.id.stack));
    format!(
        "a statement with Action `{}` and Resource `{}`{}",
        ask.action,
        ask.resource,
        what.unwrap_or_default()
    )
}

fn target(facts: &Facts<'_>, roles: &Roles) -> String {
    match owner(facts.ask.resource, roles) {
        Some(resource) => format!("`{}` of the stack `{}`", resource.id.logical_id, resource.id.stack),
        None => format!("`{}`", facts.ask.resource),
    }
}

/// The resource whose ARN begins this one: that of a table for an index, that of a bucket for an object.
pub(super) fn owner<'r>(arn: &str, roles: &'r Roles) -> Option<&'r Resource> {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with(['/', ':']);
    let begins = |resource: &&Resource| {
        resource.arn().and_then(|whole| arn.strip_prefix(whole.trim_end_matches(":*"))).is_some_and(ends)
    };
    roles.resources.iter().filter(begins).max_by_key(|resource| resource.arn().map_or(0, str::len))
}

fn denying<'r>(facts: &Facts<'_>, role: &'r Role, action: &str) -> Option<(&'r str, &'r Statement)> {
    let denies = |document: &Document, statement: &Statement| {
        let alone = Document { statements: vec![statement.clone()] };
        document.says(Effect::Deny, facts, action) && alone.says(Effect::Deny, facts, action)
    };
    all(role).find(|(document, _, statement)| denies(document, statement)).map(|(_, name, s)| (name, s))
}

fn all(role: &Role) -> impl Iterator<Item = (&Document, &str, &Statement)> {
    role.policies.iter().flat_map(|policy| {
        let document = &policy.document;
        document.statements.iter().map(move |statement| (document, policy.name.as_str(), statement))
    })
}

/// The statement that allows nearly what was asked: all but its condition, another resource, or another action.
fn near_miss(facts: &Facts<'_>, role: &Role, action: &str) -> Option<String> {
    let fits = |statement: &Statement| (statement.fits_action(action), statement.fits_resource(facts));
    let allowing = || all(role).filter(|(_, _, statement)| statement.effect == Effect::Allow);
    let find = |wanted| allowing().find(|(_, _, statement)| fits(statement) == wanted);
    if let Some((_, policy, statement)) = find((true, true)) {
        let text = "allows this, but under a condition that does not hold";
        return Some(format!("statement {} of the policy `{policy}` {text}", statement.name));
    }
    if let Some((_, policy, statement)) = find((true, false)) {
        let resources =
            statement.resources.as_ref().map(super::document::Patterns::shown).unwrap_or_default();
        return Some(format!(
            "statement {} of the policy `{policy}` allows the action, but on {resources}",
            statement.name
        ));
    }
    let (_, policy, statement) = find((false, true))?;
    let actions = statement.actions.shown();
    Some(format!(
        "statement {} of the policy `{policy}` has the resource, but allows {actions}",
        statement.name
    ))
}
