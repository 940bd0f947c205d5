//! Whether the arguments of intrinsic functions have their shape, in templates that no compiler has seen.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use crate::node::{Call, Node};
use crate::template::Template;
use crate::trail::Trail;
use stack_builder_assembly::Diagnostic;

/// A function, the least and greatest number of arguments in its list, and how it is called.
const LISTS: [(&str, usize, usize, &str); 11] = [
    ("Fn::And", 2, 10, "two to ten conditions"),
    ("Fn::Cidr", 2, 3, "[block, count, bits]"),
    ("Fn::Equals", 2, 2, "[value, value]"),
    ("Fn::FindInMap", 3, 4, "[mapping, first key, second key]"),
    ("Fn::If", 3, 3, "[condition, value if it holds, value if not]"),
    ("Fn::Join", 2, 2, "[delimiter, list]"),
    ("Fn::Not", 1, 1, "[condition]"),
    ("Fn::Or", 2, 10, "two to ten conditions"),
    ("Fn::Select", 2, 2, "[index, list]"),
    ("Fn::Split", 2, 2, "[delimiter, text]"),
    ("Fn::Contains", 2, 2, "[list, text]"),
];

/// The functions of any other shape.
const OTHERS: [&str; 16] = [
    "Condition",
    "Fn::Base64",
    "Fn::EachMemberEquals",
    "Fn::EachMemberIn",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::GetStackOutput",
    "Fn::ImportValue",
    "Fn::Length",
    "Fn::RefAll",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
    "Fn::ValueOf",
    "Fn::ValueOfAll",
    "Ref",
];

pub(super) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    if !template.foreign {
        return;
    }
    let extended = template.transforms.iter().any(|name| name == "AWS::LanguageExtensions");
    if !extended && let Some(name) = template.loops.keys().find(|name| name.starts_with("Fn::ForEach::")) {
        let message = "`Fn::ForEach` works only with the transform `AWS::LanguageExtensions`";
        let diagnostic = Diagnostic::error("function", message).at(name.as_str());
        found.push(diagnostic.hint("add `Transform: AWS::LanguageExtensions` at the top of the template"));
    }
    let mut walk = Walk { template, found };
    for resource in template.resources() {
        let trail = Trail::new(resource.id.as_str());
        for entry in resource.definition.properties.entries() {
            walk.node(&entry.node, &trail.key(&entry.key));
        }
    }
    for (id, output) in &template.outputs {
        let section = Trail::new("Outputs");
        let trail = section.key(id.as_str());
        for entry in output.entries() {
            walk.node(&entry.node, &trail.key(&entry.key));
        }
    }
    for (id, (node, _)) in &template.conditions {
        walk.node(node, &Trail::new("Conditions").key(id.as_str()));
    }
}

struct Walk<'a> {
    template: &'a Template,
    found: &'a mut Vec<Diagnostic>,
}

