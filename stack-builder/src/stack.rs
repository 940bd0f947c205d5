//! Stacks: what is deployed and destroyed as one.

use crate::scope::Scope;
use crate::stage::Stage;
use stack_builder_cfn::{Condition, IntoValue, Mapping, Output, Parameter, Test, Value};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

/// A CloudFormation stack under description. It is a [`Scope`] too: constructs are added to it.
#[derive(Debug)]
pub struct Stack {
    pub(crate) scope: Scope,
    pub(crate) tags: BTreeMap<String, String>,
}

impl Stack {
    pub(crate) fn new(app: &str, name: &str, stage: &Stage) -> Self {
        let tags = [("stack-builder:app", app), ("stack-builder:stage", stage.name())];
        Self {
            scope: Scope::new(name, stage),
            tags: tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
        }
    }

    /// Says what the stack is for.
    pub fn describe(&mut self, text: &str) {
        self.template.set_description(text);
    }

    /// Tags the stack and everything in it.
    pub fn tag(&mut self, key: &str, value: &str) {
        self.tags.insert(key.to_owned(), value.to_owned());
    }

    /// Shows `value` after deployment under `name`: letters and digits.
    #[track_caller]
    pub fn output(&mut self, name: &str, value: impl IntoValue<String>) {
        self.template.output(name, Output::new(value));
    }

    /// Shows an output with a description, an export or a condition.
    #[track_caller]
    pub fn output_as(&mut self, name: &str, output: Output) {
        self.template.output(name, output);
    }

    /// Declares a parameter, and returns the reference to it.
    #[track_caller]
    pub fn parameter<T: ?Sized>(&mut self, name: &str, parameter: Parameter<T>) -> Value<T> {
        self.template.parameter(name, parameter)
    }

    /// Declares a mapping of two levels of keys.
    #[track_caller]
    pub fn mapping(&mut self, name: &str, levels: serde_json::Value) -> Mapping {
        self.template.mapping(name, levels)
    }

    /// Declares a condition.
    #[track_caller]
    pub fn condition(&mut self, name: &str, test: Test) -> Condition {
        self.template.condition(name, test)
    }

    /// Sets a key of the template's metadata.
    pub fn metadata(&mut self, key: &str, value: serde_json::Value) {
        self.template.set_metadata(key, value);
    }
}

impl Deref for Stack {
    type Target = Scope;

    fn deref(&self) -> &Scope {
        &self.scope
    }
}

impl DerefMut for Stack {
    fn deref_mut(&mut self) -> &mut Scope {
        &mut self.scope
    }
}
