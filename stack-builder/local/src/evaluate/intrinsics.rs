//! The intrinsic functions.

use super::Unresolved;
use super::stack::Scope;
use serde_json::{Value, json};

/// A resolved value; `None` for `AWS::NoValue`.
pub(crate) type Resolved = Result<Option<Value>, Unresolved>;

impl Scope<'_> {
    /// A value with every intrinsic replaced. A member of a list or structure that is `AWS::NoValue` is left out.
    pub(crate) fn resolve(&self, value: &Value) -> Resolved {
        match value {
            Value::Object(members) => match members.iter().next() {
                Some((name, argument)) if members.len() == 1 && is_intrinsic(name, argument) => {
                    self.call(name, argument)
                }
                _ => {
                    let mut resolved = serde_json::Map::new();
                    for (name, value) in members {
                        resolved.extend(self.resolve(value)?.map(|value| (name.clone(), value)));
                    }
                    Ok(Some(Value::Object(resolved)))
                }
            },
            Value::Array(items) => {
                let mut resolved = Vec::with_capacity(items.len());
                for item in items {
                    resolved.extend(self.resolve(item)?);
                }
                Ok(Some(Value::Array(resolved)))
            }
            plain => Ok(Some(plain.clone())),
        }
    }

    fn call(&self, name: &str, argument: &Value) -> Resolved {
        Ok(Some(match name {
            "Ref" => return self.reference(text(argument, name)?),
            "Fn::GetAtt" => self.attribute(argument)?.into(),
            "Fn::Sub" => self.substitute(argument)?.into(),
            "Fn::Join" => self.join(argument)?.into(),
            "Fn::If" => return self.choose(argument),
            "Fn::Select" => return self.select(argument),
            "Fn::Split" => self.split(argument)?,
            "Fn::FindInMap" => self.find_in_map(argument)?,
            "Fn::Base64" => base64(&self.text(argument)?).into(),
            "Fn::GetAZs" => self.zones(argument)?,
            "Fn::Length" => self.list(argument)?.len().into(),
            "Fn::Transform" => {
                let macro_name = argument["Name"].as_str().unwrap_or_default();
                return Err(Unresolved(format!("the macro `{macro_name}` is not run here")));
            }
            "Fn::ToJsonString" => self.resolve(argument)?.unwrap_or_default().to_string().into(),
            "Fn::ImportValue" => self.import(&self.text(argument)?)?.into(),
            "Condition" | "Fn::And" | "Fn::Or" | "Fn::Not" | "Fn::Equals" => {
                self.truth(&json!({ name: argument }))?.into()
            }
            other => return Err(Unresolved(format!("`{other}` is not resolved here"))),
        }))
    }

    /// A value as text, as CloudFormation makes text of numbers and truth values.
    pub(crate) fn text(&self, value: &Value) -> Result<String, Unresolved> {
        match self.resolve(value)? {
            Some(Value::String(text)) => Ok(text),
            Some(value @ (Value::Number(_) | Value::Bool(_))) => Ok(value.to_string()),
            _ => Err(Unresolved(format!("text is expected, not `{value}`"))),
        }
    }

    fn list(&self, value: &Value) -> Result<Vec<Value>, Unresolved> {
        match self.resolve(value)? {
            Some(Value::Array(items)) => Ok(items),
            // A parameter of a list type.
            Some(Value::String(text)) => Ok(text.split(',').map(|item| item.trim().into()).collect()),
            _ => Err(Unresolved(format!("a list is expected, not `{value}`"))),
        }
    }

    fn attribute(&self, argument: &Value) -> Result<String, Unresolved> {
        match argument {
            Value::String(path) => {
                let (resource, attribute) = path.split_once('.').unwrap_or((path, ""));
                self.attribute_of(resource, attribute)
            }
            Value::Array(parts) if parts.len() == 2 => {
                self.attribute_of(text(&parts[0], "Fn::GetAtt")?, &self.text(&parts[1])?)
            }
            other => Err(Unresolved(format!("`Fn::GetAtt` of `{other}`"))),
        }
    }

    fn substitute(&self, argument: &Value) -> Result<String, Unresolved> {
        let (template, own) = match argument {
            Value::String(template) => (template.as_str(), &Value::Null),
            Value::Array(parts) if parts.len() == 2 => (text(&parts[0], "Fn::Sub")?, &parts[1]),
            other => return Err(Unresolved(format!("`Fn::Sub` of `{other}`"))),
        };
        let mut made = String::with_capacity(template.len());
        let mut rest = template;
        while let Some(start) = rest.find("${") {
            made.push_str(&rest[..start]);
            let after = &rest[start + 2..];
            let Some(end) = after.find('}') else {
                return Err(Unresolved(format!("`Fn::Sub` has a `${{` that does not end: `{template}`")));
            };
            made.push_str(&self.variable(&after[..end], own)?);
            rest = &after[end + 1..];
        }
        made.push_str(rest);
        Ok(made)
    }

    fn variable(&self, name: &str, own: &Value) -> Result<String, Unresolved> {
        if let Some(literal) = name.strip_prefix('!') {
            return Ok(format!("${{{literal}}}"));
        }
        let name = name.trim();
        if let Some(value) = own.get(name) {
            return self.text(value);
        }
        match name.split_once('.') {
            Some((resource, attribute)) => self.attribute_of(resource, attribute),
            None => match self.reference(name)? {
                Some(Value::String(text)) => Ok(text),
                Some(Value::Array(items)) => {
                    Ok(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","))
                }
                Some(value) => Ok(value.to_string()),
                None => Ok(String::new()),
            },
        }
    }

    fn join(&self, argument: &Value) -> Result<String, Unresolved> {
        let [separator, items] = pair(argument, "Fn::Join")?;
        let items: Result<Vec<_>, _> = self.list(items)?.iter().map(|item| self.text(item)).collect();
        Ok(items?.join(text(separator, "Fn::Join")?))
    }

    fn choose(&self, argument: &Value) -> Resolved {
        match argument.as_array().map(Vec::as_slice) {
            Some([condition, yes, no]) => {
                let chosen = if self.condition(text(condition, "Fn::If")?)? { yes } else { no };
                self.resolve(chosen)
            }
            _ => Err(Unresolved(format!("`Fn::If` of `{argument}`"))),
        }
    }

    fn select(&self, argument: &Value) -> Resolved {
        let [index, items] = pair(argument, "Fn::Select")?;
        let (index, items) = (self.text(index)?, self.list(items)?);
        let item = index.parse().ok().and_then(|index: usize| items.get(index).cloned());
        item.map(Some).ok_or_else(|| Unresolved(format!("`Fn::Select` finds no item {index}")))
    }

    fn split(&self, argument: &Value) -> Result<Value, Unresolved> {
        let [separator, source] = pair(argument, "Fn::Split")?;
        let source = self.text(source)?;
        match text(separator, "Fn::Split")? {
            "" => Err(Unresolved("`Fn::Split` wants a separator that is not empty".to_owned())),
            separator => Ok(source.split(separator).collect()),
        }
    }

    /// Three zones of the region that is named, or of the stack's own.
    fn zones(&self, argument: &Value) -> Result<Value, Unresolved> {
        let named = self.text(argument)?;
        let region = if named.is_empty() { self.region } else { &named };
        Ok(json!(["a", "b", "c"].map(|zone| format!("{region}{zone}"))))
    }

    fn find_in_map(&self, argument: &Value) -> Result<Value, Unresolved> {
        let keys = argument.as_array().map(Vec::as_slice).unwrap_or_default();
        let found = match keys {
            [map, first, second] | [map, first, second, _] => {
                let (map, first, second) = (self.text(map)?, self.text(first)?, self.text(second)?);
                self.mappings()[&map][&first].get(&second).cloned()
            }
            _ => None,
        };
        match (found, keys.get(3).and_then(|options| options.get("DefaultValue"))) {
            (Some(found), _) => Ok(found),
            (None, Some(default)) => Ok(self.resolve(default)?.unwrap_or_default()),
            (None, None) => Err(Unresolved(format!("`Fn::FindInMap` finds nothing for `{argument}`"))),
        }
    }

    /// A condition function, or the name of a condition as `{"Condition": …}`.
    pub(crate) fn truth(&self, value: &Value) -> Result<bool, Unresolved> {
        let unknown = || Unresolved(format!("`{value}` is no condition"));
        let (name, argument) =
            value.as_object().and_then(|members| members.iter().next()).ok_or_else(unknown)?;
        let items = argument.as_array().map(Vec::as_slice).unwrap_or_default();
        match (name.as_str(), items) {
            ("Condition", _) => self.condition(text(argument, name)?),
            ("Fn::Equals", [left, right]) => Ok(self.comparable(left)? == self.comparable(right)?),
            ("Fn::Not", [one]) => Ok(!self.truth(one)?),
            ("Fn::And", all) => all.iter().try_fold(true, |so_far, item| Ok(so_far & self.truth(item)?)),
            ("Fn::Or", all) => all.iter().try_fold(false, |so_far, item| Ok(so_far | self.truth(item)?)),
            _ => Err(unknown()),
        }
    }

    /// For comparison a number and its text are the same.
    fn comparable(&self, value: &Value) -> Result<Value, Unresolved> {
        Ok(match self.resolve(value)?.unwrap_or_default() {
            plain @ (Value::Number(_) | Value::Bool(_)) => plain.to_string().into(),
            other => other,
        })
    }
}

/// A structure whose only member is `Condition` may be a property's own.
fn is_intrinsic(name: &str, argument: &Value) -> bool {
    name == "Ref" || name == "Condition" && argument.is_string() || name.starts_with("Fn::")
}

fn text<'v>(value: &'v Value, function: &str) -> Result<&'v str, Unresolved> {
    value.as_str().ok_or_else(|| Unresolved(format!("`{function}` wants text, not `{value}`")))
}

fn pair<'v>(value: &'v Value, function: &str) -> Result<[&'v Value; 2], Unresolved> {
    match value.as_array().map(Vec::as_slice) {
        Some([first, second]) => Ok([first, second]),
        _ => Err(Unresolved(format!("`{function}` wants two arguments, not `{value}`"))),
    }
}

fn base64(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text)
}

#[cfg(test)]
mod tests;
