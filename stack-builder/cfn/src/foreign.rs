//! Templates that somebody else described: a tree becomes a [`Template`], so that it can be judged like our own.

mod resource;

use crate::check::NO_RESOURCE;
use crate::node::{Node, Object};
use crate::resource::LogicalId;
use crate::template::Template;
use crate::{facts, nearest};
use resource::is_plain;
use stack_builder_assembly::Diagnostic;

/// What a template may have at its top.
const SECTIONS: [&str; 10] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

const OUTPUT: [&str; 4] = ["Condition", "Description", "Export", "Value"];

const PARAMETER: [&str; 11] = [
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
];

impl Template {
    /// Reads a template that this crate did not describe, in which every map is a [`Node::Object`] or, where it is a
    /// function, a [`Node::Call`]; besides it, what is wrong with its sections.
    ///
    /// [`check`](Self::check) then judges names and types as well, which the compiler does for our own.
    pub fn read(root: Node) -> (Self, Vec<Diagnostic>) {
        let mut reader = Reader { template: Self::default(), found: Vec::new() };
        reader.template.foreign = true;
        match root {
            Node::Object(root) => reader.template(&root),
            _ => reader.report("", "wrong-type", "a template is an object with the section `Resources`"),
        }
        (reader.template, reader.found)
    }

    /// The types of resources whose properties nothing is known about: those of the registry's third parties, of
    /// modules and of macros.
    pub fn unknown_types(&self) -> Vec<&str> {
        let types = self.resources.iter().map(|resource| resource.type_name.as_ref());
        let mut unknown: Vec<_> =
            types.filter(|name| facts::resource(name).is_none() && !is_plain(name)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        unknown
    }

    /// Whether a macro or a loop rewrites the template before CloudFormation reads it, so that references cannot be
    /// judged.
    pub fn is_incomplete(&self) -> bool {
        self.is_rewritten()
    }
}

struct Reader {
    template: Template,
    found: Vec<Diagnostic>,
}

impl Reader {
    fn report(&mut self, path: &str, code: &str, message: impl Into<String>) {
        self.found.push(Diagnostic::error(code, message).at(path));
    }

    fn template(&mut self, root: &Object) {
        self.transforms(root.get("Transform"));
        for entry in root.entries() {
            let key = entry.key.as_ref();
            match (key, &entry.node) {
                ("AWSTemplateFormatVersion", node) => self.version(node),
                ("Description", Node::Text(text)) => self.template.description = Some(text.to_string()),
                ("Description", _) => {
                    self.report(key, "wrong-type", "the description is a text, and no function");
                }
                ("Metadata", Node::Object(object)) => {
                    let entries = object.entries().iter();
                    self.template.metadata = entries.map(|e| (e.key.to_string(), e.node.clone())).collect();
                }
                ("Transform", _) => {}
                ("Globals", _) if !self.template.transforms.is_empty() => {}
                (_, Node::Object(section)) if SECTIONS.contains(&key) => self.section(key, section),
                (_, Node::Call(call)) if call.function == "Fn::Transform" => self.loops(key, &entry.node),
                _ if SECTIONS.contains(&key) => {
                    self.report(
                        key,
                        "wrong-type",
                        format!("the section `{key}` is an object of named elements"),
                    );
                }
                _ => self.unknown_key(key, "the template", key, &SECTIONS),
            }
        }
        match root.get("Resources") {
            None => self.report("", "missing-section", "the template has no section `Resources`"),
            Some(Node::Object(resources)) if resources.entries().is_empty() => {
                self.report("Resources", "template-limit", NO_RESOURCE);
                self.hint("add a resource; CloudFormation refuses a template without");
            }
            Some(_) => {}
        }
    }

    fn version(&mut self, node: &Node) {
        if !matches!(node, Node::Text(text) if text == "2010-09-09") {
            let message = "the only version of the template format is `2010-09-09`, a text";
            self.report("AWSTemplateFormatVersion", "not-allowed", message);
        }
    }

