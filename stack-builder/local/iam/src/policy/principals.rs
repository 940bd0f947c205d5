//! The `Principal` element of a resource's policy.

use super::document::texts;
use serde_json::Value;
use stack_builder_local_core::{Caller, Principal};

/// How closely a policy names a caller; what it allows weighs more the closer it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// Not at all.
    Nobody,
    /// The whole account, which leaves it to the caller's own policies.
    Account,
    /// Its role, within the role's permissions boundary.
    Role,
    /// The very session, user or service, or everybody.
    Itself,
}

/// A compiled `Principal` or `NotPrincipal`.
#[derive(Clone, Debug)]
pub(super) struct Principals {
    all_but: bool,
    everybody: bool,
    /// ARNs, account numbers or `*`.
    aws: Vec<String>,
    services: Vec<String>,
}

impl Principals {
    /// Compiles that of a statement; `None` when it has none.
    pub(super) fn compile(statement: &Value) -> Result<Option<Self>, String> {
        let (value, all_but) = match (statement.get("Principal"), statement.get("NotPrincipal")) {
            (Some(value), _) => (value, false),
            (None, Some(value)) => (value, true),
            (None, None) => return Ok(None),
        };
        let mut out = Self { all_but, everybody: value == "*", aws: Vec::new(), services: Vec::new() };
        let Value::Object(kinds) = value else {
            return if out.everybody { Ok(Some(out)) } else { Err("`Principal` is not `*`".to_owned()) };
        };
        for (kind, list) in kinds {
            let list = texts(list).ok_or_else(|| format!("`Principal.{kind}` is no text"))?;
            let list = list.into_iter().map(str::to_owned);
            match kind.as_str() {
                "AWS" => out.aws.extend(list),
                "Service" => out.services.extend(list),
                // Nobody comes from a web identity or with a canonical user id here.
                "Federated" | "CanonicalUser" => {}
                _ => return Err(format!("`Principal.{kind}` is not known")),
            }
        }
        Ok(Some(out))
    }

    /// How closely it names a caller.
    pub(super) fn reach(&self, caller: &Caller, account: &str) -> Reach {
        let reach = self.named(caller, account);
        match (self.all_but, reach) {
            (false, reach) => reach,
            (true, Reach::Nobody) => Reach::Itself,
            (true, _) => Reach::Nobody,
        }
    }

    fn named(&self, caller: &Caller, account: &str) -> Reach {
        if self.everybody || self.aws.iter().any(|name| name == "*") {
            return Reach::Itself;
        }
        match caller {
            Caller::Service { name, .. } if self.services.contains(name) => Reach::Itself,
            Caller::Service { .. } | Caller::Anonymous => Reach::Nobody,
            Caller::Principal(principal) => {
                let itself = principal.arn(account);
                let of = |name: &String| one(name, principal, &itself, account);
                self.aws.iter().map(of).max().unwrap_or(Reach::Nobody)
            }
        }
    }
}

fn one(name: &str, principal: &Principal, itself: &str, account: &str) -> Reach {
    if name == itself {
        return Reach::Itself;
    }
    match principal {
        Principal::Role { role, .. } if name == &**role => return Reach::Role,
        _ => {}
    }
    let root = name.strip_prefix("arn:aws:iam::").and_then(|rest| rest.strip_suffix(":root"));
    if name == account || root == Some(account) { Reach::Account } else { Reach::Nobody }
}
