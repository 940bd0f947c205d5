//! Checking a value against a schema, word by word.

use super::{DEEPEST, Models};
use serde_json::{Map, Value};

/// A check of one value; `root` is where `#/definitions` are.
pub(super) struct Checker<'m> {
    pub(super) models: &'m Models,
    pub(super) root: &'m Value,
}

type Checked = Result<(), String>;

fn ensure(well: bool, wrong: impl FnOnce() -> String) -> Checked {
    if well { Ok(()) } else { Err(wrong()) }
}

impl<'m> Checker<'m> {
    /// Checks a value against a schema; what is wrong with it, when something is.
    pub(super) fn check(&self, schema: &'m Value, value: &Value, depth: usize) -> Checked {
        let Some(words) = schema.as_object() else { return Ok(()) };
        ensure(depth < DEEPEST, || "the value is nested too deeply".to_owned())?;
        if let Some(reference) = words.get("$ref").and_then(Value::as_str) {
            return self.refer(reference, value, depth);
        }
        check_type(words, value)?;
        self.combine(words, value, depth)?;
        match value {
            Value::Object(fields) => self.object(words, fields, depth),
            Value::Array(items) => self.array(words, items, depth),
            Value::String(text) => self.text(words, text),
            Value::Number(number) => check_number(words, number.as_f64().unwrap_or(0.0)),
            Value::Null | Value::Bool(_) => Ok(()),
        }
    }

    /// `#/definitions/x`, or another model by its URL.
    fn refer(&self, reference: &str, value: &Value, depth: usize) -> Checked {
        if let Some(pointer) = reference.strip_prefix('#') {
            let schema = self.root.pointer(pointer).unwrap_or(&Value::Null);
            return self.check(schema, value, depth + 1);
        }
        let name = reference.rsplit('/').next().unwrap_or_default();
        let Some(root) = self.models.schemas.get(name) else { return Ok(()) };
        Checker { models: self.models, root }.check(root, value, depth + 1)
    }

    fn combine(&self, words: &'m Map<String, Value>, value: &Value, depth: usize) -> Checked {
        let list = |word: &str| words.get(word).and_then(Value::as_array);
        if let Some(allowed) = list("enum") {
            ensure(allowed.contains(value), || "instance value not found in enum".to_owned())?;
        }
        list("allOf").into_iter().flatten().try_for_each(|schema| self.check(schema, value, depth + 1))?;
        let fitting =
            |all: &'m Vec<Value>| all.iter().filter(|one| self.check(one, value, depth + 1).is_ok()).count();
        if let Some(all) = list("anyOf") {
            ensure(fitting(all) > 0, || "instance failed to match at least one required schema".to_owned())?;
        }
        if let Some(all) = list("oneOf") {
            ensure(fitting(all) == 1, || "instance failed to match exactly one schema".to_owned())?;
        }
        let not = words.get("not").is_some_and(|schema| self.check(schema, value, depth + 1).is_ok());
        ensure(!not, || "instance matched a schema which it should not have".to_owned())
    }

