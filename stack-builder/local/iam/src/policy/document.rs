//! Policy documents, compiled.

use super::condition::{Condition, conditions};
use super::facts::Facts;
use super::pattern::Pattern;
use super::principals::{Principals, Reach};
use serde_json::Value;

/// Whether a statement allows or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// A list of patterns, or everything but a list.
#[derive(Clone, Debug)]
pub(super) struct Patterns {
    all_but: bool,
    list: Vec<Pattern>,
}

/// One statement.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// `Sid`, or its number.
    pub(super) name: String,
    pub(super) effect: Effect,
    pub(super) principals: Option<Principals>,
    pub(super) actions: Patterns,
    /// `None` in policies that say no resource, such as trust policies: their own.
    pub(super) resources: Option<Patterns>,
    conditions: Vec<Condition>,
}

/// A policy.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    pub(super) statements: Vec<Statement>,
}

impl Document {
    /// Compiles a document; what cannot be understood is told, and the statement that holds it never applies.
    pub(super) fn compile(document: &Value) -> (Self, Vec<String>) {
        // Variables are plain text in the older version of the language, which is the default.
        let variables = document["Version"] == "2012-10-17";
        let statements = match &document["Statement"] {
            Value::Array(all) => all.iter().collect(),
            Value::Null => Vec::new(),
            one => vec![one],
        };
        let (mut compiled, mut problems) = (Self::default(), Vec::new());
        for (index, value) in statements.into_iter().enumerate() {
            let sid = value["Sid"].as_str().filter(|sid| !sid.is_empty());
            let name = sid.map_or_else(|| format!("number {}", index + 1), |sid| format!("`{sid}`"));
            match statement(value, variables, &name) {
                Ok(statement) => compiled.statements.push(statement),
                Err(problem) => problems.push(format!("statement {name}: {problem}")),
            }
        }
        (compiled, problems)
    }

    /// A document that allows actions on resources.
    pub(super) fn allowing(name: &str, actions: &[&str], resources: &[&str]) -> Self {
        let statement = Statement {
            name: name.to_owned(),
            effect: Effect::Allow,
            principals: None,
            actions: Patterns::of(actions.iter().map(|action| Pattern::action(action)).collect()),
            resources: Some(Patterns::of(resources.iter().map(|arn| Pattern::arn(arn, false)).collect())),
            conditions: Vec::new(),
        };
        Self { statements: vec![statement] }
    }

    /// Whether a statement of an identity's policy has this effect on the call.
    pub(super) fn says(&self, effect: Effect, facts: &Facts<'_>, action: &str) -> bool {
        self.statements.iter().any(|statement| statement.effect == effect && statement.applies(facts, action))
    }

    /// How closely a resource's policy, with this effect, names the caller for the call.
    pub(super) fn reach(&self, effect: Effect, facts: &Facts<'_>, action: &str) -> Reach {
        let of = |statement: &Statement| {
            let principals = statement.principals.as_ref();
            let reach = principals.map_or(Reach::Nobody, |list| list.reach(facts.ask.caller, facts.account));
            let counts =
                statement.effect == effect && reach > Reach::Nobody && statement.applies(facts, action);
            if counts { reach } else { Reach::Nobody }
        };
        self.statements.iter().map(of).max().unwrap_or(Reach::Nobody)
    }
}

impl Statement {
    /// Whether action, resource and conditions fit; `action` in lower case.
    fn applies(&self, facts: &Facts<'_>, action: &str) -> bool {
        self.fits_action(action)
            && self.fits_resource(facts)
            && self.conditions.iter().all(|condition| condition.holds(facts))
    }

    pub(super) fn fits_action(&self, action: &str) -> bool {
        self.actions.matches(action, &|_| None)
    }

    pub(super) fn fits_resource(&self, facts: &Facts<'_>) -> bool {
        let lookup = |key: &str| facts.first(key);
        self.resources.as_ref().is_none_or(|resources| resources.matches(facts.ask.resource, &lookup))
    }
}

impl Patterns {
    fn of(list: Vec<Pattern>) -> Self {
        Self { all_but: false, list }
    }

    fn matches(&self, text: &str, lookup: super::pattern::Lookup<'_>) -> bool {
        self.list.iter().any(|pattern| pattern.matches(text, lookup)) != self.all_but
    }

    /// The patterns as the policy has them: `` `a`, `b` ``.
    pub(super) fn shown(&self) -> String {
        let list: Vec<_> = self.list.iter().map(|pattern| format!("`{}`", pattern.source())).collect();
        format!("{}{}", if self.all_but { "all but " } else { "" }, list.join(", "))
    }
}

fn statement(value: &Value, variables: bool, name: &str) -> Result<Statement, String> {
    let effect = match value["Effect"].as_str() {
        Some("Allow") => Effect::Allow,
        Some("Deny") => Effect::Deny,
        _ => return Err("`Effect` is neither `Allow` nor `Deny`".to_owned()),
    };
    let resource = |text: &str| Pattern::arn(text, variables);
    Ok(Statement {
        name: name.to_owned(),
        effect,
        principals: Principals::compile(value)?,
        actions: patterns(value, "Action", Pattern::action)?.ok_or("there is no `Action`")?,
        resources: patterns(value, "Resource", resource)?,
        conditions: conditions(&value["Condition"], variables)?,
    })
}

/// `Action` or `NotAction`, and so on.
fn patterns(
    statement: &Value,
    name: &str,
    compile: impl Fn(&str) -> Pattern,
) -> Result<Option<Patterns>, String> {
    let opposite = format!("Not{name}");
    let (value, all_but) = match (statement.get(name), statement.get(&opposite)) {
        (Some(_), Some(_)) => return Err(format!("there are both `{name}` and `{opposite}`")),
        (Some(value), None) => (value, false),
        (None, Some(value)) => (value, true),
        (None, None) => return Ok(None),
    };
    let list = texts(value).ok_or_else(|| format!("`{name}` is no text and no list of texts"))?;
    Ok(Some(Patterns { all_but, list: list.into_iter().map(compile).collect() }))
}

/// A text or a list of texts.
pub(super) fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Array(list) => list.iter().map(Value::as_str).collect(),
        _ => None,
    }
}
