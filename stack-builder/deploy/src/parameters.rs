//! The values of a template's parameters.

use crate::Error;
use crate::wanted::Wanted;
use aws_sdk_cloudformation::types::{Parameter, Stack};

/// Where a parameter's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ParameterValue {
    /// It was given.
    Given(String),
    /// The stack has one already, which stays.
    Previous,
}

/// A value for each parameter of the template that does not take its default, sorted by name.
pub(crate) fn resolve(
    stack_name: &str,
    wanted: &Wanted<'_>,
    standing: Option<&Stack>,
) -> Result<Vec<(String, ParameterValue)>, Error> {
    let mut values = Vec::new();
    let mut missing = Vec::new();
    for (name, declaration) in wanted.template["Parameters"].as_object().into_iter().flatten() {
        let stands = || standing.is_some_and(|stack| has(stack, name));
        if let Some(value) = wanted.parameters.get(name) {
            values.push((name.clone(), ParameterValue::Given(value.clone())));
        } else if stands() {
            values.push((name.clone(), ParameterValue::Previous));
        } else if declaration.get("Default").is_none() {
            missing.push(name.clone());
        }
    }
    values.sort_by(|a, b| a.0.cmp(&b.0));
    if missing.is_empty() {
        return Ok(values);
    }
    Err(Error::MissingParameters { stack: stack_name.to_owned(), names: missing })
}

fn has(stack: &Stack, name: &str) -> bool {
    stack.parameters().iter().any(|parameter| parameter.parameter_key() == Some(name))
}

impl ParameterValue {
    pub(crate) fn named(&self, name: &str) -> Parameter {
        let parameter = Parameter::builder().parameter_key(name);
        match self {
            Self::Given(value) => parameter.parameter_value(value).build(),
            Self::Previous => parameter.use_previous_value(true).build(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn standing(parameters: &[&str]) -> Stack {
        let parameters = parameters.iter().map(|name| Parameter::builder().parameter_key(*name).build());
        Stack::builder()
            .stack_name("s")
            .creation_time(aws_sdk_cloudformation::primitives::DateTime::from_secs(0))
            .stack_status("CREATE_COMPLETE".into())
            .set_parameters(Some(parameters.collect()))
            .build()
    }

    #[track_caller]
    fn check(given: &[(&str, &str)], standing: Option<&Stack>, expect: Result<&[(&str, &str)], &[&str]>) {
        let template =
            json!({"Parameters": {"A": {"Type": "String"}, "B": {"Type": "String", "Default": "b"}}});
        let parameters: BTreeMap<_, _> =
            given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let tags = BTreeMap::new();
        let wanted =
            Wanted { template: &template, tags: &tags, parameters: &parameters, import_existing: false };
        let found = resolve("s", &wanted, standing);
        match (found, expect) {
            (Ok(found), Ok(expect)) => {
                let text = |value: &ParameterValue| match value {
                    ParameterValue::Given(value) => value.clone(),
                    ParameterValue::Previous => "(previous)".to_owned(),
                };
                let found: Vec<_> = found.iter().map(|(name, value)| (name.clone(), text(value))).collect();
                let found: Vec<_> = found.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                assert_eq!(found, expect);
            }
            (Err(Error::MissingParameters { names, .. }), Err(expect)) => assert_eq!(names, expect),
            (found, expect) => panic!("{found:?}, not {expect:?}"),
        }
    }

    #[test]
    fn what_is_given_counts_and_what_stands_stays() {
        check(&[("A", "1"), ("Other", "2")], None, Ok(&[("A", "1")]));
        check(&[("B", "2")], Some(&standing(&["A", "B"])), Ok(&[("A", "(previous)"), ("B", "2")]));
        check(&[], Some(&standing(&["A", "Gone"])), Ok(&[("A", "(previous)")]));
    }

    #[test]
    fn a_parameter_without_any_value_is_named() {
        check(&[("B", "2")], None, Err(&["A"]));
    }
}
