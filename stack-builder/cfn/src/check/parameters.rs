//! Whether the declarations of parameters hold together.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>

use crate::node::{Node, Object};
use crate::template::Template;
use stack_builder_assembly::Diagnostic;

pub(super) fn check(template: &Template, found: &mut Vec<Diagnostic>) {
    for (id, parameter) in &template.parameters {
        if let Some(default) = parameter.get("Default")
            && let Some(message) = default_problem(default, parameter)
        {
            let diagnostic = Diagnostic::error("parameter-default", message);
            let diagnostic = diagnostic.at(format!("Parameters.{id}.Default")).caused_by(parameter.source());
            found.push(diagnostic.hint("choose another default, or allow this one"));
        }
    }
}

/// Why the default may not be used.
fn default_problem(default: &Node, parameter: &Object) -> Option<String> {
    let text = literal(default)?;
    let kind = parameter.get("Type").and_then(literal).unwrap_or_default();
    if kind == "Number" && text.trim().parse::<f64>().is_err() {
        return Some(format!("the default {text:?} is no number"));
    }
    let several = kind == "CommaDelimitedList" || kind.starts_with("List<");
    // The value of a Systems Manager parameter is judged when it is known.
    if kind.starts_with("AWS::SSM::") {
        return None;
    }
    let values: Vec<&str> = if several { text.split(',').map(str::trim).collect() } else { vec![&text] };
    if let Some(Node::List(allowed)) = parameter.get("AllowedValues") {
        let allowed: Vec<_> = allowed.iter().filter_map(literal).collect();
        // A list of AWS's own may hold values with commas; no published text says how those are parted.
        if several && allowed.iter().any(|value| value.contains(',')) {
            return None;
        }
        let odd = values.iter().find(|value| !allowed.iter().any(|known| known == **value))?;
        return Some(format!("the default {odd:?} is none of the allowed values {}", allowed.join(", ")));
    }
    None
}

fn literal(node: &Node) -> Option<String> {
    match node {
        Node::Text(text) => Some(text.to_string()),
        Node::Int(number) => Some(number.to_string()),
        Node::Float(number) => Some(number.to_string()),
        Node::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
