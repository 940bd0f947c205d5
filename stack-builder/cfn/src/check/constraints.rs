//! Whether literals keep the constraints that a resource type's published schema sets.
//!
//! One walk serves every type: the facts say what holds, the tree says what was written.

mod literals;

use super::{kinds, rules};
use crate::facts;
use crate::node::{Node, Object, Source};
use crate::pattern;
use crate::template::ResourceEntry;
use serde_json::Value as Json;
use stack_builder_assembly::Diagnostic;
use std::collections::HashSet;

/// Judges the properties of `resource`. In a `foreign` template types and names are judged as well, which the
/// compiler has done for one that this crate described.
pub(super) fn check(resource: &ResourceEntry, foreign: bool, found: &mut Vec<Diagnostic>) {
    if let Some(facts) = facts::resource(&resource.type_name) {
        let mut walk = Walk { facts: &facts, path: resource.id.as_str().to_owned(), foreign, found };
        walk.object(&facts, &resource.definition.properties);
    }
}

struct Walk<'a> {
    facts: &'a Json,
    path: String,
    foreign: bool,
    found: &'a mut Vec<Diagnostic>,
}

impl Walk<'_> {
    fn object(&mut self, shape: &Json, object: &Object) {
        let properties = &shape["p"];
        // What a macro or a loop inserts is not known yet.
        let open = shape.get("open").is_some() || object.entries().iter().any(|entry| is_macro(&entry.key));
        for entry in object.entries() {
            let nested = format!(".{}", entry.key);
            match properties.get(entry.key.as_ref()) {
                Some(property) => self.within(&nested, |walk| {
                    walk.node(&property["t"], &property["c"], &entry.node, entry.source);
                }),
                None if open && (shape.get("open").is_some() || is_macro(&entry.key)) => {}
                None => self.within(&nested, |walk| walk.unknown(shape, &entry.key, entry.source)),
            }
        }
        for (name, property) in properties.as_object().into_iter().flatten().filter(|_| !open) {
            if property.get("r").is_some() && object.get(name).is_none() {
                let message = format!("the required property `{name}` is missing");
                self.report("missing-property", message, object.source());
            }
        }
        for problem in rules::broken(&shape["x"], object).into_iter().filter(|_| !open) {
            self.report("required-choice", problem, object.source());
        }
    }

    fn unknown(&mut self, shape: &Json, name: &str, source: Source) {
        let attributes = shape["a"].as_object();
        let is_attribute = |known: &str| {
            known.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if attributes.is_some_and(|known| known.keys().any(|known| is_attribute(known))) {
            let message = format!("`{name}` is an attribute, which AWS sets and nobody else can");
            self.report("read-only-property", message, source);
            return;
        }
        self.report("unknown-property", format!("there is no property `{name}`"), source);
        #[cfg(feature = "foreign")]
        if let Some(diagnostic) = self.found.last_mut().filter(|_| self.foreign) {
            let known = || shape["p"].as_object().into_iter().flatten().map(|(known, _)| known.as_str());
            diagnostic.hint = Some(match crate::nearest(name, known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", crate::shown::some(known())),
            });
        }
    }

    fn node(&mut self, of: &Json, limits: &Json, node: &Node, source: Source) {
        if self.foreign
            && let Some(problem) = kinds::mismatch(of, node)
        {
            self.report("wrong-type", problem, source);
            return;
        }
        match node {
            Node::Null => self.report("null-value", "the value is null".to_owned(), source),
            Node::Text(text) if is_numeric(of) => {
                if let Ok(number) = text.parse() {
                    self.number(limits, number, source);
                }
            }
            Node::Text(text) => self.text(of, limits, text, source),
            Node::Int(number) if is_textual(of) => self.text(of, limits, &number.to_string(), source),
            Node::Bool(value) if is_textual(of) => self.text(of, limits, &value.to_string(), source),
            #[expect(clippy::cast_precision_loss, reason = "bounds are far below 2^52")]
            Node::Int(number) => self.number(limits, *number as f64, source),
            Node::Float(number) => self.number(limits, *number, source),
            Node::List(items) => self.list(of, limits, items, source),
            Node::Map(entries) => self.map(of, limits, entries, source),
            Node::Object(object) => self.structure(of, limits, object, source),
            Node::Call(call) if call.function == "Fn::If" => {
                self.branches(of, limits, &call.argument, source);
            }
            Node::Bool(_) | Node::Call(_) | Node::Unchecked(_) => {}
        }
    }

    fn structure(&mut self, of: &Json, limits: &Json, object: &Object, source: Source) {
        if of[0] == "r"
            && let Some(shape) = of[1].as_str().and_then(|name| self.facts["s"].get(name))
        {
            self.object(shape, object);
        } else if of[0] == "m" {
            // Whoever reads a template cannot tell a map from a structure.
            self.count(("entry", "entries"), limits, ("np", "xp"), object.entries(), source);
            for entry in object.entries() {
                let nested = format!(".{}", entry.key);
                self.within(&nested, |walk| walk.entry(of, limits, &entry.key, &entry.node, entry.source));
            }
        }
    }

    /// Either branch of an `Fn::If` is judged as if it stood there itself.
    fn branches(&mut self, of: &Json, limits: &Json, argument: &Node, source: Source) {
        let Node::List(parts) = argument else { return };
        for (index, branch) in parts.iter().enumerate().skip(1) {
            self.within(&format!(".Fn::If[{index}]"), |walk| walk.node(of, limits, branch, source));
        }
    }

    fn list(&mut self, of: &Json, limits: &Json, items: &[Node], source: Source) {
        self.count(("item", "items"), limits, ("ni", "xi"), items, source);
        if limits["u"] == true
            && let Some(twice) = repeated(items)
        {
            self.report("repeated-item", format!("{twice} stands twice, items must differ"), source);
        }
        for (index, item) in items.iter().enumerate() {
            self.within(&format!("[{index}]"), |walk| walk.node(&of[1], &limits["el"], item, source));
        }
    }

    fn map(&mut self, of: &Json, limits: &Json, entries: &[(String, Node)], source: Source) {
        if of[0] == "r" {
            // Raw JSON in the place of a structure: only its names can be told.
            return;
        }
        self.count(("entry", "entries"), limits, ("np", "xp"), entries, source);
        for (key, value) in entries {
            self.within(&format!("[{key:?}]"), |walk| walk.entry(of, limits, key, value, source));
        }
    }

    fn entry(&mut self, of: &Json, limits: &Json, key: &str, value: &Node, source: Source) {
        if let Some(pattern) = limits["kp"].as_str().filter(|pattern| !pattern::matches(pattern, key)) {
            self.report("pattern", format!("the key {key:?} does not match the pattern {pattern}"), source);
        }
        self.node(&of[1], &limits["el"], value, source);
    }

    fn count<T>(
        &mut self,
        what: (&str, &str),
        limits: &Json,
        keys: (&str, &str),
        items: &[T],
        source: Source,
    ) {
        let count = items.len() as u64;
        let given = format!("{count} {} {} given", if count == 1 { what.0 } else { what.1 }, be(count));
        if let Some(least) = limits[keys.0].as_u64().filter(|least| count < *least) {
            self.report("too-few", format!("{given}, at least {least} {} needed", be(least)), source);
        }
        if let Some(most) = limits[keys.1].as_u64().filter(|most| count > *most) {
            self.report("too-many", format!("{given}, {most} {} allowed", be(most)), source);
        }
    }

    fn within(&mut self, part: &str, inner: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push_str(part);
        inner(self);
        self.path.truncate(length);
    }

    fn report(&mut self, code: &str, message: String, source: Source) {
        let diagnostic = Diagnostic::error(code, message).at(self.path.clone()).caused_by(source);
        self.found.push(match code {
            "pattern" | "not-allowed" | "too-short" | "too-long" | "out-of-range" if !self.foreign => {
                diagnostic
                    .hint("`Value::raw(…)` writes a value that AWS takes although its schema forbids it")
            }
            _ => diagnostic,
        });
    }
}

fn be(count: u64) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// Whether a key is no property but yields some when deployed.
fn is_macro(key: &str) -> bool {
    key.starts_with("Fn::")
}

/// Whether a type holds numbers; CloudFormation takes a text that holds one.
fn is_numeric(of: &Json) -> bool {
    of == "i" || of == "n"
}

/// Whether a type holds texts; CloudFormation takes a number or a boolean for one.
fn is_textual(of: &Json) -> bool {
    of == "s" || of == "t" || of[0] == "e"
}

/// The first literal that stands twice; intrinsics are not compared, they may differ when deployed.
fn repeated(items: &[Node]) -> Option<String> {
    let texts: Vec<_> = items.iter().map(|item| serde_json::to_string(item).unwrap_or_default()).collect();
    let literal = |node: &Node| !matches!(node, Node::Call(_) | Node::Unchecked(_));
    let mut seen = HashSet::new();
    let twice = texts.iter().zip(items).find(|(text, item)| !seen.insert(*text) && literal(item));
    twice.map(|(text, _)| brief(text))
}

fn brief(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return format!("{text:?}");
    }
    let start: String = text.chars().take(MOST).collect();
    format!("{start:?}…")
}
