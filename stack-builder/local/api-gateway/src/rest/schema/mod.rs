//! Models: the part of JSON Schema (draft 4) that API Gateway checks.

mod check;

use check::Checker;
use regex_lite::Regex;
use serde_json::Value;
use std::collections::HashMap;

/// Models nest and refer to each other no deeper.
const DEEPEST: usize = 64;
/// Words that say nothing about a value.
const SILENT: [&str; 9] =
    ["$schema", "id", "title", "description", "default", "format", "definitions", "example", "examples"];
const KNOWN: [&str; 26] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "minProperties",
    "maxProperties",
    "dependencies",
    "items",
    "additionalItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "pattern",
    "enum",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
];

/// Models of an API, by name.
#[derive(Debug, Default)]
pub(crate) struct Models {
    schemas: HashMap<String, Value>,
    patterns: HashMap<String, Regex>,
}

impl Models {
    /// Takes a model in; what of it is not checked here is returned.
    pub(crate) fn add(&mut self, name: &str, schema: &Value) -> Vec<String> {
        // A schema may be written as text.
        let schema = schema
            .as_str()
            .map_or_else(|| schema.clone(), |text| serde_json::from_str(text).unwrap_or_default());
        let mut unknown = Vec::new();
        self.prepare(&schema, &mut unknown, 0);
        self.schemas.insert(name.to_owned(), schema);
        unknown
    }

    fn prepare(&mut self, schema: &Value, unknown: &mut Vec<String>, depth: usize) {
        let Some(schema) = schema.as_object().filter(|_| depth < DEEPEST) else { return };
        for (word, value) in schema {
            match (word.as_str(), value) {
                ("pattern", Value::String(pattern)) => self.compile(pattern, unknown),
                ("properties" | "definitions", Value::Object(all)) => {
                    all.values().for_each(|one| self.prepare(one, unknown, depth + 1));
                }
                ("patternProperties", Value::Object(all)) => {
                    all.keys().for_each(|pattern| self.compile(pattern, unknown));
                    all.values().for_each(|one| self.prepare(one, unknown, depth + 1));
                }
                ("allOf" | "anyOf" | "oneOf" | "items", Value::Array(all)) => {
                    for one in all {
                        self.prepare(one, unknown, depth + 1);
                    }
                }
                ("items" | "not" | "additionalProperties", one) => self.prepare(one, unknown, depth + 1),
                (word, _) if SILENT.contains(&word) || KNOWN.contains(&word) || word == "$ref" => {}
                (word, _) => unknown.push(format!("`{word}` of a model is not checked here")),
            }
        }
    }

    fn compile(&mut self, pattern: &str, unknown: &mut Vec<String>) {
        match Regex::new(pattern) {
            Ok(regex) => drop(self.patterns.insert(pattern.to_owned(), regex)),
            Err(_) => unknown.push(format!("the pattern `{pattern}` of a model is not checked here")),
        }
    }

    /// Checks a value against a model; what is wrong with it, when something is.
    pub(crate) fn check(&self, name: &str, value: &Value) -> Result<(), String> {
        let Some(root) = self.schemas.get(name) else { return Ok(()) };
        Checker { models: self, root }.check(root, value, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(schema: Value, good: Value, bad: Value) {
        let mut models = Models::default();
        assert_eq!(models.add("M", &schema), Vec::<String>::new());
        for value in good.as_array().expect("a list") {
            assert_eq!(models.check("M", value), Ok(()), "{schema} {value}");
        }
        for value in bad.as_array().expect("a list") {
            assert!(models.check("M", value).is_err(), "{schema} {value}");
        }
    }

    #[test]
    fn checks_values() {
        check(json!({"type": "object", "required": ["a"]}), json!([{"a": 1}]), json!([{}, [], "a", null]));
        check(json!({"type": ["string", "null"]}), json!(["", null]), json!([1, {}]));
        check(json!({"type": "integer"}), json!([1, -1]), json!([1.5, "1"]));
        check(json!({"minLength": 1, "maxLength": 2}), json!(["ä", "äö", 7]), json!(["", "abc"]));
        check(json!({"pattern": "^[a-z]+$"}), json!(["abc"]), json!(["A", ""]));
        check(json!({"minimum": 1, "maximum": 3, "exclusiveMaximum": true}), json!([1, 2.9]), json!([0, 3]));
        check(json!({"multipleOf": 2}), json!([4]), json!([3]));
        check(json!({"enum": ["a", 1]}), json!(["a", 1]), json!(["b"]));
        check(
            json!({"items": {"type": "string"}, "minItems": 1, "uniqueItems": true}),
            json!([["a"]]),
            json!([[], [1], ["a", "a"]]),
        );
        check(
            json!({"items": [{"type": "string"}], "additionalItems": false}),
            json!([["a"]]),
            json!([["a", 1]]),
        );
        let fields = json!({"properties": {"a": {"type": "string"}}, "additionalProperties": false,
            "patternProperties": {"^x-": {"type": "number"}}});
        check(fields, json!([{"a": "", "x-1": 1}]), json!([{"b": 1}, {"x-1": ""}, {"a": 1}]));
        check(
            json!({"additionalProperties": {"type": "number"}, "maxProperties": 1}),
            json!([{"a": 1}]),
            json!([{"a": ""}, {"a": 1, "b": 2}]),
        );
        check(json!({"anyOf": [{"type": "string"}, {"minimum": 5}]}), json!(["", 6]), json!([1]));
        check(json!({"oneOf": [{"type": "number"}, {"minimum": 5}]}), json!([1]), json!([6]));
        check(json!({"not": {"type": "string"}, "allOf": [{"minimum": 1}]}), json!([1]), json!(["", 0]));
        check(json!({"dependencies": {"a": ["b"]}}), json!([{"a": 1, "b": 2}, {}]), json!([{"a": 1}]));
        let list = json!({"$ref": "#/definitions/list", "definitions": {"list": {"type": "object",
            "properties": {"next": {"$ref": "#/definitions/list"}}}}});
        check(list, json!([{"next": {"next": {}}}]), json!([{"next": {"next": 1}}]));
    }

    #[test]
    fn a_schema_in_a_circle_ends() {
        let mut models = Models::default();
        models.add("A", &json!({"$ref": "https://apigateway.amazonaws.com/restapis/x/models/A"}));
        assert!(models.check("A", &json!(1)).is_err());
    }

    #[test]
    fn what_is_not_checked_is_told() {
        let mut models = Models::default();
        let unknown = models.add("A", &json!({"properties": {"a": {"pattern": "(?=x)", "const": 1}}}));
        assert_eq!(unknown.len(), 2, "{unknown:?}");
    }
}
