//! What a value refers to: every `Ref`, attribute, condition and mapping within it.

use crate::node::{Node, Source};
use crate::trail::Trail;
use std::borrow::Cow;

/// One reference within a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference<'a> {
    /// `Ref`, or `${Name}` in an `Fn::Sub`: a resource, a parameter or a pseudo parameter.
    Name(Cow<'a, str>),
    /// `Fn::GetAtt`, or `${Name.Attribute}`: a resource and its attribute.
    Attribute(Cow<'a, str>, Cow<'a, str>),
    /// A condition.
    Condition(Cow<'a, str>),
    /// A mapping.
    Mapping(Cow<'a, str>),
}

impl Reference<'_> {
    /// The same, without the template that it was read from.
    pub fn into_owned(self) -> Reference<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Name(name) => Reference::Name(own(name)),
            Self::Attribute(id, name) => Reference::Attribute(own(id), own(name)),
            Self::Condition(name) => Reference::Condition(own(name)),
            Self::Mapping(name) => Reference::Mapping(own(name)),
        }
    }
}

/// What takes each reference, with the way to it and the nearest source line around it.
pub(crate) type Found<'f, 'a> = &'f mut dyn FnMut(Reference<'a>, &Trail<'_>, Source);

/// Calls `found` for each reference in `node`, which stands at `trail`.
pub(crate) fn visit<'a>(node: &'a Node, trail: &Trail<'_>, source: Source, found: Found<'_, 'a>) {
    match node {
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                visit(item, &trail.item(index), source, found);
            }
        }
        Node::Map(entries) => {
            for (key, item) in entries {
                visit(item, &trail.entry(key), source, found);
            }
        }
        Node::Object(object) => {
            for entry in object.entries() {
                visit(&entry.node, &trail.key(&entry.key), entry.source, found);
            }
        }
        Node::Call(call) => visit_call(&call.function, &call.argument, trail, source, found),
        Node::Unchecked(node) => visit(node, trail, source, found),
        Node::Null | Node::Bool(_) | Node::Int(_) | Node::Float(_) | Node::Text(_) => {}
    }
}

fn visit_call<'a>(
    function: &str,
    argument: &'a Node,
    trail: &Trail<'_>,
    source: Source,
    found: Found<'_, 'a>,
) {
    let inner = trail.key(function);
    match (function, argument) {
        ("Ref", Node::Text(name)) => found(Reference::Name(name.as_ref().into()), trail, source),
        ("Condition", Node::Text(name)) => found(Reference::Condition(name.as_ref().into()), trail, source),
        ("Fn::GetAtt", Node::Text(path)) => found(attribute(path), trail, source),
        ("Fn::GetAtt", Node::List(parts)) => {
            if let [Node::Text(id), Node::Text(name)] = parts.as_slice() {
                found(Reference::Attribute(id.as_ref().into(), name.as_ref().into()), trail, source);
            } else {
                visit(argument, &inner, source, found);
            }
        }
        ("Fn::Sub", Node::Text(text)) => visit_text(text, &|_| false, trail, source, found),
        ("Fn::Sub", Node::List(parts)) => {
            if let [Node::Text(text), variables] = parts.as_slice() {
                visit_text(text, &|name| holds(variables, name), &inner.item(0), source, found);
            }
            visit(argument, &inner, source, found);
        }
        _ => {
            if let Node::List(parts) = argument
                && let Some(Node::Text(first)) = parts.first()
            {
                match function {
                    "Fn::If" => found(Reference::Condition(first.as_ref().into()), &inner.item(0), source),
                    "Fn::FindInMap" => {
                        found(Reference::Mapping(first.as_ref().into()), &inner.item(0), source);
                    }
                    _ => {}
                }
            }
            visit(argument, &inner, source, found);
        }
    }
}

/// Whether a map, be it of the user's or of known keys, has this key.
fn holds(map: &Node, key: &str) -> bool {
    match map {
        Node::Map(entries) => entries.iter().any(|(known, _)| known == key),
        Node::Object(object) => object.get(key).is_some(),
        _ => false,
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
    is_variable: &dyn Fn(&str) -> bool,
    trail: &Trail<'_>,
    source: Source,
    found: Found<'_, 'a>,
) {
    // That nothing is named is said elsewhere.
    let named = placeholders(text).filter(|placeholder| !placeholder.is_empty());
    for placeholder in named.filter(|placeholder| !is_variable(placeholder)) {
        found(attribute(placeholder), trail, source);
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
        visit(&node, &Trail::new("It"), std::panic::Location::caller(), &mut |reference, _, _| {
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

    #[test]
    fn the_way_to_a_reference_is_known() {
        let node = Node::from(json!([{"Fn::Join": ["", [{"Ref": "A"}, {"Fn::Sub": "${B}"}]]}]));
        let mut found = Vec::new();
        visit(&node, &Trail::new("It"), std::panic::Location::caller(), &mut |_, trail, _| {
            found.push(trail.to_string());
        });
        assert_eq!(found, ["It[0].Fn::Join[1][0]", "It[0].Fn::Join[1][1]"]);
    }
}
