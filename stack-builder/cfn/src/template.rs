//! A CloudFormation template under construction.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>

use crate::condition::{Condition, Test};
use crate::node::{Node, Object, Source};
use crate::parameter::Parameter;
use crate::reference::{self, Reference};
use crate::resource::{Definition, LogicalId, Resource, ResourceRef};
use crate::trail::Trail;
use crate::value::{IntoValue, Value};
use stack_builder_assembly::Diagnostic;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::Location;

/// A template: a value that is built up, checked and written.
#[derive(Debug, Default)]
pub struct Template {
    pub(crate) description: Option<String>,
    pub(crate) metadata: BTreeMap<String, Node>,
    pub(crate) parameters: BTreeMap<LogicalId, Object>,
    pub(crate) mappings: BTreeMap<LogicalId, (Node, Source)>,
    pub(crate) conditions: BTreeMap<LogicalId, (Node, Source)>,
    pub(crate) rules: BTreeMap<LogicalId, (Node, Source)>,
    pub(crate) transforms: Vec<String>,
    pub(crate) resources: Vec<ResourceEntry>,
    pub(crate) loops: BTreeMap<String, Node>,
    pub(crate) outputs: BTreeMap<LogicalId, Object>,
    /// Names given twice, found as they were added.
    pub(crate) repeated: Vec<Diagnostic>,
    /// Not described by this crate: no compiler has seen its names and types.
    pub(crate) foreign: bool,
    index: BTreeMap<LogicalId, usize>,
}

/// A resource of a template.
#[derive(Debug)]
pub struct ResourceEntry {
    /// Its name in the template.
    pub id: LogicalId,
    /// Its CloudFormation type.
    pub type_name: Cow<'static, str>,
    /// What was set.
    pub definition: Definition,
}

impl Template {
    /// An empty template.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says what the stack is for, in at most 1,024 bytes.
    pub fn set_description(&mut self, text: impl Into<String>) {
        self.description = Some(text.into());
    }

    /// The description; empty when there is none.
    pub fn description(&self) -> &str {
        self.description.as_deref().unwrap_or_default()
    }

    /// Sets a key of the template's `Metadata`.
    pub fn set_metadata(&mut self, key: impl Into<String>, value: serde_json::Value) {
        self.metadata.insert(key.into(), value.into());
    }

    /// Has CloudFormation run the macro `name`, such as `AWS::LanguageExtensions`, over the template.
    pub fn add_transform(&mut self, name: impl Into<String>) {
        self.transforms.push(name.into());
    }

    /// Declares a parameter, and returns the reference to it.
    #[track_caller]
    pub fn parameter<T: ?Sized>(&mut self, name: &str, parameter: Parameter<T>) -> Value<T> {
        let id = LogicalId::new(name);
        if self.parameters.insert(id, parameter.properties).is_some() {
            self.repeat("parameter", name, Location::caller());
        }
        Value::from_node(Node::call("Ref", Node::text(name.to_owned())))
    }

    /// Declares a mapping of two levels of keys to strings or lists.
    #[track_caller]
    pub fn mapping(&mut self, name: &str, levels: serde_json::Value) -> Mapping {
        let id = LogicalId::new(name);
        let source = Location::caller();
        if self.mappings.insert(id.clone(), (levels.into(), source)).is_some() {
            self.repeat("mapping", name, source);
        }
        Mapping(id)
    }

    /// Declares a condition.
    #[track_caller]
    pub fn condition(&mut self, name: &str, test: Test) -> Condition {
        let id = LogicalId::new(name);
        let source = Location::caller();
        if self.conditions.insert(id.clone(), (test.into_node(), source)).is_some() {
            self.repeat("condition", name, source);
        }
        Condition(id)
    }

    /// Declares a rule: what must hold of the parameters, and under which condition, before anything is deployed.
    #[track_caller]
    pub fn rule(&mut self, name: &str, when: Option<Test>, assert: Test, description: &str) {
        let assertion = Node::map([
            ("Assert".to_owned(), assert.into_node()),
            ("AssertDescription".to_owned(), description.into_node()),
        ]);
        let mut entries = vec![("Assertions".to_owned(), Node::List(vec![assertion]))];
        entries.extend(when.map(|test| ("RuleCondition".to_owned(), test.into_node())));
        let source = Location::caller();
        if self.rules.insert(LogicalId::new(name), (Node::map(entries), source)).is_some() {
            self.repeat("rule", name, source);
        }
    }

    /// Adds a resource under `id`, and returns the handle on it.
    #[track_caller]
    pub fn add<R: Resource>(&mut self, id: &str, resource: R) -> R::Ref {
        let id = LogicalId::new(id);
        self.insert(id.clone(), R::TYPE, resource.into_definition());
        R::Ref::from_logical_id(id)
    }

    /// Adds a resource of a type that this crate does not know, such as a custom resource.
    #[track_caller]
    pub fn insert(&mut self, id: LogicalId, type_name: impl Into<Cow<'static, str>>, definition: Definition) {
        if let Some(&first) = self.index.get(&id) {
            let first = self.resources[first].definition.properties.source();
            self.repeat("resource", id.as_str(), definition.properties.source());
            if let Some(diagnostic) = self.repeated.last_mut() {
                diagnostic.hint =
                    Some(format!("the other one stands at {first}; give one of the two another name"));
            }
            return;
        }
        self.index.insert(id.clone(), self.resources.len());
        self.resources.push(ResourceEntry { id, type_name: type_name.into(), definition });
    }

