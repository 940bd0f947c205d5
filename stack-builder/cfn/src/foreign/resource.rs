//! The resources of a template that somebody else described.

use super::Reader;
use crate::node::{Node, Object};
use crate::resource::{Definition, LogicalId};
use crate::{facts, nearest};

/// What a resource may have beside its properties.
const RESOURCE: [&str; 9] = [
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
];

/// Findings after which no type is looked for that may have been meant.
const MOST_HINTS: usize = 200;

impl Reader {
    pub(super) fn resource(&mut self, name: &str, path: &str, body: &Object) {
        let Some(Node::Text(kind)) = body.get("Type") else {
            return self.report(path, "missing-property", format!("the resource `{name}` has no `Type`"));
        };
        self.resource_keys(path, kind, body);
        self.resource_type(path, kind);
        let mut definition = Definition {
            properties: Object::of([]),
            depends_on: self.dependencies(path, body.get("DependsOn")),
            attributes: Object::of([]),
        };
        match body.get("Properties") {
            Some(Node::Object(properties)) => definition.properties = properties.clone(),
            // What the function yields is not known; what it refers to is.
            Some(Node::Call(call)) => {
                definition.properties = Object::of([(call.function.to_string(), call.argument.clone())]);
            }
            None => {}
            Some(_) => self.report(&format!("{path}.Properties"), "wrong-type", "`Properties` is an object"),
        }
        let beside =
            body.entries().iter().filter(|e| !matches!(e.key.as_ref(), "Type" | "Properties" | "DependsOn"));
        definition.attributes = Object::of(beside.map(|e| (e.key.to_string(), e.node.clone())));
        self.policies(path, body);
        self.template.insert(LogicalId::new(name), kind.to_string(), definition);
    }

    fn resource_keys(&mut self, path: &str, kind: &str, body: &Object) {
        let facts = facts::resource(kind);
        for entry in body.entries().iter().filter(|entry| !RESOURCE.contains(&entry.key.as_ref())) {
            let key = entry.key.as_ref();
            // Macros have attributes of their own.
            if !self.template.transforms.is_empty() && facts.is_none() {
                continue;
            }
            // A custom resource may say which version of its protocol it speaks.
            if key == "Version" && is_plain(kind) {
                continue;
            }
            let at = format!("{path}.{key}");
            if facts.as_ref().is_some_and(|facts| facts["p"].get(key).is_some()) {
                self.report(
                    &at,
                    "unknown-key",
                    format!("the property `{key}` stands beside `Properties` and not in it"),
                );
                self.hint("indent it under `Properties`");
            } else {
                self.unknown_key(&at, "a resource", key, &RESOURCE);
            }
        }
    }

    fn resource_type(&mut self, path: &str, kind: &str) {
        let at = format!("{path}.Type");
        if facts::resource(kind).is_some() || is_plain(kind) {
            return;
        }
        if kind.starts_with("AWS::Serverless::") {
            if self.template.transforms.is_empty() {
                self.report(&at, "unknown-type", format!("`{kind}` is known to the macro of SAM only"));
                self.hint("add `Transform: AWS::Serverless-2016-10-31` at the top of the template");
            }
            return;
        }
        let known = kind.starts_with("AWS::") || kind.split("::").count() < 3;
        if known && !kind.ends_with("::MODULE") && !self.has_own_macros() {
            self.report(&at, "unknown-type", format!("there is no resource type `{kind}`"));
            // Thousands of names are compared, which takes its time; whoever has so many mistakes mends the first ones first.
            let near = if self.found.len() < MOST_HINTS { nearest(kind, facts::type_names()) } else { None };
            match near {
                Some(near) => self.hint(&format!("did you mean `{near}`?")),
                None => self.hint("the list of types is at https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"),
            }
        }
    }

    /// Whether macros other than AWS's own run, which may know any type.
    fn has_own_macros(&self) -> bool {
        self.template.transforms.iter().any(|name| !name.starts_with("AWS::"))
    }

    fn dependencies(&mut self, path: &str, depends_on: Option<&Node>) -> Vec<LogicalId> {
        let list = match depends_on {
            None => return Vec::new(),
            Some(Node::List(items)) => items.as_slice(),
            Some(one) => std::slice::from_ref(one),
        };
        let mut ids = Vec::new();
        for node in list {
            if let Node::Text(id) = node {
                ids.push(LogicalId::new(id));
            } else {
                let message = "`DependsOn` takes names of resources, and no functions";
                self.report(&format!("{path}.DependsOn"), "wrong-type", message);
            }
        }
        ids
    }

    fn policies(&mut self, path: &str, body: &Object) {
        let all = ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"];
        let on_replace = ["Delete", "Retain", "Snapshot"];
        for (key, allowed) in [("DeletionPolicy", &all[..]), ("UpdateReplacePolicy", &on_replace[..])] {
            let wrong = match body.get(key) {
                Some(Node::Text(policy)) => !allowed.contains(&policy.as_ref()),
                Some(Node::Call(_)) => self.template.transforms.is_empty(),
                Some(_) => true,
                None => false,
            };
            if wrong {
                let message = format!("`{key}` is one of {}", allowed.join(", "));
                self.report(&format!("{path}.{key}"), "not-allowed", message);
                if matches!(body.get(key), Some(Node::Call(_))) {
                    self.hint("a function is taken here only with `Transform: AWS::LanguageExtensions`");
                }
            }
        }
    }
}

/// Types of which any property may be true, or none matters.
pub(super) fn is_plain(kind: &str) -> bool {
    kind.starts_with("Custom::")
        || matches!(kind, "AWS::CloudFormation::CustomResource" | "AWS::CDK::Metadata")
}
