//! Stacks: what is deployed and destroyed as one.

use crate::scope::Scope;
use crate::stage::Stage;
use stack_builder_assembly::{Diagnostic, StackInput};
use stack_builder_cfn::{Condition, IntoValue, Mapping, Output, Parameter, Source, Test, Value};
use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::panic::Location;

/// A CloudFormation stack under description. It is a [`Scope`] too: constructs are added to it.
#[derive(Debug)]
pub struct Stack {
    pub(crate) scope: Scope,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) inputs: BTreeMap<String, Input>,
    pub(crate) seed: Option<String>,
    pub(crate) home: Home,
}

/// An input, the parameter that carries it, and the line that asked for it.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) from: StackInput,
    pub(crate) source: Source,
    value: Value<String>,
}

/// The region that the application goes to, and whether the stack cares.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    region: String,
    pub(crate) asked: bool,
}

impl Stack {
    pub(crate) fn new(app: &str, name: &str, stage: &Stage, home: &str) -> Self {
        let tags = [("stack-builder:app", app), ("stack-builder:stage", stage.name())];
        Self {
            scope: Scope::new(name, stage),
            tags: tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
            inputs: BTreeMap::new(),
            seed: None,
            home: Home { region: home.to_owned(), asked: false },
        }
    }

    /// Pins the stack to `region`, whatever the command line says: `us-east-1` for what CloudFront needs there.
    #[track_caller]
    pub fn pin_to_region(&mut self, region: &str) {
        if !is_region(region) {
            let message = format!("{region:?} is not the name of a region");
            let diagnostic = Diagnostic::error("illegal-region", message).hint("write `us-east-1`");
            self.report(diagnostic.caused_by(Location::caller()));
        }
        self.region = Some(region.to_owned());
    }

    /// The region of the application's stacks that are not pinned, for what must know it before it is deployed, such
    /// as the configuration of an edge function. Elsewhere [`pseudo::region`](stack_builder_cfn::pseudo::region)
    /// serves.
    ///
    /// An application that asks for it must not be deployed to another region than it was synthesized for.
    pub fn home_region(&mut self) -> String {
        self.home.asked = true;
        self.home.region.clone()
    }

    /// The output `output` of the application's stack `stack`, which is deployed before this one, in whichever region.
    ///
    /// It reaches the template as a parameter that `deploy` fills in; nothing in the account ties the two together.
    #[track_caller]
    pub fn input(&mut self, stack: &str, output: &str) -> Value<String> {
        let name = input_name(stack, output);
        if let Some(known) = self.inputs.get(&name) {
            return known.value.clone();
        }
        let text = format!("The output {output} of the stack {stack}");
        let value = self.template.parameter(&name, Parameter::string().description(&text));
        let source = Location::caller();
        self.sources.insert(name.clone(), source.into());
        let from = StackInput { stack: stack.to_owned(), output: output.to_owned() };
        let input = Input { from, source, value: value.clone() };
        self.inputs.insert(name, input);
        value
    }

    /// Has `stack-builder seed` load the demonstration data in `file`, relative to the workspace's root.
    pub fn seed(&mut self, file: impl Into<String>) {
        self.seed = Some(file.into());
    }

    /// Says what the stack is for: in the first line, which the command line shows, and in as many more as the template
    /// has room for.
    pub fn describe(&mut self, text: impl Into<String>) {
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
        self.sources.insert(name.to_owned(), Location::caller().into());
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

/// Whether it has the form of `us-east-1` or `us-gov-west-1`.
fn is_region(name: &str) -> bool {
    let Some((words, number)) = name.rsplit_once('-') else { return false };
    let word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    (2..=4).contains(&words.split('-').count()) && words.split('-').all(word) && number.parse::<u8>().is_ok()
}

/// `captains-log-edge` and `GateVersion` to `CaptainsLogEdgeGateVersion`.
fn input_name(stack: &str, output: &str) -> String {
    let words = stack.split('-').filter_map(|word| word.split_at_checked(1));
    let name: String =
        words.flat_map(|(first, rest)| [first.to_ascii_uppercase(), rest.to_owned()]).collect();
    name + output
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
