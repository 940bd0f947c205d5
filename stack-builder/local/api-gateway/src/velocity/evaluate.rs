//! Running Velocity templates.

use super::{Expression, Node, Reference, Step, Template};
use crate::grant::text;
use crate::percent;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

/// Left as they are by `$util.urlEncode`, as Java's `URLEncoder` leaves them.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*').remove(b' ');

/// What a template sees of a request.
pub(crate) struct Inputs<'a> {
    pub(crate) headers: &'a Map<String, Value>,
    pub(crate) query: &'a Value,
    pub(crate) path: &'a Value,
    pub(crate) body: &'a str,
    /// Stage variables.
    pub(crate) stage: &'a Value,
    /// `$context` variables.
    pub(crate) variable: &'a dyn Fn(&str) -> Option<String>,
}

/// What a template changes of the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Overrides {
    pub(crate) status: Option<u16>,
    pub(crate) headers: Vec<(String, String)>,
}

struct Run<'a> {
    inputs: &'a Inputs<'a>,
    variables: Map<String, Value>,
    overrides: Overrides,
}

impl Template {
    /// Runs the template.
    pub(crate) fn render(&self, inputs: &Inputs<'_>) -> (String, Overrides) {
        let mut run = Run { inputs, variables: Map::new(), overrides: Overrides::default() };
        let mut out = String::new();
        run.nodes(&self.0, &mut out);
        (out, run.overrides)
    }
}

impl Run<'_> {
    fn nodes(&mut self, nodes: &[Node], out: &mut String) {
        for node in nodes {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Show(reference) => out.push_str(&self.show(reference)),
                Node::Set(path, value) => {
                    let value = self.value(value);
                    self.set(path, value);
                }
                Node::If(branches) => {
                    let chosen = branches.iter().find(|(condition, _)| {
                        condition.as_ref().is_none_or(|condition| truth(&self.value(condition)))
                    });
                    if let Some((_, nodes)) = chosen {
                        self.nodes(nodes, out);
                    }
                }
            }
        }
    }

    fn show(&self, reference: &Reference) -> String {
        match self.resolve(reference) {
            Some(Value::Null) => String::new(),
            Some(value) => text(&value),
            // What of these there is not is empty, not unknown.
            None if reference.quiet
                || matches!(reference.name.as_str(), "context" | "stageVariables" | "input") =>
            {
                String::new()
            }
            None => reference.source.clone(),
        }
    }

    fn set(&mut self, path: &[String], value: Value) {
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        match path[..] {
            [name] => drop(self.variables.insert(name.to_owned(), value)),
            ["context", "responseOverride", "header", name] if !value.is_null() => {
                self.overrides.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
                self.overrides.headers.push((name.to_owned(), text(&value)));
            }
            ["context", "responseOverride", "status"] => self.overrides.status = text(&value).parse().ok(),
            _ => {}
        }
    }

    fn value(&self, expression: &Expression) -> Value {
        match expression {
            Expression::Value(value) => value.clone(),
            Expression::Reference(reference) => self.resolve(reference).unwrap_or(Value::Null),
            Expression::Not(one) => Value::Bool(!truth(&self.value(one))),
            Expression::Both(a, b) => Value::Bool(truth(&self.value(a)) && truth(&self.value(b))),
            Expression::Either(a, b) => Value::Bool(truth(&self.value(a)) || truth(&self.value(b))),
            Expression::Same(a, b) => Value::Bool(self.value(a) == self.value(b)),
            Expression::Template(nodes) => {
                let shown = nodes.iter().map(|node| match node {
                    Node::Text(text) => text.clone(),
                    Node::Show(reference) => self.show(reference),
                    Node::Set(..) | Node::If(_) => String::new(),
                });
                Value::String(shown.collect())
            }
        }
    }

    fn resolve(&self, reference: &Reference) -> Option<Value> {
        let steps = &reference.steps[..];
        match (reference.name.as_str(), steps) {
            ("input", [Step::Field(name), rest @ ..]) if name == "body" => {
                walk(self.inputs.body.into(), rest, self)
            }
            ("input", [Step::Call(name, arguments), rest @ ..]) => {
                walk(self.input(name, arguments)?, rest, self)
            }
            ("util", [Step::Call(name, arguments), rest @ ..]) => {
                walk(self.util(name, arguments)?, rest, self)
            }
            ("stageVariables", rest) => walk(self.inputs.stage.clone(), rest, self),
            ("context", rest) => {
                let field =
                    |step: &Step| if let Step::Field(name) = step { Some(name.clone()) } else { None };
                let path = rest.iter().map(field).collect::<Option<Vec<_>>>()?;
                (self.inputs.variable)(&path.join(".")).map(Value::String)
            }
            (name, rest) => walk(self.variables.get(name)?.clone(), rest, self),
        }
    }

    fn input(&self, name: &str, arguments: &[Expression]) -> Option<Value> {
        let argument = arguments.first().map(|argument| text(&self.value(argument)));
        match (name, argument) {
            ("params", None) => Some(serde_json::json!({
                "path": self.inputs.path, "querystring": self.inputs.query, "header": self.inputs.headers,
            })),
            ("params", Some(name)) => {
                let header =
                    || self.inputs.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(&name));
                let of = |from: &Value| from.get(&name).cloned();
                of(self.inputs.path)
                    .or_else(|| of(self.inputs.query))
                    .or_else(|| header().map(|(_, value)| value.clone()))
                    .or(Some(Value::Null))
            }
            ("json", Some(path)) => Some(self.at(&path)?.to_string().into()),
            ("path", Some(path)) => self.at(&path),
            _ => None,
        }
    }

    /// `$.a.b` of the body.
    fn at(&self, path: &str) -> Option<Value> {
        let body: Value = serde_json::from_str(self.inputs.body).unwrap_or_default();
        let pointer = path.strip_prefix('$')?.replace('.', "/");
        Some(body.pointer(&pointer).cloned().unwrap_or_default())
    }

    fn util(&self, name: &str, arguments: &[Expression]) -> Option<Value> {
        let argument = text(&self.value(arguments.first()?));
        Some(match name {
            "escapeJavaScript" => {
                let quoted = Value::String(argument).to_string();
                quoted[1..quoted.len() - 1].into()
            }
            "base64Encode" => STANDARD.encode(argument).into(),
            "base64Decode" => String::from_utf8_lossy(&STANDARD.decode(argument).ok()?).into_owned().into(),
            "urlEncode" => utf8_percent_encode(&argument, FORM).to_string().replace(' ', "+").into(),
            "urlDecode" => percent::decode(&argument.replace('+', " ")).into(),
            "parseJson" => serde_json::from_str(&argument).ok()?,
            _ => return None,
        })
    }
}

