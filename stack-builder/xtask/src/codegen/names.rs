//! Names for the structs and enums of one resource type.
//!
//! They become public Rust names, so a name depends only on what it names and where that stands, never on the order
//! in which a schema is walked. A definition keeps its own name. A shape written inline is called after its property;
//! if that name already means something else in the same resource, the name of the struct around it goes in front.

use std::collections::{BTreeMap, BTreeSet};

/// A struct or enum that needs a name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    /// The definition's name, if it is one.
    pub(crate) definition: Option<String>,
    /// The index of the struct around an inline shape; none at the top of the resource.
    pub(crate) owner: Option<usize>,
    /// The property an inline shape stands in.
    pub(crate) property: String,
    /// What it consists of; shapes of equal content may share a name.
    pub(crate) content: String,
}

/// Names every shape of the resource type called `resource` (its last segment).
pub(crate) fn names(shapes: &[Shape], resource: &str) -> Vec<String> {
    let given = Namer { shapes, resource, plain: plain_meanings(shapes) };
    let mut names: Vec<String> = (0..shapes.len()).map(|index| given.name(index)).collect();
    number_clashes(shapes, &mut names);
    names
}

/// `some-name` and `someName` as `SomeName`; a leading digit gets an `N` in front.
pub(crate) fn pascal(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let joined: String = words.map(capitalized).collect();
    if joined.starts_with(|c: char| c.is_ascii_alphabetic()) { joined } else { format!("N{joined}") }
}

/// The name of one element of a list: `Policies` holds `Policy`.
pub(crate) fn singular(plural: &str) -> String {
    let invariable = ["ss", "us", "is", "Series"].iter().any(|end| plural.ends_with(end));
    if plural.len() < 4 || invariable {
        return plural.to_owned();
    }
    if let Some(stem) = plural.strip_suffix("ies") {
        return format!("{stem}y");
    }
    let hissing = ["sses", "xes", "ches", "shes", "tuses", "Aliases"].iter().any(|end| plural.ends_with(end));
    plural.strip_suffix(if hissing { "es" } else { "s" }).unwrap_or(plural).to_owned()
}

fn capitalized(word: &str) -> String {
    let (head, tail) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    head.to_ascii_uppercase() + tail
}

struct Namer<'a> {
    shapes: &'a [Shape],
    resource: &'a str,
    /// What each unqualified name means.
    plain: BTreeMap<String, &'a str>,
}

impl Namer<'_> {
    fn name(&self, index: usize) -> String {
        let shape = &self.shapes[index];
        let plain = plain_name(shape);
        if shape.definition.is_some() || self.plain.get(&plain) == Some(&shape.content.as_str()) {
            return plain;
        }
        let owner = shape.owner.map_or_else(|| pascal(self.resource), |owner| self.name(owner));
        owner + &plain
    }
}

fn plain_name(shape: &Shape) -> String {
    pascal(shape.definition.as_ref().unwrap_or(&shape.property))
}

/// Decides what the unqualified names mean: the definition of that name, else the shape at the top of the resource,
/// else the one inline shape of that name. A name that would be ambiguous, or a single letter, means nothing.
fn plain_meanings(shapes: &[Shape]) -> BTreeMap<String, &str> {
    let mut ranked: BTreeMap<String, [BTreeSet<&str>; 3]> = BTreeMap::new();
    for shape in shapes {
        let rank = match (&shape.definition, shape.owner) {
            (Some(_), _) => 0,
            (None, None) => 1,
            (None, Some(_)) => 2,
        };
        ranked.entry(plain_name(shape)).or_default()[rank].insert(&shape.content);
    }
    let decided = ranked.into_iter().filter_map(|(name, ranks)| {
        let first = ranks.into_iter().find(|contents| !contents.is_empty())?;
        let clear = first.len() == 1 && name.len() > 1;
        first.first().copied().filter(|_| clear).map(|content| (name, content))
    });
    decided.collect()
}

/// Gives what still shares a name without sharing its content a number, in the order of the contents.
fn number_clashes(shapes: &[Shape], names: &mut [String]) {
    let mut contents: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (shape, name) in shapes.iter().zip(names.iter()) {
        contents.entry(name.clone()).or_default().insert(&shape.content);
    }
    for (shape, name) in shapes.iter().zip(names.iter_mut()) {
        let position = contents[name].iter().position(|content| *content == shape.content);
        if let Some(position @ 1..) = position {
            *name = format!("{name}{}", position + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inline(owner: Option<usize>, property: &str, content: &str) -> Shape {
        Shape { definition: None, owner, property: property.into(), content: content.into() }
    }

    fn definition(name: &str, content: &str) -> Shape {
        Shape { definition: Some(name.into()), ..inline(None, "", content) }
    }

    #[track_caller]
    fn check(shapes: &[Shape], expect: &[&str]) {
        assert_eq!(names(shapes, "Bucket"), expect);
    }

    #[test]
    fn an_unambiguous_property_gives_its_name() {
        check(&[definition("Rule", "r"), inline(Some(0), "status", "on off")], &["Rule", "Status"]);
    }

    #[test]
    fn equal_shapes_share_a_name_and_others_are_qualified() {
        let shapes = [definition("Rule", "r"), definition("Copy", "c")];
        let same = [inline(Some(0), "Status", "on off"), inline(Some(1), "Status", "on off")];
        check(&[shapes.clone(), same].concat(), &["Rule", "Copy", "Status", "Status"]);
        let different = [inline(Some(0), "Status", "on off"), inline(Some(1), "Status", "yes no")];
        check(&[shapes, different].concat(), &["Rule", "Copy", "RuleStatus", "CopyStatus"]);
    }

    #[test]
    fn a_definition_and_the_top_of_the_resource_come_first() {
        let shapes =
            [definition("Rule", "r"), inline(None, "Status", "top"), inline(Some(0), "Status", "in")];
        check(&shapes, &["Rule", "Status", "RuleStatus"]);
        check(&[definition("Status", "d"), inline(None, "Status", "top")], &["Status", "BucketStatus"]);
    }

    #[test]
    fn order_does_not_matter() {
        let shapes = [
            definition("Rule", "r"),
            inline(Some(0), "A", "x"),
            inline(Some(0), "Mode", "y"),
            inline(None, "Mode", "z"),
        ];
        let swapped = [shapes[0].clone(), shapes[3].clone(), shapes[2].clone(), shapes[1].clone()];
        check(&shapes, &["Rule", "RuleA", "RuleMode", "Mode"]);
        check(&swapped, &["Rule", "Mode", "RuleMode", "RuleA"]);
    }

    #[test]
    fn spelling() {
        assert_eq!(pascal("some-name v2"), "SomeNameV2");
        assert_eq!(pascal("2x"), "N2x");
        for (plural, one) in [
            ("Policies", "Policy"),
            ("Status", "Status"),
            ("AllowedOAuthFlows", "AllowedOAuthFlow"),
            ("Boxes", "Box"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }
}
