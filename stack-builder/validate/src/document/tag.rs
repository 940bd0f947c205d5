//! What a YAML tag stands for: the short form of a function, or a type of YAML's own.

use crate::finding::Finding;
use saphyr_parser::Tag;

/// The functions that have a short form, without `Fn::`. (`Fn::ForEach` has none.)
const FUNCTIONS: [&str; 21] = [
    "And",
    "Base64",
    "Cidr",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "GetStackOutput",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
];

/// Those that only rules know, or that are written in two words.
const OTHERS: [&str; 5] = ["Transform", "RefAll", "ValueOf", "ValueOfAll", "GetParam"];

/// What to make of a tagged value.
pub(super) enum Meaning {
    /// The argument of this function.
    Function(String),
    /// A text, whatever it looks like.
    Text,
    /// As if there were no tag.
    Plain,
}

/// The meaning of `tag`, and what is wrong with it.
pub(super) fn meaning(tag: &Tag) -> (Meaning, Option<Finding>) {
    if tag.is_yaml_core_schema() {
        return core(&tag.suffix);
    }
    let name = tag.suffix.as_str();
    match name {
        "" | "!" => (Meaning::Text, None),
        "Ref" | "Condition" => (Meaning::Function(name.to_owned()), None),
        _ if FUNCTIONS.contains(&name) || OTHERS.contains(&name) => {
            (Meaning::Function(format!("Fn::{name}")), None)
        }
        _ => (Meaning::Function(format!("Fn::{name}")), Some(unknown(name))),
    }
}

fn core(name: &str) -> (Meaning, Option<Finding>) {
    match name {
        "str" => (Meaning::Text, None),
        "binary" | "omap" | "pairs" | "set" | "timestamp" => {
            let message = format!("CloudFormation does not take the YAML type `!!{name}`");
            let hint = "write the value as a text, a list or a map";
            (Meaning::Plain, Some(Finding::error("unknown-tag", message).hint(hint)))
        }
        _ => (Meaning::Plain, None),
    }
}

fn unknown(name: &str) -> Finding {
    let problem = Finding::error("unknown-tag", format!("there is no function `!{name}`"));
    let known = ["Ref", "Condition"].iter().chain(&FUNCTIONS).copied();
    match stack_builder_cfn::nearest(name, known) {
        Some(near) => problem.hint(format!("did you mean `!{near}`?")),
        None => problem.hint("a text that begins with `!` needs quotation marks"),
    }
}
