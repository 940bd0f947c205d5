//! Whether literals keep the constraints that a resource type's published schema sets.
//!
//! One walk serves every type: the facts say what holds, the tree says what was written.

use super::rules;
use crate::facts;
use crate::node::{Node, Object, Source};
use crate::pattern;
use crate::template::ResourceEntry;
use serde_json::Value as Json;
use stack_builder_assembly::Diagnostic;

pub(super) fn check(resource: &ResourceEntry, found: &mut Vec<Diagnostic>) {
    if let Some(facts) = facts::resource(&resource.type_name) {
        let mut walk = Walk { facts: &facts, path: resource.id.as_str().to_owned(), found };
        walk.object(&facts, &resource.definition.properties);
    }
}

struct Walk<'a> {
    facts: &'a Json,
    path: String,
    found: &'a mut Vec<Diagnostic>,
}

impl Walk<'_> {
    fn object(&mut self, shape: &Json, object: &Object) {
        let properties = &shape["p"];
        let open = shape.get("open").is_some();
        for entry in object.entries() {
            match properties.get(entry.key.as_ref()) {
                Some(property) => {
                    let nested = format!(".{}", entry.key);
                    self.within(&nested, |walk| {
                        walk.node(&property["t"], &property["c"], &entry.node, entry.source);
                    });
                }
                None if open => {}
                None => self.report(
                    "unknown-property",
                    format!("there is no property `{}`", entry.key),
                    entry.source,
                ),
            }
        }
        for (name, property) in properties.as_object().into_iter().flatten() {
            if property.get("r").is_some() && object.get(name).is_none() {
                self.report(
                    "missing-property",
                    format!("the required property `{name}` is missing"),
                    object.source(),
                );
            }
        }
        for problem in rules::broken(&shape["x"], object) {
            self.report("required-choice", problem, object.source());
        }
    }

    fn node(&mut self, of: &Json, limits: &Json, node: &Node, source: Source) {
        match node {
            Node::Null => self.report("null-value", "the value is null".to_owned(), source),
            Node::Text(text) => self.text(of, limits, text, source),
            #[expect(clippy::cast_precision_loss, reason = "bounds are far below 2^52")]
            Node::Int(number) => self.number(limits, *number as f64, source),
            Node::Float(number) => self.number(limits, *number, source),
            Node::List(items) => self.list(of, limits, items, source),
            Node::Map(entries) => self.map(of, limits, entries, source),
            Node::Object(object) => {
                if of[0] == "r"
                    && let Some(shape) = of[1].as_str().and_then(|name| self.facts["s"].get(name))
                {
                    self.object(shape, object);
                }
            }
            Node::Bool(_) | Node::Call(_) | Node::Unchecked(_) => {}
        }
    }

    fn text(&mut self, of: &Json, limits: &Json, text: &str, source: Source) {
        // What CloudFormation reads while it deploys is not known yet.
        if text.contains("{{resolve:") {
            return;
        }
        if of[0] == "e" && limits.get("eci").is_none() {
            let members = self.facts["e"][of[1].as_str().unwrap_or_default()].as_array();
            if let Some(members) = members.filter(|members| !members.iter().any(|member| member == text)) {
                let members: Vec<_> = members.iter().filter_map(Json::as_str).collect();
                self.report("not-allowed", format!("{text:?} is none of {}", members.join(", ")), source);
            }
        }
        let length = text.chars().count() as u64;
        if let Some(least) = limits["nl"].as_u64().filter(|least| length < *least) {
            self.report(
                "too-short",
                format!("{text:?} has {length} characters, at least {least} are needed"),
                source,
            );
        }
        if let Some(most) = limits["xl"].as_u64().filter(|most| length > *most) {
            self.report(
                "too-long",
                format!("{} has {length} characters, {most} are allowed", brief(text)),
                source,
            );
        }
        if let Some(pattern) = limits["pat"].as_str().filter(|pattern| !pattern::matches(pattern, text)) {
            self.report("pattern", format!("{} does not match the pattern {pattern}", brief(text)), source);
        }
    }

    fn number(&mut self, limits: &Json, number: f64, source: Source) {
        if let Some(least) = limits["mn"].as_f64().filter(|least| number < *least) {
            self.report("out-of-range", format!("{number} is less than {least}"), source);
        }
        if let Some(most) = limits["mx"].as_f64().filter(|most| number > *most) {
            self.report("out-of-range", format!("{number} is more than {most}"), source);
        }
        if let Some(bound) = limits["ex"].as_f64().filter(|bound| number >= *bound) {
            self.report("out-of-range", format!("{number} is not less than {bound}"), source);
        }
        let allowed = limits["v"].as_array();
        if let Some(allowed) = allowed.filter(|allowed| !allowed.iter().any(|v| v.as_f64() == Some(number))) {
            let allowed: Vec<_> = allowed.iter().map(Json::to_string).collect();
            self.report("not-allowed", format!("{number} is none of {}", allowed.join(", ")), source);
        }
        if let Some(step) = limits["mo"].as_f64().filter(|step| !is_multiple(number, *step)) {
            self.report("out-of-range", format!("{number} is no multiple of {step}"), source);
        }
    }

    fn list(&mut self, of: &Json, limits: &Json, items: &[Node], source: Source) {
        self.count("items", limits, ("ni", "xi"), items, source);
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
        self.count("entries", limits, ("np", "xp"), entries, source);
        for (key, value) in entries {
            if let Some(pattern) = limits["kp"].as_str().filter(|pattern| !pattern::matches(pattern, key)) {
                self.report(
                    "pattern",
                    format!("the key {key:?} does not match the pattern {pattern}"),
                    source,
                );
            }
            self.within(&format!("[{key:?}]"), |walk| walk.node(&of[1], &limits["el"], value, source));
        }
    }

    fn count<T>(&mut self, what: &str, limits: &Json, keys: (&str, &str), items: &[T], source: Source) {
        let count = items.len() as u64;
        if let Some(least) = limits[keys.0].as_u64().filter(|least| count < *least) {
            self.report("too-few", format!("{count} {what} are given, at least {least} are needed"), source);
        }
        if let Some(most) = limits[keys.1].as_u64().filter(|most| count > *most) {
            self.report("too-many", format!("{count} {what} are given, {most} are allowed"), source);
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
            "pattern" | "not-allowed" | "too-short" | "too-long" | "out-of-range" => diagnostic
                .hint("`Value::raw(…)` writes a value that AWS takes although its schema forbids it"),
            _ => diagnostic,
        });
    }
}

/// Whether `number` is a whole number of steps, but for what binary fractions cannot say: 0.07 is seven times 0.01.
fn is_multiple(number: f64, step: f64) -> bool {
    let steps = number / step;
    (steps - steps.round()).abs() < 1e-6
}

/// The first literal that stands twice; intrinsics are not compared, they may differ when deployed.
fn repeated(items: &[Node]) -> Option<String> {
    let texts: Vec<_> = items.iter().map(|item| serde_json::to_string(item).unwrap_or_default()).collect();
    let literal = |node: &Node| !matches!(node, Node::Call(_) | Node::Unchecked(_));
    let (index, _) = texts
        .iter()
        .enumerate()
        .find(|(index, text)| literal(&items[*index]) && texts[..*index].contains(text))?;
    Some(brief(&texts[index]))
}

fn brief(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        return format!("{text:?}");
    }
    let start: String = text.chars().take(MOST).collect();
    format!("{start:?}…")
}
