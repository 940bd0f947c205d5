//! The policies of a template, compiled once, and the judgement of calls by them.

mod advice;
mod cache;
mod condition;
mod document;
mod facts;
mod judge;
mod managed;
mod pattern;
mod principals;
mod roles;

pub(crate) use facts::user_id;

use cache::Cache;
use facts::Facts;
use judge::{Verdict, message, verdict};
use roles::Roles;
use stack_builder_local_core::{
    Ask, Authorizer, Caller, Decision, Note, Principal, ResourceId, Resources, Severity, World,
};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// Refusals told to the journal; whoever makes more has seen enough.
const MOST_TOLD: usize = 500;

/// All roles of an application with what they may do; judges calls. Cheap to clone.
///
/// The judgement is IAM's for one account: a denial anywhere counts most, then what the resource's policy allows, then
/// what the role's own policies allow within its permissions boundary. See
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>.
#[derive(Clone, Debug)]
pub struct Policies(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    world: World,
    roles: RwLock<Arc<Roles>>,
    resource_policies: Cache,
    /// Who was refused what, on which resource.
    told: Mutex<HashSet<(String, String, String)>>,
}

impl Policies {
    /// Compiles the policies of the template.
    pub fn new(resources: &Resources, world: &World) -> Self {
        Self(Arc::new(Inner {
            world: world.clone(),
            roles: RwLock::new(Arc::new(Roles::compile(resources, world))),
            resource_policies: Cache::default(),
            told: Mutex::default(),
        }))
    }

    /// Takes on a changed template, and tells what of it is not done here.
    pub fn apply(&self, resources: &Resources) -> Vec<Note> {
        let roles = Arc::new(Roles::compile(resources, &self.0.world));
        *self.0.roles.write().unwrap_or_else(PoisonError::into_inner) = roles;
        self.0.told.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.notes()
    }

    /// What of the template is not done here.
    pub fn notes(&self) -> Vec<Note> {
        self.roles().notes.clone()
    }

    /// The longest session of a role in seconds, when the role is here.
    pub(crate) fn longest_session(&self, role: &str) -> Option<u64> {
        self.roles().get(role).map(|role| role.longest_session)
    }

    /// Whether the caller of `ask` may take on the role that is its resource.
    pub(crate) fn may_assume(&self, ask: &Ask<'_>) -> Decision {
        let roles = self.roles();
        let trusted = roles.get(ask.resource).is_some_and(|role| {
            let action = ask.action.to_ascii_lowercase();
            judge::may_assume(&self.facts(ask), &roles, &role.trust, &action)
        });
        if trusted {
            return Decision::Allowed;
        }
        let message = judge::not_authorized(ask, &self.0.world.account);
        let advice = format!(
            "the trust policy (`AssumeRolePolicyDocument`) of the role `{}` must name the caller, and when it names \
             the account only, the caller's own policies must allow `{}` as well",
            ask.resource, ask.action
        );
        Decision::Denied { message, advice }
    }

    fn roles(&self) -> Arc<Roles> {
        self.0.roles.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn facts<'a>(&'a self, ask: &'a Ask<'a>) -> Facts<'a> {
        let world = &self.0.world;
        Facts { ask, account: &world.account, region: &world.region, now: world.clock.seconds() }
    }

    /// Tells what cannot be understood of the policy of a resource.
    fn tell_problems(&self, ask: &Ask<'_>, problems: Vec<String>) {
        for problem in problems {
            let roles = self.roles();
            let owner = advice::owner(ask.resource, &roles).map(|resource| &resource.id);
            let message = format!("the policy of `{}`, {problem}; the statement is ignored", ask.resource);
            self.tell(ask, &problem, owner, &message, "");
        }
    }

    /// Tells a refusal, once.
    fn tell(&self, ask: &Ask<'_>, who: &str, resource: Option<&ResourceId>, message: &str, advice: &str) {
        let mut told = self.0.told.lock().unwrap_or_else(PoisonError::into_inner);
        let refusal = (who.to_owned(), ask.action.to_owned(), ask.resource.to_owned());
        if told.len() >= MOST_TOLD || !told.insert(refusal) {
            return;
        }
        let last = told.len() == MOST_TOLD;
        drop(told);
        self.0.world.journal.notice(Severity::Warning, resource, message, advice);
        if last {
            let message = format!("{MOST_TOLD} different calls were refused; further ones are not shown");
            self.0.world.journal.notice(Severity::Warning, None, &message, "");
        }
    }
}

impl Authorizer for Policies {
    fn judge(&self, ask: &Ask<'_>) -> Decision {
        let roles = self.roles();
        let policy = ask.resource_policy.map(|policy| {
            self.0.resource_policies.compiled(policy, |problems| self.tell_problems(ask, problems))
        });
        let facts = self.facts(ask);
        let action = ask.action.to_ascii_lowercase();
        let verdict = verdict(&facts, &roles, policy.as_deref(), &action);
        let Verdict::Denied(reason) = verdict else { return Decision::Allowed };
        let message = message(ask, reason, facts.account);
        let advice = advice::advice(&facts, &roles, reason, &action);
        match ask.caller {
            Caller::Principal(Principal::Role { role, .. }) => {
                let id = roles.get(role).map(|role| &role.id);
                self.tell(ask, role, id, &message, &advice);
            }
            Caller::Service { name, source_arn } => {
                self.tell(ask, &format!("{name} {source_arn}"), None, &message, &advice);
            }
            // Strangers are refused all day long, and the developer knows.
            Caller::Anonymous | Caller::Principal(Principal::Administrator) => {}
        }
        Decision::Denied { message, advice }
    }
}

#[cfg(test)]
mod tests;
