//! Whether a value got into a text as `{:?}` prints it, which CloudFormation would take for the text itself.

use crate::node::{Node, Object, Source};
use crate::template::Template;
use crate::trail::Trail;
use stack_builder_assembly::Diagnostic;

pub(super) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    // Nobody printed a value into a template that was written by hand.
    if template.foreign {
        return;
    }
    for resource in template.resources() {
        let trail = Trail::new(resource.id.as_str());
        object(&resource.definition.properties, &trail, found);
        object(&resource.definition.attributes, &trail, found);
    }
    for (section, elements) in [("Parameters", &template.parameters), ("Outputs", &template.outputs)] {
        for (id, element) in elements {
            object(element, &Trail::new(section).key(id.as_str()), found);
        }
    }
    let sections =
        [("Mappings", &template.mappings), ("Conditions", &template.conditions), ("Rules", &template.rules)];
    for (section, elements) in sections {
        for (id, (element, source)) in elements {
            node(element, &Trail::new(section).key(id.as_str()), Some(source), found);
        }
    }
    // Their lines are not kept.
    for (key, value) in &template.metadata {
        node(value, &Trail::new("Metadata").key(key), None, found);
    }
    for (name, body) in &template.loops {
        node(body, &Trail::new(name), None, found);
    }
    text(template.description(), &Trail::new("Description"), None, found);
}

fn object(object: &Object, trail: &Trail<'_>, found: &mut Vec<Diagnostic>) {
    for entry in object.entries() {
        node(&entry.node, &trail.key(&entry.key), Some(entry.source), found);
    }
}

fn node(value: &Node, trail: &Trail<'_>, source: Option<Source>, found: &mut Vec<Diagnostic>) {
    match value {
        Node::Text(written) => text(written, trail, source, found),
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                node(item, &trail.item(index), source, found);
            }
        }
        Node::Map(entries) => {
            for (key, item) in entries {
                text(key, trail, source, found);
                node(item, &trail.entry(key), source, found);
            }
        }
        Node::Object(inner) => object(inner, trail, found),
        Node::Call(call) => node(&call.argument, &trail.key(&call.function), source, found),
        Node::Unchecked(inner) => node(inner, trail, source, found),
        Node::Null | Node::Bool(_) | Node::Int(_) | Node::Float(_) => {}
    }
}

fn text(text: &str, trail: &Trail<'_>, source: Option<Source>, found: &mut Vec<Diagnostic>) {
    if !Node::is_printed_in(text) {
        return;
    }
    let message = "the text holds a value as `{:?}` prints it, and not what it will be once it is deployed";
    let hint = "`intrinsic::sub(\"${it}/path\", [(\"it\", value)])` puts a value into a text";
    let diagnostic = Diagnostic::error("printed-value", message).at(trail.to_string()).hint(hint);
    found.push(match source {
        Some(source) => diagnostic.caused_by(source),
        None => diagnostic,
    });
}
