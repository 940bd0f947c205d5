//! The identities of a stack's resources, each found on demand and once.

use super::Unresolved;
use super::attributes::{Identity, Maker};
use super::names::Names;
use super::stack::Scope;
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What is known so far; `None` while an identity is being found, so that a circle is noticed.
#[derive(Default)]
pub(crate) struct Identities(RefCell<BTreeMap<String, Option<Rc<Identity>>>>);

impl Identities {
    /// The identity of a resource of the template.
    pub(crate) fn of(&self, scope: &Scope<'_>, logical_id: &str) -> Result<Rc<Identity>, Unresolved> {
        if let Some(known) = self.0.borrow().get(logical_id) {
            let circle = || Unresolved(format!("the name of `{logical_id}` depends on itself"));
            return known.clone().ok_or_else(circle);
        }
        let resource = scope.resource(logical_id)?;
        self.0.borrow_mut().insert(logical_id.to_owned(), None);
        let made = Rc::new(make(scope, logical_id, resource));
        self.0.borrow_mut().insert(logical_id.to_owned(), Some(made.clone()));
        Ok(made)
    }
}

fn make(scope: &Scope<'_>, logical_id: &str, resource: &Value) -> Identity {
    let raw = &resource["Properties"];
    let texts = |property: &str| {
        let value = raw.get(property)?;
        let resolved = scope.resolve(value).ok()??;
        resolved.as_str().map(str::to_owned)
    };
    Maker {
        names: Names { stack: scope.stack_name, logical_id },
        region: scope.region,
        account: scope.account,
        texts: &texts,
        kind: resource["Type"].as_str().unwrap_or_default(),
        raw,
    }
    .identity()
}
