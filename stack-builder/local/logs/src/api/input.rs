//! The members of a request, each of its type.

use super::invalid;
use serde_json::{Map, Value};
use stack_builder_local_core::{ApiCall, ApiError};

/// A request's JSON object.
#[derive(Debug)]
pub(super) struct Input(Map<String, Value>);

impl Input {
    pub(super) fn read(call: &ApiCall) -> Result<Self, ApiError> {
        let body: &[u8] = if call.body.is_empty() { b"{}" } else { &call.body };
        serde_json::from_slice(body)
            .map(Self)
            .map_err(|_| serialization("The body of the request is no JSON object"))
    }

    pub(super) fn member(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        let text = |value: &'_ Value| value.is_string();
        match self.member(name) {
            Some(value) if !text(value) => Err(serialization(&format!("`{name}` is no text"))),
            value => Ok(value.and_then(Value::as_str)),
        }
    }

    pub(super) fn needed(&self, name: &str) -> Result<&str, ApiError> {
        self.text(name)?.ok_or_else(|| {
            invalid(format!(
                "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not \
                 be null"
            ))
        })
    }

    /// The group's name, given as such or in an ARN.
    pub(super) fn group(&self) -> Result<&str, ApiError> {
        let Some(identifier) = self.text("logGroupIdentifier")? else { return self.needed("logGroupName") };
        let name = identifier.split_once(":log-group:").map_or(identifier, |(_, name)| name);
        Ok(name.strip_suffix(":*").unwrap_or(name))
    }

    /// A number that is not negative.
    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, ApiError> {
        match self.member(name) {
            None => Ok(None),
            Some(value) => value.as_u64().map(Some).ok_or_else(|| {
                invalid(format!("1 validation error detected: Value at '{name}' must be 0 or more"))
            }),
        }
    }

    /// How many items the caller wants.
    pub(super) fn limit(&self, most: usize) -> Result<usize, ApiError> {
        let Some(wanted) = self.number("limit")? else { return Ok(most) };
        usize::try_from(wanted).ok().filter(|wanted| (1..=most).contains(wanted)).ok_or_else(|| {
            invalid(format!(
                "1 validation error detected: Value '{wanted}' at 'limit' failed to satisfy constraint: Member must \
                 have value between 1 and {most}"
            ))
        })
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.member(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A token of an earlier answer, which is a number behind a prefix.
    pub(super) fn token(&self, prefix: &str) -> Result<Option<u64>, ApiError> {
        let Some(token) = self.text("nextToken")? else { return Ok(None) };
        let number = token.strip_prefix(prefix).and_then(|number| number.parse().ok());
        number.map(Some).ok_or_else(|| invalid("The specified nextToken is invalid."))
    }
}

fn serialization(message: &str) -> ApiError {
    ApiError::new("SerializationException", message)
}

/// One page of a list; with the token of the next one when there is more.
pub(super) fn page<T>(all: Vec<T>, input: &Input, most: usize) -> Result<(Vec<T>, Option<String>), ApiError> {
    let from = usize::try_from(input.token("")?.unwrap_or(0)).unwrap_or(usize::MAX);
    let limit = input.limit(most)?;
    let more = all.len().saturating_sub(from) > limit;
    let token = more.then(|| (from + limit).to_string());
    Ok((all.into_iter().skip(from).take(limit).collect(), token))
}
