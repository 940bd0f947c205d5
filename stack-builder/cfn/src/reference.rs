//! What a value refers to: every `Ref`, attribute, condition and mapping within it.

use crate::node::{Node, Source};
use std::borrow::Cow;

/// One reference within a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reference<'a> {
    /// `Ref`, or `${Name}` in an `Fn::Sub`: a resource, a parameter or a pseudo parameter.
    Name(Cow<'a, str>),
    /// `Fn::GetAtt`, or `${Name.Attribute}`: a resource and its attribute.
    Attribute(Cow<'a, str>, Cow<'a, str>),
    /// A condition.
    Condition(Cow<'a, str>),
    /// A mapping.
    Mapping(Cow<'a, str>),
}

/// Calls `found` for each reference in `node`, with the nearest source line around it.
pub(crate) fn visit<'a>(node: &'a Node, source: Source, found: &mut dyn FnMut(Reference<'a>, Source)) {
    match node {
        Node::List(items) => items.iter().for_each(|item| visit(item, source, found)),
        Node::Map(entries) => entries.iter().for_each(|(_, item)| visit(item, source, found)),
        Node::Object(object) => {
            object.entries().iter().for_each(|entry| visit(&entry.node, entry.source, found));
        }
        Node::Call(call) => visit_call(&call.function, &call.argument, source, found),
        Node::Unchecked(node) => visit(node, source, found),
        Node::Null | Node::Bool(_) | Node::Int(_) | Node::Float(_) | Node::Text(_) => {}
    }
}

fn visit_call<'a>(
    function: &str,
    argument: &'a Node,
    source: Source,
    found: &mut dyn FnMut(Reference<'a>, Source),
) {
    match (function, argument) {
        ("Ref", Node::Text(name)) => found(Reference::Name(name.as_ref().into()), source),
        ("Condition", Node::Text(name)) => found(Reference::Condition(name.as_ref().into()), source),
        ("Fn::GetAtt", Node::Text(path)) => found(attribute(path), source),
        ("Fn::GetAtt", Node::List(parts)) => {
            if let [Node::Text(id), Node::Text(name)] = parts.as_slice() {
                found(Reference::Attribute(id.as_ref().into(), name.as_ref().into()), source);
            } else {
                visit(argument, source, found);
            }
        }
        ("Fn::Sub", Node::Text(text)) => visit_text(text, &[], source, found),
        ("Fn::Sub", Node::List(parts)) => {
            if let [Node::Text(text), Node::Map(variables)] = parts.as_slice() {
                visit_text(text, variables, source, found);
            }
            visit(argument, source, found);
        }
        _ => {
            if let Node::List(parts) = argument
                && let Some(Node::Text(first)) = parts.first()
            {
                match function {
                    "Fn::If" => found(Reference::Condition(first.as_ref().into()), source),
                    "Fn::FindInMap" => found(Reference::Mapping(first.as_ref().into()), source),
                    _ => {}
                }
            }
            visit(argument, source, found);
        }
    }
}

fn attribute(path: &str) -> Reference<'_> {
    match path.split_once('.') {
        Some((id, name)) => Reference::Attribute(id.into(), name.into()),
        None => Reference::Name(path.into()),
    }
}

fn visit_text<'a>(
    text: &'a str,
    variables: &[(String, Node)],
    source: Source,
    found: &mut dyn FnMut(Reference<'a>, Source),
) {
    for placeholder in placeholders(text) {
        if !variables.iter().any(|(name, _)| name == placeholder) {
            found(attribute(placeholder), source);
        }
    }
}

/// The names between `${` and `}`, without the escaped `${!…}`.
pub(crate) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split("${")
        .skip(1)
        .filter(|rest| !rest.starts_with('!'))
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(value: serde_json::Value, expect: &str) {
        let node = Node::from(value);
        let mut found = Vec::new();
        visit(&node, std::panic::Location::caller(), &mut |reference, _| {
            found.push(match reference {
                Reference::Name(name) => name.into_owned(),
                Reference::Attribute(id, name) => format!("{id}.{name}"),
                Reference::Condition(name) => format!("?{name}"),
                Reference::Mapping(name) => format!("#{name}"),
            });
        });
        assert_eq!(found.join(" "), expect);
    }

    #[test]
    fn every_form_is_found() {
        check(json!([{"Ref": "A"}, {"Fn::GetAtt": ["B", "C.D"]}, {"Fn::GetAtt": "E.F"}]), "A B.C.D E.F");
        check(json!({"Fn::Sub": "${A}-${!B}-${C.D}-${AWS::Region}"}), "A C.D AWS::Region");
        check(json!({"Fn::Sub": ["${A}${v}", {"v": {"Ref": "B"}}]}), "A B");
        check(json!({"Fn::If": ["C", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]}), "?C A AWS::NoValue");
        check(json!({"Fn::FindInMap": ["M", {"Ref": "A"}, "k"]}), "#M A");
        check(json!({"Fn::And": [{"Condition": "C"}, {"Fn::Not": [{"Condition": "D"}]}]}), "?C ?D");
        check(json!({"Condition": {"Bool": {"aws:SecureTransport": "false"}}}), "");
    }

    #[test]
    fn an_unfinished_placeholder_is_text() {
        check(json!({"Fn::Sub": "${A"}), "");
    }
}
