//! The input of a call, read with the errors that AWS's own validation gives.

use crate::errors::{Result, invalid};
use serde_json::Value;
use stack_builder_local_core::ApiError;
use std::collections::BTreeMap;

/// Attributes that one request may carry.
const MOST_ATTRIBUTES: usize = 100;

pub(crate) struct Input(pub(crate) Value);

impl Input {
    /// Reads a body; an empty one is an empty object.
    pub(crate) fn parse(body: &[u8]) -> Result<Self> {
        let broken = || ApiError::new("SerializationException", "The request is no JSON object");
        let value = if body.is_empty() {
            Ok(Value::Object(serde_json::Map::new()))
        } else {
            serde_json::from_slice(body)
        };
        value.ok().filter(Value::is_object).map(Self).ok_or_else(broken)
    }

    pub(crate) fn optional(&self, name: &str) -> Option<&str> {
        self.0[name].as_str()
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str> {
        self.optional(name).ok_or_else(|| constraint(name, "Member must not be null"))
    }

    /// A user's name, as long as Cognito allows.
    pub(crate) fn username(&self) -> Result<&str> {
        bounded("username", self.required("Username")?, 128)
    }

    /// A password, as long as Cognito allows.
    pub(crate) fn password(&self, name: &str) -> Result<&str> {
        bounded("password", self.required(name)?, 256)
    }

    /// Text in a map, such as `AuthParameters`.
    pub(crate) fn entry(&self, map: &str, name: &str) -> Option<&str> {
        self.0[map][name].as_str()
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.0[name].as_bool().unwrap_or(false)
    }

    /// A list of `{Name, Value}`.
    pub(crate) fn attributes(&self, name: &str) -> Result<BTreeMap<String, String>> {
        let list = self.0[name].as_array().map(Vec::as_slice).unwrap_or_default();
        if list.len() > MOST_ATTRIBUTES {
            return Err(constraint(name, "Member must have length less than or equal to 100"));
        }
        list.iter()
            .map(|entry| {
                let name =
                    entry["Name"].as_str().ok_or_else(|| constraint("name", "Member must not be null"))?;
                Ok((name.to_owned(), entry["Value"].as_str().unwrap_or_default().to_owned()))
            })
            .collect()
    }

    /// How many entries a page may have.
    pub(crate) fn limit(&self, name: &str, most: usize) -> Result<usize> {
        match &self.0[name] {
            Value::Null => Ok(most),
            value => match value.as_u64().and_then(|limit| usize::try_from(limit).ok()) {
                Some(limit) if limit <= most => Ok(limit.max(1)),
                _ => Err(constraint(name, &format!("Member must have value less than or equal to {most}"))),
            },
        }
    }
}

/// Refuses text that is longer.
pub(crate) fn bounded<'a>(name: &str, text: &'a str, most: usize) -> Result<&'a str> {
    if text.chars().count() <= most {
        return Ok(text);
    }
    Err(constraint(name, &format!("Member must have length less than or equal to {most}")))
}

/// A value that AWS refuses before it looks at anything else.
pub(crate) fn constraint(name: &str, what: &str) -> ApiError {
    let mut name = name.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    invalid(format!("1 validation error detected: Value at '{name}' failed to satisfy constraint: {what}"))
}
