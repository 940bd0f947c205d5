//! Whether texts are what was meant: transportable, whole where they are of `Fn::Sub`, and no printed values.

use crate::node::{Call, Node, Object, Source};
use crate::template::Template;
use crate::trail::Trail;
use stack_builder_assembly::Diagnostic;

pub(super) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    let mut walk = Walk { foreign: template.foreign, found };
    walk.text(template.description(), &Trail::new("Description"), None);
    for (key, value) in &template.metadata {
        let section = Trail::new("Metadata");
        walk.text(key, &section, None);
        walk.node(value, &section.key(key), None);
    }
    let objects = [("Parameters", &template.parameters), ("Outputs", &template.outputs)];
    for (section, elements) in objects {
        for (id, element) in elements {
            walk.object(element, &Trail::new(section).key(id.as_str()));
        }
    }
    let nodes =
        [("Mappings", &template.mappings), ("Conditions", &template.conditions), ("Rules", &template.rules)];
    for (section, elements) in nodes {
        for (id, (element, source)) in elements {
            walk.node(element, &Trail::new(section).key(id.as_str()), Some(source));
        }
    }
    for resource in template.resources() {
        let trail = Trail::new(resource.id.as_str());
        walk.object(&resource.definition.properties, &trail);
        walk.object(&resource.definition.attributes, &trail);
    }
    for (name, body) in &template.loops {
        walk.node(body, &Trail::new(name), None);
    }
}

struct Walk<'a> {
    /// Nobody printed a value into a template that was written by hand.
    foreign: bool,
    found: &'a mut Vec<Diagnostic>,
}

impl Walk<'_> {
    fn object(&mut self, object: &Object, trail: &Trail<'_>) {
        for entry in object.entries() {
            let trail = trail.key(&entry.key);
            self.text(&entry.key, &trail, Some(entry.source));
            self.node(&entry.node, &trail, Some(entry.source));
        }
    }

    fn node(&mut self, node: &Node, trail: &Trail<'_>, source: Option<Source>) {
        match node {
            Node::Text(text) => self.text(text, trail, source),
            Node::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.node(item, &trail.item(index), source);
                }
            }
            Node::Map(entries) => {
                for (key, item) in entries {
                    let trail = trail.entry(key);
                    self.text(key, &trail, source);
                    self.node(item, &trail, source);
                }
            }
            Node::Object(object) => self.object(object, trail),
            Node::Call(call) => {
                self.substitution(call, trail, source);
                self.node(&call.argument, &trail.key(&call.function), source);
            }
            Node::Unchecked(node) => self.node(node, trail, source),
            Node::Null | Node::Bool(_) | Node::Int(_) | Node::Float(_) => {}
        }
    }

    fn text(&mut self, text: &str, trail: &Trail<'_>, source: Option<Source>) {
        if let Some(odd) = text.chars().find(|c| !is_xml(*c)) {
            let message =
                format!("the text holds U+{:04X}, a character that XML cannot carry", u32::from(odd));
            let hint = "remove it: CloudFormation answers in XML, and neither tools nor the console could read the stack again";
            self.report("control-character", message, hint, trail, source);
        }
        if !self.foreign && Node::is_printed_in(text) {
            let message =
                "the text holds a value as `{:?}` prints it, and not what it will be once it is deployed";
            let hint = "`intrinsic::sub(\"${it}/path\", [(\"it\", value)])` puts a value into a text";
            self.report("printed-value", message.to_owned(), hint, trail, source);
        }
    }

    fn substitution(&mut self, call: &Call, trail: &Trail<'_>, source: Option<Source>) {
        let text = match &call.argument {
            _ if call.function != "Fn::Sub" => return,
            Node::Text(text) => text,
            Node::List(parts) => match parts.first() {
                Some(Node::Text(text)) => text,
                _ => return,
            },
            _ => return,
        };
        match broken(text) {
            None => {}
            Some(Broken::Unterminated) => {
                let message = "a `${` in the text of `Fn::Sub` has no `}`".to_owned();
                let hint = "close it behind the name; a literal `${` is written `${!`";
                self.report("function", message, hint, trail, source);
            }
            Some(Broken::Empty) => {
                let message = "`${}` in the text of `Fn::Sub` names nothing".to_owned();
                let hint = "write a name between the braces; a literal `${}` is written `${!}`";
                self.report("function", message, hint, trail, source);
            }
        }
    }

    fn report(&mut self, code: &str, message: String, hint: &str, trail: &Trail<'_>, source: Option<Source>) {
        let diagnostic = Diagnostic::error(code, message).at(trail.to_string()).hint(hint);
        self.found.push(match source {
            Some(source) => diagnostic.caused_by(source),
            None => diagnostic,
        });
    }
}

/// What is wrong with a placeholder.
#[derive(Debug, PartialEq, Eq)]
enum Broken {
    Unterminated,
    Empty,
}

/// The first placeholder that is none.
fn broken(text: &str) -> Option<Broken> {
    let placeholders = text.split("${").skip(1).filter(|rest| !rest.starts_with('!'));
    let mut problems = placeholders.filter_map(|rest| match rest.split_once('}') {
        None => Some(Broken::Unterminated),
        Some((name, _)) => name.trim().is_empty().then_some(Broken::Empty),
    });
    problems.next()
}

/// Whether XML 1.0 can carry the character: <https://www.w3.org/TR/xml/#charsets>.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_whole() {
        for whole in ["", "a", "${A}", "${!A", "$ {", "${ A }-${B.C}", "}${!"] {
            assert_eq!(broken(whole), None, "{whole}");
        }
        for open in ["${", "x-${", "${A", "${A${B}", "${A}${", "}${"] {
            assert_eq!(broken(open), Some(Broken::Unterminated), "{open}");
        }
        assert_eq!(broken("${}"), Some(Broken::Empty));
        assert_eq!(broken("${A}${ }"), Some(Broken::Empty));
    }

    #[test]
    fn what_xml_carries() {
        assert!("\t\n\r aé\u{85}\u{7f}\u{fffd}\u{1f600}".chars().all(is_xml));
        assert!("\0\u{1b}\u{7}\u{1f}\u{fffe}\u{ffff}".chars().all(|c| !is_xml(c)));
    }
}
