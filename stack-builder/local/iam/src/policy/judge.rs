//! The order in which policies count.

use super::document::{Document, Effect};
use super::facts::Facts;
use super::principals::Reach;
use super::roles::{Role, Roles};
use stack_builder_local_core::{Ask, Caller, Principal};

/// Whose policies decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Identity,
    Boundary,
    Resource,
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// A statement denies it.
    Denied(Source),
    /// None allows it.
    NotAllowed(Source),
}

/// The outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Allowed,
    Denied(Reason),
}

/// Judges a call; `action` in lower case.
pub(super) fn verdict(facts: &Facts<'_>, roles: &Roles, policy: Option<&Document>, action: &str) -> Verdict {
    let reach = |effect| policy.map_or(Reach::Nobody, |policy| policy.reach(effect, facts, action));
    if reach(Effect::Deny) > Reach::Nobody {
        return Verdict::Denied(Reason::Denied(Source::Resource));
    }
    match facts.ask.caller {
        Caller::Principal(Principal::Administrator) => Verdict::Allowed,
        Caller::Principal(Principal::Role { role, .. }) => {
            of_role(facts, roles.get(role), reach(Effect::Allow), action)
        }
        Caller::Service { .. } | Caller::Anonymous if reach(Effect::Allow) == Reach::Itself => {
            Verdict::Allowed
        }
        Caller::Service { .. } | Caller::Anonymous => Verdict::Denied(Reason::NotAllowed(Source::Resource)),
    }
}

fn of_role(facts: &Facts<'_>, role: Option<&Role>, by_resource: Reach, action: &str) -> Verdict {
    let denied = |reason| Verdict::Denied(reason);
    let Some(role) = role else { return denied(Reason::NotAllowed(Source::Identity)) };
    let says = |effect| role.policies.iter().any(|policy| policy.document.says(effect, facts, action));
    let bounded = |effect| role.boundary.as_ref().map(|boundary| boundary.says(effect, facts, action));
    if says(Effect::Deny) {
        return denied(Reason::Denied(Source::Identity));
    }
    if bounded(Effect::Deny) == Some(true) {
        return denied(Reason::Denied(Source::Boundary));
    }
    if by_resource == Reach::Itself {
        return Verdict::Allowed;
    }
    if by_resource < Reach::Role && !says(Effect::Allow) {
        return denied(Reason::NotAllowed(Source::Identity));
    }
    if bounded(Effect::Allow) == Some(false) {
        return denied(Reason::NotAllowed(Source::Boundary));
    }
    Verdict::Allowed
}

/// Whether a trust policy lets the caller in: by name, or by naming the account when the caller's own policies agree.
pub(super) fn may_assume(facts: &Facts<'_>, roles: &Roles, trust: &Document, action: &str) -> bool {
    if trust.reach(Effect::Deny, facts, action) > Reach::Nobody {
        return false;
    }
    let reach = trust.reach(Effect::Allow, facts, action);
    match facts.ask.caller {
        Caller::Principal(Principal::Administrator) => reach > Reach::Nobody,
        Caller::Principal(Principal::Role { role, .. }) => {
            reach > Reach::Nobody && of_role(facts, roles.get(role), reach, action) == Verdict::Allowed
        }
        Caller::Service { .. } | Caller::Anonymous => reach == Reach::Itself,
    }
}

/// `User: … is not authorized to perform: … on resource: …`.
pub(super) fn not_authorized(ask: &Ask<'_>, account: &str) -> String {
    let who = match ask.caller {
        Caller::Principal(principal) => principal.arn(account),
        Caller::Service { name, .. } => name.clone(),
        Caller::Anonymous => "anonymous".to_owned(),
    };
    format!("User: {who} is not authorized to perform: {} on resource: {}", ask.action, ask.resource)
}

/// The same with the reason, as
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html> has it.
pub(super) fn message(ask: &Ask<'_>, reason: Reason, account: &str) -> String {
    let what = not_authorized(ask, account);
    match reason {
        Reason::Denied(Source::Identity) => {
            format!("{what} with an explicit deny in an identity-based policy")
        }
        Reason::Denied(Source::Boundary) => format!("{what} with an explicit deny in a permissions boundary"),
        Reason::Denied(Source::Resource) => {
            format!("{what} with an explicit deny in a resource-based policy")
        }
        Reason::NotAllowed(source) => {
            let policy = match source {
                Source::Identity => "identity-based policy",
                Source::Boundary => "permissions boundary",
                Source::Resource => "resource-based policy",
            };
            format!("{what} because no {policy} allows the {} action", ask.action)
        }
    }
}