fn walk(value: Value, steps: &[Step], run: &Run<'_>) -> Option<Value> {
    let mut value = value;
    for step in steps {
        value = match step {
            Step::Field(name) => value.get(name)?.clone(),
            Step::Call(name, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|argument| text(&run.value(argument))).collect();
                call(&value, name, arguments.first().map_or("", String::as_str))?
            }
        };
    }
    Some(value)
}

fn call(value: &Value, name: &str, argument: &str) -> Option<Value> {
    Some(match (name, value) {
        ("get", Value::Object(map)) => map.get(argument)?.clone(),
        ("get", Value::Array(list)) => list.get(argument.parse::<usize>().ok()?)?.clone(),
        ("containsKey", Value::Object(map)) => map.contains_key(argument).into(),
        ("size", Value::Object(map)) => map.len().into(),
        ("size", Value::Array(list)) => list.len().into(),
        ("isEmpty", Value::Object(map)) => map.is_empty().into(),
        ("isEmpty", Value::Array(list)) => list.is_empty().into(),
        ("isEmpty", Value::String(text)) => text.is_empty().into(),
        ("length", Value::String(text)) => text.len().into(),
        ("equals", Value::String(text)) => (text == argument).into(),
        ("contains", Value::String(text)) => text.contains(argument).into(),
        ("startsWith", Value::String(text)) => text.starts_with(argument).into(),
        ("endsWith", Value::String(text)) => text.ends_with(argument).into(),
        ("toLowerCase", Value::String(text)) => text.to_lowercase().into(),
        ("toUpperCase", Value::String(text)) => text.to_uppercase().into(),
        ("trim", Value::String(text)) => text.trim().into(),
        ("toString", value) => text(value).into(),
        _ => return None,
    })
}

/// Only `false` and nothing are false; an empty text is true in Velocity 1.7.
fn truth(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false))
}