    /// Adds an [`intrinsic::for_each`](crate::intrinsic::for_each) loop that makes resources.
    pub fn insert_loop(&mut self, name: &str, body: Node) {
        self.loops.insert(format!("Fn::ForEach::{name}"), body);
    }

    /// The resource called `id`, to read or change what is below a construct.
    pub fn resource_mut(&mut self, id: &LogicalId) -> Option<&mut ResourceEntry> {
        self.index.get(id).map(|&index| &mut self.resources[index])
    }

    /// The resource called `id`.
    pub fn resource(&self, id: &LogicalId) -> Option<&ResourceEntry> {
        self.index.get(id).map(|&index| &self.resources[index])
    }

    /// The resources, in the order in which they were added.
    pub fn resources(&self) -> &[ResourceEntry] {
        &self.resources
    }

    /// The names of the outputs, sorted.
    pub fn output_names(&self) -> impl Iterator<Item = &str> {
        self.outputs.keys().map(LogicalId::as_str)
    }

    /// Calls `found` for everything that refers to something, with the way there: `Bucket.Rules[0].Status` for a
    /// resource, `Outputs.Url.Value` for the other sections.
    pub fn references<'a>(&'a self, mut found: impl FnMut(Reference<'a>, String)) {
        self.visit(&mut |reference, trail, _| found(reference, trail.to_string()));
    }

    pub(crate) fn visit<'a>(&'a self, found: reference::Found<'_, 'a>) {
        for resource in &self.resources {
            let trail = Trail::new(resource.id.as_str());
            let Definition { properties, attributes, .. } = &resource.definition;
            for entry in properties.entries() {
                reference::visit(&entry.node, &trail.key(&entry.key), entry.source, found);
            }
            visit_element(attributes, &trail, found);
        }
        for (id, output) in &self.outputs {
            visit_element(output, &Trail::new("Outputs").key(id.as_str()), found);
        }
        for (name, body) in &self.loops {
            reference::visit(body, &Trail::new(name), Location::caller(), found);
        }
        for (section, elements) in [("Conditions", &self.conditions), ("Rules", &self.rules)] {
            for (id, (node, source)) in elements {
                reference::visit(node, &Trail::new(section).key(id.as_str()), source, found);
            }
        }
    }

    /// Whether a macro or a loop makes something of the template that is not there yet.
    pub(crate) fn is_rewritten(&self) -> bool {
        // The language's extensions add nothing by themselves.
        let macros = self.transforms.iter().any(|name| name != "AWS::LanguageExtensions" || !self.foreign);
        !self.loops.is_empty() || macros
    }

    /// Declares an output.
    #[track_caller]
    pub fn output(&mut self, name: &str, output: Output) {
        if self.outputs.insert(LogicalId::new(name), output.0).is_some() {
            self.repeat("output", name, Location::caller());
        }
    }

    #[track_caller]
    fn repeat(&mut self, kind: &str, name: &str, source: Source) {
        let message = format!("the template has two {kind}s called `{name}`");
        self.repeated.push(Diagnostic::error("repeated-name", message).at(name).caused_by(source));
    }
}

/// Visits an output, or what stands beside a resource's properties: there, `Condition` names one.
fn visit_element<'a>(element: &'a Object, trail: &Trail<'_>, found: reference::Found<'_, 'a>) {
    for entry in element.entries() {
        let trail = trail.key(&entry.key);
        match (entry.key.as_ref(), &entry.node) {
            ("Condition", Node::Text(name)) => {
                found(Reference::Condition(name.as_ref().into()), &trail, entry.source);
            }
            (_, node) => reference::visit(node, &trail, entry.source, found),
        }
    }
}

/// A mapping that the template declares.
#[derive(Clone, Debug)]
pub struct Mapping(LogicalId);

impl Mapping {
    /// `Fn::FindInMap`: the string under two keys.
    pub fn find(&self, first: impl IntoValue<String>, second: impl IntoValue<String>) -> Value<String> {
        let name = Node::text(self.0.as_str().to_owned());
        Value::from_node(Node::call(
            "Fn::FindInMap",
            Node::List(vec![name, first.into_node(), second.into_node()]),
        ))
    }

    /// The same, or `default` where a key is absent; needs the transform `AWS::LanguageExtensions`.
    pub fn find_or(
        &self,
        first: impl IntoValue<String>,
        second: impl IntoValue<String>,
        default: impl IntoValue<String>,
    ) -> Value<String> {
        let name = Node::text(self.0.as_str().to_owned());
        let default = Node::map([("DefaultValue".to_owned(), default.into_node())]);
        Value::from_node(Node::call(
            "Fn::FindInMap",
            Node::List(vec![name, first.into_node(), second.into_node(), default]),
        ))
    }
}

/// The declaration of an output.
#[derive(Clone, Debug)]
pub struct Output(Object);

impl Output {
    /// An output of this value.
    #[track_caller]
    pub fn new(value: impl IntoValue<String>) -> Self {
        Self(Object::new().with("Value", value.into_node()))
    }

    /// Says what it is.
    #[track_caller]
    pub fn description(mut self, text: &str) -> Self {
        self.0.set("Description", text.into_node());
        self
    }

    /// Exports it under a name that is unique in the account and region; see
    /// [`import_value`](crate::intrinsic::import_value) for why this is seldom wise.
    #[track_caller]
    pub fn export(mut self, name: impl IntoValue<String>) -> Self {
        self.0.set("Export", Node::map([("Name".to_owned(), name.into_node())]));
        self
    }

    /// Exists only when `condition` holds.
    #[track_caller]
    pub fn only_if(mut self, condition: &Condition) -> Self {
        self.0.set("Condition", Node::text(condition.name().to_owned()));
        self
    }
}
