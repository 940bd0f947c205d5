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
    let index = crate::FACTS.binary_search_by_key(&type_name, |(name, _, _)| name).ok()?;
    let (_, start, end) = crate::FACTS[index];
    crate::FACTS_TEXT.get(start..end)
}

/// The types whose facts were compiled in, sorted.
#[cfg(feature = "foreign")]
pub(crate) fn type_names() -> impl Iterator<Item = &'static str> {
    crate::FACTS.iter().map(|(name, _, _)| *name)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_was_compiled_in_can_be_looked_up() {
        assert!(crate::FACTS.is_sorted_by_key(|(name, _, _)| name), "binary search needs the order");
        for (name, _, _) in crate::FACTS {
            assert!(resource(name).is_some_and(|facts| facts["p"].is_object()), "{name}");
        }
    }

    #[test]
    fn a_type_of_another_service_or_a_custom_one_has_no_facts() {
        assert!(resource("Custom::Own").is_none());
        assert!(resource("AWS::S3::Buckets").is_none());
        assert_eq!(attributes("Custom::Own"), None);
    }

    #[test]
    fn attributes_are_those_of_get_att() {
        assert_eq!(attributes("AWS::Logs::LogGroup"), Some(vec!["Arn".to_owned()]));
        assert_eq!(attributes("AWS::Route53::RecordSet"), Some(Vec::new()));
        assert_eq!(attributes("AWS::CloudFormation::Stack"), None);
    }
}
