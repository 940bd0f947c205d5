//! Whether a value is of the kind that a property takes, with the conversions that CloudFormation makes.

use crate::node::Node;
use serde_json::Value as Json;

/// Functions that yield one text.
const TEXTS: [&str; 5] = ["Fn::Base64", "Fn::ImportValue", "Fn::Join", "Fn::Sub", "Fn::ToJsonString"];
/// Functions that yield a list.
const LISTS: [&str; 3] = ["Fn::Cidr", "Fn::GetAZs", "Fn::Split"];

/// What is wrong with the kind of `node` for a property of type `of`, as a sentence.
///
/// A number or boolean fits where a text is wanted, and the text of one where it is wanted.
pub(super) fn mismatch(of: &Json, node: &Node) -> Option<String> {
    let (fits, wanted) = match (of.as_str(), of[0].as_str()) {
        (Some("s" | "t"), _) | (_, Some("e")) => (is_scalar(node), "a text"),
        (Some("i"), _) => (is_whole(node), "a whole number"),
        (Some("n"), _) => (is_number(node), "a number"),
        (Some("b"), _) => (is_boolean(node), "`true` or `false`"),
        (_, Some("a")) => (matches!(node, Node::List(_)), "a list"),
        (_, Some("r" | "m")) => (matches!(node, Node::Object(_) | Node::Map(_)), "an object"),
        _ => return None,
    };
    match node {
        Node::Null | Node::Unchecked(_) => None,
        Node::Call(call) => {
            let list = of[0] == "a";
            let structure = matches!(of[0].as_str(), Some("r" | "m"));
            let text = TEXTS.contains(&call.function.as_ref()) && (list || structure);
            let several = LISTS.contains(&call.function.as_ref()) && !list;
            (text || several).then(|| {
                let yields = if text { "a text" } else { "a list" };
                format!("{wanted} is wanted here, and `{}` yields {yields}", call.function)
            })
        }
        // What CloudFormation reads while it deploys is not known yet.
        Node::Text(text) if text.contains("{{resolve:") => None,
        _ => (!fits).then(|| format!("{wanted} is wanted here, and this is {}", describe(node))),
    }
}

fn is_scalar(node: &Node) -> bool {
    matches!(node, Node::Text(_) | Node::Int(_) | Node::Float(_) | Node::Bool(_))
}

fn is_whole(node: &Node) -> bool {
    match node {
        Node::Int(_) => true,
        Node::Float(number) => number.fract() == 0.0,
        Node::Text(text) => text.trim().parse::<i64>().is_ok(),
        _ => false,
    }
}

fn is_number(node: &Node) -> bool {
    match node {
        Node::Int(_) | Node::Float(_) => true,
        Node::Text(text) => text.trim().parse::<f64>().is_ok(),
        _ => false,
    }
}

fn is_boolean(node: &Node) -> bool {
    match node {
        Node::Bool(_) => true,
        Node::Text(text) => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
        _ => false,
    }
}

fn describe(node: &Node) -> String {
    match node {
        Node::Text(text) if text.chars().count() <= 40 => format!("the text {text:?}"),
        Node::Text(_) => "a text".to_owned(),
        Node::Int(number) => format!("the number {number}"),
        Node::Float(number) => format!("the number {number}"),
        Node::Bool(value) => format!("the boolean {value}"),
        Node::List(_) => "a list".to_owned(),
        _ => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(of: serde_json::Value, fits: serde_json::Value, misfits: serde_json::Value) {
        for value in fits.as_array().into_iter().flatten() {
            assert_eq!(mismatch(&of, &Node::from(value.clone())), None, "{value} for {of}");
        }
        for value in misfits.as_array().into_iter().flatten() {
            assert!(mismatch(&of, &Node::from(value.clone())).is_some(), "{value} for {of}");
        }
    }

    #[test]
    fn what_cloudformation_converts_fits() {
        check(
            json!("s"),
            json!(["a", 1, 1.5, true, {"Ref": "A"}]),
            json!([["a"], {"a": 1}, {"Fn::Split": []}]),
        );
        check(json!("i"), json!([80, "80", 80.0, "{{resolve:ssm:a}}"]), json!(["a", 1.5, true, [1]]));
        check(json!("n"), json!([80, "1.5"]), json!(["a", true]));
        check(json!("b"), json!([true, "false", "True"]), json!([1, "yes"]));
        check(json!(["e", "X"]), json!(["a", 1]), json!([[1]]));
    }

    #[test]
    fn collections_fit_their_own_kind() {
        check(
            json!(["a", "s"]),
            json!([["a"], {"Fn::Split": []}, {"Ref": "L"}]),
            json!(["a", {"a": 1}, {"Fn::Sub": "a"}]),
        );
        check(json!(["r", "X"]), json!([{"a": 1}, {"Fn::If": []}]), json!(["a", [1], {"Fn::Join": []}]));
        check(json!(["m", "s"]), json!([{"a": 1}]), json!([[1]]));
        check(json!("j"), json!(["a", 1, [1], {"a": 1}]), json!([]));
    }
}
