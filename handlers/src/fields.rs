//! Reading the fields of a body so that all their faults are reported at once.

use crate::{
    Failure,
    failure::{MISSING, Problem},
};
use serde_json::{Map, Value};

/// A body being read; fields that nobody asks for are ignored.
pub(crate) struct Fields<'a> {
    body: &'a Map<String, Value>,
    problems: Vec<Problem>,
}

impl<'a> Fields<'a> {
    /// Begins to read.
    pub(crate) fn of(body: &'a Map<String, Value>) -> Self {
        Self { body, problems: Vec::new() }
    }

    /// A field that must be there; `null` is as good as absent.
    pub(crate) fn required<T, E: Into<String>>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&'a Value) -> Result<T, E>,
    ) -> Option<T> {
        match self.present(field) {
            Some(value) => self.check(field, parse(value)),
            None => self.check(field, Err(MISSING)),
        }
    }

    /// A field with a default.
    pub(crate) fn optional<T: Default, E: Into<String>>(
        &mut self,
        field: &'static str,
        parse: impl FnOnce(&'a Value) -> Result<T, E>,
    ) -> Option<T> {
        let Some(value) = self.present(field) else { return Some(T::default()) };
        self.check(field, parse(value))
    }

    /// Notes the fault of a field that was read by other means.
    pub(crate) fn check<T, E: Into<String>>(&mut self, field: &'static str, read: Result<T, E>) -> Option<T> {
        read.map_err(|problem| self.problems.push(Problem { field, problem: problem.into() })).ok()
    }

    /// All faults found.
    pub(crate) fn into_failure(self) -> Failure {
        Failure::Fields(self.problems)
    }

    fn present(&self, field: &str) -> Option<&'a Value> {
        self.body.get(field).filter(|value| !value.is_null())
    }
}

/// The text of a field.
pub(crate) fn text(value: &Value) -> Result<&str, &'static str> {
    value.as_str().ok_or("must be text")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn faults_are_collected() {
        let Value::Object(body) = json!({"a": "x", "b": 1, "c": null}) else { unreachable!() };
        let mut fields = Fields::of(&body);
        assert_eq!(fields.required("a", text), Some("x"));
        assert_eq!(fields.required("b", text), None);
        assert_eq!(fields.required("c", text), None);
        assert_eq!(fields.optional("c", text), Some(""));
        assert_eq!(fields.optional("b", text), None);
        let problem = |field, problem: &str| Problem { field, problem: problem.into() };
        assert_eq!(
            fields.into_failure(),
            Failure::Fields(vec![
                problem("b", "must be text"),
                problem("c", "is missing"),
                problem("b", "must be text")
            ])
        );
    }
}