impl Walk<'_> {
    fn node(&mut self, node: &Node, trail: &Trail<'_>) {
        match node {
            Node::List(items) => {
                items.iter().enumerate().for_each(|(index, item)| self.node(item, &trail.item(index)));
            }
            Node::Map(entries) => entries.iter().for_each(|(key, item)| self.node(item, &trail.entry(key))),
            Node::Object(object) => {
                for entry in object.entries() {
                    let trail = trail.key(&entry.key);
                    if is_function(&entry.key) && object.entries().len() > 1 {
                        self.report(
                            &trail,
                            format!("`{}` stands beside other keys, and a function stands alone", entry.key),
                        );
                    }
                    self.node(&entry.node, &trail);
                }
            }
            Node::Call(call) => self.call(call, trail),
            _ => {}
        }
    }

    fn call(&mut self, call: &Call, trail: &Trail<'_>) {
        let name = call.function.as_ref();
        let list = LISTS.iter().find(|(known, ..)| *known == name);
        match (name, list) {
            (_, Some((_, least, most, shape))) => self.arguments(call, trail, (*least, *most), shape),
            ("Fn::Sub", _) if !is_sub(&call.argument) => {
                self.report(
                    trail,
                    "`Fn::Sub` wants a text, or a list of a text and an object of variables".to_owned(),
                );
            }
            ("Fn::GetAtt", _) if !is_get_att(&call.argument) => {
                self.report(trail, "`Fn::GetAtt` wants a resource and an attribute of it".to_owned());
            }
            ("Ref", _) if !matches!(call.argument, Node::Text(_) | Node::Call(_)) => {
                self.report(trail, "`Ref` wants the name of a resource or a parameter".to_owned());
            }
            ("Fn::ImportValue", _) if !is_import(&call.argument) => {
                self.report(
                    trail,
                    "`Fn::ImportValue` wants the name of an export, and not another import".to_owned(),
                );
            }
            ("Fn::GetStackOutput", _) if !is_stack_output(&call.argument) => {
                let message = "`Fn::GetStackOutput` wants `StackName` and `OutputName`, and may have `Region` and `RoleArn`";
                self.report(trail, message.to_owned());
            }
            _ if !OTHERS.contains(&name) => self.unknown(name, trail),
            _ => {}
        }
        if name == "Fn::FindInMap" {
            self.mapping(&call.argument, trail);
        }
        self.node(&call.argument, &trail.key(name));
    }

    fn arguments(&mut self, call: &Call, trail: &Trail<'_>, (least, most): (usize, usize), shape: &str) {
        let name = &call.function;
        match &call.argument {
            Node::List(items) if (least..=most).contains(&items.len()) => {
                let wants_list = matches!(name.as_ref(), "Fn::Join" | "Fn::Select");
                if wants_list && !matches!(items[1], Node::List(_) | Node::Call(_)) {
                    self.report(
                        trail,
                        format!("the second argument of `{name}` is a list: it wants {shape}"),
                    );
                }
            }
            Node::List(items) => {
                self.report(trail, format!("`{name}` wants {shape}, and has {} arguments", items.len()));
            }
            Node::Call(_) => {}
            _ => self.report(trail, format!("`{name}` wants {shape}")),
        }
    }

    /// Literal keys that the mapping does not have.
    fn mapping(&mut self, argument: &Node, trail: &Trail<'_>) {
        let Node::List(parts) = argument else { return };
        let [Node::Text(name), Node::Text(first), second] = parts.as_slice() else { return };
        let id = crate::LogicalId::new(name);
        let Some((Node::Object(levels), _)) = self.template.mappings.get(&id) else { return };
        let missing = match (levels.get(first), second) {
            (None, _) => first,
            (Some(Node::Object(level)), Node::Text(second)) if level.get(second).is_none() => second,
            _ => return,
        };
        self.report(trail, format!("the mapping `{name}` has no key `{missing}`"));
    }

    fn unknown(&mut self, name: &str, trail: &Trail<'_>) {
        let known = LISTS.iter().map(|(known, ..)| *known).chain(OTHERS);
        self.report(trail, format!("there is no function `{name}`"));
        if let (Some(near), Some(diagnostic)) = (crate::nearest(name, known), self.found.last_mut()) {
            diagnostic.hint = Some(format!("did you mean `{near}`?"));
        }
    }

    fn report(&mut self, trail: &Trail<'_>, message: String) {
        self.found.push(Diagnostic::error("function", message).at(trail.to_string()));
    }
}

/// Whether a key can only be a function. (`Condition` may be a property, and loops stand beside other keys.)
fn is_function(key: &str) -> bool {
    key == "Ref" || (key.starts_with("Fn::") && !key.starts_with("Fn::ForEach::") && key != "Fn::Transform")
}

fn is_sub(argument: &Node) -> bool {
    match argument {
        // A macro may yield the text.
        Node::Text(_) | Node::Call(_) => true,
        Node::List(parts) => {
            matches!(parts.as_slice(), [Node::Text(_)] | [Node::Text(_), Node::Object(_) | Node::Map(_)])
        }
        _ => false,
    }
}

fn is_import(argument: &Node) -> bool {
    match argument {
        Node::Text(_) => true,
        Node::Call(call) => call.function != "Fn::ImportValue",
        _ => false,
    }
}

fn is_stack_output(argument: &Node) -> bool {
    let Node::Object(object) = argument else { return false };
    let known = ["OutputName", "Region", "RoleArn", "StackName"];
    let whole = ["OutputName", "StackName"].iter().all(|name| object.get(name).is_some());
    whole && object.entries().iter().all(|entry| known.contains(&entry.key.as_ref()))
}

fn is_get_att(argument: &Node) -> bool {
    match argument {
        Node::Text(path) => path.contains('.'),
        Node::List(parts) => {
            matches!(parts.as_slice(), [Node::Text(_), Node::Text(_) | Node::Call(_)] | [Node::Call(_), _])
        }
        _ => false,
    }
}