    fn object(&self, words: &'m Map<String, Value>, fields: &Map<String, Value>, depth: usize) -> Checked {
        let names =
            words.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let missing: Vec<_> = names.filter(|name| !fields.contains_key(*name)).collect();
        ensure(missing.is_empty(), || format!("object has missing required properties ({missing:?})"))?;
        check_count(words, "minProperties", "maxProperties", fields.len(), "object")?;
        for (name, value) in fields {
            self.property(words, name, value, depth)?;
            let needs = words.get("dependencies").and_then(|all| all.get(name));
            for other in needs.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
                ensure(fields.contains_key(other), || format!("property {name:?} requires {other:?}"))?;
            }
        }
        Ok(())
    }

    fn property(&self, words: &'m Map<String, Value>, name: &str, value: &Value, depth: usize) -> Checked {
        let mut known = false;
        if let Some(schema) = words.get("properties").and_then(|all| all.get(name)) {
            known = true;
            self.check(schema, value, depth + 1)?;
        }
        for (pattern, schema) in
            words.get("patternProperties").and_then(Value::as_object).into_iter().flatten()
        {
            if self.models.patterns.get(pattern).is_some_and(|regex| regex.is_match(name)) {
                known = true;
                self.check(schema, value, depth + 1)?;
            }
        }
        match words.get("additionalProperties") {
            _ if known => Ok(()),
            Some(Value::Bool(false)) => {
                Err(format!("object instance has properties which are not allowed by the schema: [{name:?}]"))
            }
            Some(schema) => self.check(schema, value, depth + 1),
            None => Ok(()),
        }
    }

    fn array(&self, words: &'m Map<String, Value>, items: &[Value], depth: usize) -> Checked {
        check_count(words, "minItems", "maxItems", items.len(), "array")?;
        if words.get("uniqueItems") == Some(&Value::Bool(true)) {
            let distinct: std::collections::HashSet<_> = items.iter().map(ToString::to_string).collect();
            ensure(distinct.len() == items.len(), || "array must not contain duplicate elements".to_owned())?;
        }
        match words.get("items") {
            Some(Value::Array(each)) => {
                let extra =
                    words.get("additionalItems") == Some(&Value::Bool(false)) && items.len() > each.len();
                ensure(!extra, || "array has too many elements".to_owned())?;
                each.iter().zip(items).try_for_each(|(schema, item)| self.check(schema, item, depth + 1))
            }
            Some(schema) => items.iter().try_for_each(|item| self.check(schema, item, depth + 1)),
            None => Ok(()),
        }
    }

    fn text(&self, words: &Map<String, Value>, text: &str) -> Checked {
        check_count(words, "minLength", "maxLength", text.chars().count(), "string")?;
        let pattern = words.get("pattern").and_then(Value::as_str).and_then(|p| self.models.patterns.get(p));
        let fits = pattern.is_none_or(|regex| regex.is_match(text));
        ensure(fits, || "ECMA 262 regex does not match input string".to_owned())
    }
}

fn check_type(words: &Map<String, Value>, value: &Value) -> Checked {
    let is = |name: &str| match (name, value) {
        ("object", Value::Object(_))
        | ("array", Value::Array(_))
        | ("string", Value::String(_))
        | ("boolean", Value::Bool(_))
        | ("null", Value::Null)
        | ("number", Value::Number(_)) => true,
        ("integer", Value::Number(number)) => number.is_i64() || number.is_u64(),
        _ => false,
    };
    let well = match words.get("type") {
        Some(Value::String(name)) => is(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    };
    ensure(well, || "instance type does not match any allowed primitive type".to_owned())
}

fn check_count(words: &Map<String, Value>, least: &str, most: &str, count: usize, what: &str) -> Checked {
    let limit = |word: &str| words.get(word).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    ensure(limit(least).is_none_or(|least| count >= least), || format!("{what} is too short"))?;
    ensure(limit(most).is_none_or(|most| count <= most), || format!("{what} is too long"))
}

fn check_number(words: &Map<String, Value>, number: f64) -> Checked {
    let limit = |word: &str| words.get(word).and_then(Value::as_f64);
    let exclusive = |word: &str| words.get(word) == Some(&Value::Bool(true));
    let above = |least: f64| number > least || (number >= least && !exclusive("exclusiveMinimum"));
    let below = |most: f64| number < most || (number <= most && !exclusive("exclusiveMaximum"));
    ensure(limit("minimum").is_none_or(above), || {
        "numeric instance is lower than the required minimum".to_owned()
    })?;
    ensure(limit("maximum").is_none_or(below), || {
        "numeric instance is greater than the required maximum".to_owned()
    })?;
    let divides = |by: f64| by == 0.0 || (number / by).fract().abs() < f64::EPSILON;
    ensure(limit("multipleOf").is_none_or(divides), || "remainder of division is not zero".to_owned())
}
