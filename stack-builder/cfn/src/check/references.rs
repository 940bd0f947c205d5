//! Whether everything that is referred to exists, and nothing waits for itself.

use crate::facts;
use crate::node::{Node, Source};
use crate::order;
use crate::reference::{self, Reference};
use crate::resource::LogicalId;
use crate::template::Template;
use stack_builder_assembly::Diagnostic;

/// What CloudFormation itself fills in.
const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::NoValue",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

pub(super) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    // A loop or a macro can make what is not there yet.
    if !template.loops.is_empty() || !template.transforms.is_empty() {
        return;
    }
    for resource in template.resources() {
        let id = resource.id.as_str();
        for entry in resource.definition.properties.entries() {
            values(template, &format!("{id}.{}", entry.key), &entry.node, entry.source, found);
        }
        for entry in resource.definition.attributes.entries() {
            attribute(template, id, entry, found);
        }
        for target in &resource.definition.depends_on {
            if template.resource(target).is_none() {
                let source = resource.definition.properties.source();
                found.push(dangling(
                    "resource",
                    target.as_str(),
                    &format!("{id}.DependsOn"),
                    source,
                    template,
                ));
            }
        }
    }
    for (id, output) in &template.outputs {
        for entry in output.entries() {
            let path = format!("Outputs.{id}");
            match (entry.key.as_ref(), &entry.node) {
                ("Condition", Node::Text(name)) => condition(template, name, &path, entry.source, found),
                (_, node) => values(template, &path, node, entry.source, found),
            }
        }
    }
    for (id, (test, source)) in &template.conditions {
        values(template, &format!("Conditions.{id}"), test, source, found);
    }
    for (id, (rule, source)) in &template.rules {
        values(template, &format!("Rules.{id}"), rule, source, found);
    }
    cycles(template, found);
}

fn attribute(template: &Template, id: &str, entry: &crate::node::Entry, found: &mut Vec<Diagnostic>) {
    let path = format!("{id}.{}", entry.key);
    match (entry.key.as_ref(), &entry.node) {
        ("Condition", Node::Text(name)) => condition(template, name, &path, entry.source, found),
        (_, node) => values(template, &path, node, entry.source, found),
    }
}

fn values(template: &Template, path: &str, node: &Node, source: Source, found: &mut Vec<Diagnostic>) {
    reference::visit(node, source, &mut |reference, source| match reference {
        Reference::Name(name) => {
            let id = LogicalId::new(&name);
            let known = PSEUDO_PARAMETERS.contains(&name.as_ref())
                || template.resource(&id).is_some()
                || template.parameters.contains_key(&id);
            if !known {
                found.push(dangling("resource or parameter", &name, path, source, template));
            }
        }
        Reference::Attribute(id, name) => {
            found.extend(attribute_problem(template, &id, &name, path, source));
        }
        Reference::Condition(name) => condition(template, &name, path, source, found),
        Reference::Mapping(name) => {
            if !template.mappings.contains_key(&LogicalId::new(&name)) {
                found.push(dangling("mapping", &name, path, source, template));
            }
        }
    });
}

fn attribute_problem(
    template: &Template,
    id: &str,
    name: &str,
    path: &str,
    source: Source,
) -> Option<Diagnostic> {
    let Some(resource) = template.resource(&LogicalId::new(id)) else {
        return Some(dangling("resource", id, path, source, template));
    };
    let attributes = facts::attributes(&resource.type_name)?;
    if attributes.iter().any(|known| known == name) {
        return None;
    }
    let message = format!("`{id}` of type {} has no attribute `{name}`", resource.type_name);
    let hint = match attributes.as_slice() {
        [] => "the type has no attributes, only `Ref`".to_owned(),
        known => format!("it has {}", known.join(", ")),
    };
    Some(Diagnostic::error("unknown-attribute", message).at(path).caused_by(source).hint(hint))
}

fn condition(template: &Template, name: &str, path: &str, source: Source, found: &mut Vec<Diagnostic>) {
    if !template.conditions.contains_key(&LogicalId::new(name)) {
        found.push(dangling("condition", name, path, source, template));
    }
}

fn dangling(kind: &str, name: &str, path: &str, source: Source, template: &Template) -> Diagnostic {
    let message = format!("the template has no {kind} called `{name}`");
    let diagnostic = Diagnostic::error("dangling-reference", message).at(path).caused_by(source);
    diagnostic.hint(match (nearest(kind, name, template), kind) {
        (Some(near), _) => format!("there is one called `{near}`"),
        (None, "condition" | "mapping") => {
            format!("a {kind} belongs to the stack that declares it; declare it in this stack")
        }
        (None, _) => {
            "a handle belongs to the stack that it was added to; add the resource to this stack".to_owned()
        }
    })
}

/// A name of the same kind that differs from `name` in case only, or begins or ends like it.
fn nearest<'a>(kind: &str, name: &str, template: &'a Template) -> Option<&'a str> {
    let names: Vec<&str> = match kind {
        "condition" => template.conditions.keys().map(LogicalId::as_str).collect(),
        "mapping" => template.mappings.keys().map(LogicalId::as_str).collect(),
        _ => {
            let resources = template.resources.iter().map(|resource| resource.id.as_str());
            let parameters = template.parameters.keys().map(LogicalId::as_str);
            resources.chain(parameters.filter(|_| kind != "resource")).collect()
        }
    };
    let similar = |known: &&str| known.len() > 3 && (name.starts_with(known) || known.starts_with(name));
    let mut same = names.iter().filter(|known| known.eq_ignore_ascii_case(name));
    same.next().or_else(|| names.iter().find(|known| similar(known))).copied()
}

fn cycles(template: &Template, found: &mut Vec<Diagnostic>) {
    let edges = order::dependencies(template);
    for cycle in order::cycles(&edges) {
        let ids: Vec<_> = cycle.iter().map(|&index| template.resources[index].id.as_str()).collect();
        let message = format!("resources wait for each other: {} -> {}", ids.join(" -> "), ids[0]);
        let first = &template.resources[cycle[0]];
        let next = ids[1 % ids.len()];
        found.push(
            Diagnostic::error("dependency-cycle", message)
                .at(ids[0])
                .caused_by(mention(first, next))
                .hint("move the reference into a resource of its own that depends on both, or name one of them by text"),
        );
    }
}

/// The line of `resource` that refers to `target`.
fn mention(resource: &crate::template::ResourceEntry, target: &str) -> Source {
    let mut line = resource.definition.properties.source();
    for entry in resource.definition.properties.entries() {
        reference::visit(&entry.node, entry.source, &mut |reference, source| match reference {
            Reference::Name(name) | Reference::Attribute(name, _) if name == target => line = source,
            _ => {}
        });
    }
    line
}
