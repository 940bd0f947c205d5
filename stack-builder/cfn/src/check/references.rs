//! Whether everything that is referred to exists, and nothing waits for itself.

use crate::facts;
use crate::node::Source;
use crate::order;
use crate::readable;
use crate::reference::{self, Reference};
use crate::resource::LogicalId;
use crate::shown::{chain, some};
use crate::template::{ResourceEntry, Template};
use crate::trail::Trail;
use stack_builder_assembly::Diagnostic;

/// Names among which one is looked for that was meant; no legal template has more.
const MOST_COMPARED: usize = 1_000;

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
    if template.is_rewritten() {
        return;
    }
    template.visit(&mut |reference, trail, source| match reference {
        Reference::Name(name) => {
            let id = LogicalId::new(&name);
            let known = PSEUDO_PARAMETERS.contains(&name.as_ref())
                || template.resource(&id).is_some()
                || template.parameters.contains_key(&id)
                || is_inside_module(template, &name);
            if !known {
                found.push(dangling("resource or parameter", &name, &trail.to_string(), source, template));
            }
        }
        Reference::Attribute(id, name) => {
            found.extend(attribute_problem(template, &id, &name, trail, source));
        }
        Reference::Condition(name) => {
            if !template.conditions.contains_key(&LogicalId::new(&name)) {
                found.push(dangling("condition", &name, &trail.to_string(), source, template));
            }
        }
        Reference::Mapping(name) => {
            if !template.mappings.contains_key(&LogicalId::new(&name)) {
                found.push(dangling("mapping", &name, &trail.to_string(), source, template));
            }
        }
    });
    for resource in template.resources() {
        dependencies(template, resource, found);
    }
    cycles(template, found);
}

fn dependencies(template: &Template, resource: &ResourceEntry, found: &mut Vec<Diagnostic>) {
    for target in &resource.definition.depends_on {
        if template.resource(target).is_none() {
            let source = resource.definition.properties.source();
            let path = format!("{}.DependsOn", resource.id);
            found.push(dangling("resource", target.as_str(), &path, source, template));
        }
    }
}

fn attribute_problem(
    template: &Template,
    id: &str,
    name: &str,
    trail: &Trail<'_>,
    source: Source,
) -> Option<Diagnostic> {
    let Some(resource) = template.resource(&LogicalId::new(id)) else {
        if is_inside_module(template, id) {
            return None;
        }
        return Some(dangling("resource", id, &trail.to_string(), source, template));
    };
    let attributes = facts::attributes(&resource.type_name)?;
    if attributes.iter().any(|known| known == name) || is_readable_property(&resource.type_name, name) {
        return None;
    }
    let message = format!("`{id}` of type {} has no attribute `{name}`", resource.type_name);
    let hint = match attributes.as_slice() {
        [] => "the type has no attributes, only `Ref`".to_owned(),
        known => alike(name, known).unwrap_or_else(|| format!("it has {}", some(known))),
    };
    Some(Diagnostic::error("unknown-attribute", message).at(trail.to_string()).caused_by(source).hint(hint))
}

/// The attribute that was probably meant, as a question.
#[cfg(feature = "foreign")]
fn alike(name: &str, known: &[String]) -> Option<String> {
    let near = crate::nearest(name, known.iter().map(String::as_str))?;
    Some(format!("did you mean `{near}`?"))
}

#[cfg(not(feature = "foreign"))]
fn alike(_: &str, _: &[String]) -> Option<String> {
    None
}

fn is_readable_property(type_name: &str, name: &str) -> bool {
    let first = name.split('.').next().unwrap_or(name);
    readable::is_readable(type_name, first)
        && facts::resource(type_name).is_some_and(|facts| facts["p"].get(first).is_some())
}

/// Whether `name` is that of a resource within a module: the module's own name, and the inner one behind it.
fn is_inside_module(template: &Template, name: &str) -> bool {
    // The name begins with that of its module; there are far fewer beginnings of a name than resources.
    let mut beginnings = name.char_indices().skip(1).take(255).map(|(end, _)| &name[..end]);
    let is_module = |resource: &ResourceEntry| resource.type_name.ends_with("::MODULE");
    beginnings.any(|beginning| template.resource(&LogicalId::new(beginning)).is_some_and(is_module))
}

fn dangling(kind: &str, name: &str, path: &str, source: Source, template: &Template) -> Diagnostic {
    let message = format!("the template has no {kind} called `{name}`");
    let diagnostic = Diagnostic::error("dangling-reference", message).at(path).caused_by(source);
    diagnostic.hint(match (nearest(kind, name, template), kind) {
        (Some(near), _) => format!("there is one called `{near}`"),
        (None, _) if template.foreign => format!("declare the {kind}, or remove what refers to it"),
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
    if template.resources.len() + template.parameters.len() > MOST_COMPARED {
        return None;
    }
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
    let found = same.next().or_else(|| names.iter().find(|known| similar(known))).copied();
    #[cfg(feature = "foreign")]
    let found = found.or_else(|| crate::nearest(name, names.iter().copied().filter(|_| template.foreign)));
    found
}

fn cycles(template: &Template, found: &mut Vec<Diagnostic>) {
    let edges = order::dependencies(template);
    for cycle in order::cycles(&edges) {
        let mut ids: Vec<_> = cycle.iter().map(|&index| template.resources[index].id.as_str()).collect();
        ids.push(ids[0]);
        let message = format!("resources wait for each other: {}", chain(&ids));
        let first = &template.resources[cycle[0]];
        let next = ids[1];
        found.push(
            Diagnostic::error("dependency-cycle", message)
                .at(ids[0])
                .caused_by(mention(first, next))
                .hint("move the reference into a resource of its own that depends on both, or name one of them by text"),
        );
    }
}

/// The line of `resource` that refers to `target`.
fn mention(resource: &ResourceEntry, target: &str) -> Source {
    let mut line = resource.definition.properties.source();
    for entry in resource.definition.properties.entries() {
        reference::visit(&entry.node, &Trail::new(""), entry.source, &mut |reference, _, source| {
            match reference {
                Reference::Name(name) | Reference::Attribute(name, _) if name == target => line = source,
                _ => {}
            }
        });
    }
    line
}