    fn transforms(&mut self, transform: Option<&Node>) {
        let list = match transform {
            Some(Node::List(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        // A macro with parameters is an object with a name.
        let names = list.iter().map(|node| match node {
            Node::Text(name) => name.to_string(),
            Node::Object(object) => match object.get("Name") {
                Some(Node::Text(name)) => name.to_string(),
                _ => "a macro".to_owned(),
            },
            _ => "a macro".to_owned(),
        });
        self.template.transforms = names.collect();
    }

    fn loops(&mut self, key: &str, node: &Node) {
        self.template.loops.insert(key.to_owned(), node.clone());
    }

    fn section(&mut self, section: &str, elements: &Object) {
        let source = elements.source();
        for entry in elements.entries() {
            let (name, path) = (entry.key.as_ref(), format!("{section}.{}", entry.key));
            if name == "Fn::Transform" || name.starts_with("Fn::ForEach::") {
                self.loops(name, &entry.node);
                continue;
            }
            let id = LogicalId::new(name);
            match (section, &entry.node) {
                ("Resources", Node::Object(body)) => self.resource(name, &path, body),
                ("Parameters", Node::Object(body)) => {
                    self.parameter(&path, body);
                    self.template.parameters.insert(id, body.clone());
                }
                ("Outputs", Node::Object(body)) => {
                    self.output(&path, body);
                    self.template.outputs.insert(id, body.clone());
                }
                ("Mappings", Node::Object(body)) => {
                    self.mapping(&path, body);
                    self.template.mappings.insert(id, (entry.node.clone(), source));
                }
                ("Rules", Node::Object(_)) => {
                    self.template.rules.insert(id, (entry.node.clone(), source));
                }
                ("Conditions", node) => {
                    if !matches!(node, Node::Call(_)) {
                        self.report(&path, "wrong-type", "a condition is a function such as `Fn::Equals`");
                    }
                    self.template.conditions.insert(id, (node.clone(), source));
                }
                _ => self.report(&path, "wrong-type", format!("an element of `{section}` is an object")),
            }
        }
    }

    fn parameter(&mut self, path: &str, body: &Object) {
        self.keys(path, "a parameter", body, &PARAMETER);
        match body.get("Type") {
            None => self.report(path, "missing-property", "the parameter has no `Type`"),
            Some(Node::Text(kind)) if is_parameter_type(kind) => {}
            Some(_) => {
                self.report(&format!("{path}.Type"), "not-allowed", "there is no such type of parameter");
                let hint = "there are String, Number, CommaDelimitedList, List<Number>, and types of AWS such as AWS::EC2::VPC::Id";
                self.hint(hint);
            }
        }
    }

    fn output(&mut self, path: &str, body: &Object) {
        self.keys(path, "an output", body, &OUTPUT);
        match body.get("Value") {
            None => self.report(path, "missing-property", "the output has no `Value`"),
            Some(Node::List(_) | Node::Object(_)) => {
                self.report(&format!("{path}.Value"), "wrong-type", "the value of an output is a text");
                self.hint("join a list by `Fn::Join`");
            }
            Some(_) => {}
        }
    }

    fn mapping(&mut self, path: &str, body: &Object) {
        let flat = body.entries().iter().filter(|e| !matches!(e.node, Node::Object(_) | Node::Call(_)));
        for key in flat.map(|entry| entry.key.as_ref()).collect::<Vec<_>>() {
            self.report(
                &format!("{path}.{key}"),
                "wrong-type",
                "a mapping has two levels of keys before its values",
            );
        }
    }

    fn keys(&mut self, path: &str, whose: &str, body: &Object, known: &[&str]) {
        let unknown =
            body.entries().iter().map(|entry| entry.key.as_ref()).filter(|key| !known.contains(key));
        for key in unknown.collect::<Vec<_>>() {
            self.unknown_key(&format!("{path}.{key}"), whose, key, known);
        }
    }

    fn unknown_key(&mut self, path: &str, whose: &str, key: &str, known: &[&str]) {
        self.report(path, "unknown-key", format!("{whose} has no key `{key}`"));
        match nearest(key, known.iter().copied()) {
            Some(near) => self.hint(&format!("did you mean `{near}`?")),
            None => self.hint(&format!("there are {}", known.join(", "))),
        }
    }

    fn hint(&mut self, hint: &str) {
        if let Some(diagnostic) = self.found.last_mut() {
            diagnostic.hint = Some(hint.to_owned());
        }
    }
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html>
fn is_parameter_type(kind: &str) -> bool {
    let inner = |start: &str| kind.strip_prefix(start).and_then(|rest| rest.strip_suffix('>'));
    let element = inner("List<").or_else(|| inner("AWS::SSM::Parameter::Value<")).unwrap_or(kind);
    let element = element.strip_prefix("List<").and_then(|rest| rest.strip_suffix('>')).unwrap_or(element);
    matches!(element, "String" | "Number" | "CommaDelimitedList")
        || (element.starts_with("AWS::") && !element.contains('<'))
}
