//! The facts about resource types that were compiled in, read where a check needs them.

use serde_json::Value as Json;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

thread_local! {
    static PARSED: RefCell<HashMap<String, Option<Rc<Json>>>> = RefCell::default();
}

/// The facts about `type_name`, in the form that `facts/README.md` describes; `None` for a type of a service that is
/// not enabled, and for custom resources.
pub(crate) fn resource(type_name: &str) -> Option<Rc<Json>> {
    PARSED.with_borrow_mut(|parsed| {
        if let Some(known) = parsed.get(type_name) {
            return known.clone();
        }
        let facts = text(type_name).and_then(|text| serde_json::from_str(text).ok()).map(Rc::new);
        parsed.insert(type_name.to_owned(), facts.clone());
        facts
    })
}

fn text(type_name: &str) -> Option<&'static str> {
    let index = crate::FACTS.binary_search_by_key(&type_name, |(name, _)| name).ok()?;
    Some(crate::FACTS[index].1)
}

/// The attributes that `Fn::GetAtt` can read; `None` where any may be meant.
pub(crate) fn attributes(type_name: &str) -> Option<Vec<String>> {
    // The outputs of a nested stack or a custom resource are its user's own.
    if type_name.starts_with("AWS::CloudFormation::") {
        return None;
    }
    let facts = resource(type_name)?;
    let attributes = facts["a"].as_object();
    Some(attributes.into_iter().flatten().map(|(name, _)| name.clone()).collect())
}
