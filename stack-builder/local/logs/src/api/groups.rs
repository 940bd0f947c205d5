//! `DescribeLogGroups`, `CreateLogGroup` and `DeleteLogGroup`.

use super::input::{Input, page};
use super::{Group, LogsApi, MOST_GROUPS, Outcome, invalid, no_group};
use serde_json::{Value, json};
use stack_builder_local_core::{ApiCall, ApiError};

const LARGEST_PAGE: usize = 50;

impl LogsApi {
    pub(super) fn describe_groups(&self, call: &ApiCall, input: &Input) -> Outcome {
        self.permitted(call, "DescribeLogGroups", "", "")?;
        let (prefix, part) = (input.text("logGroupNamePrefix")?, input.text("logGroupNamePattern")?);
        if prefix.is_some() && part.is_some() {
            return Err(invalid(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
            ));
        }
        let part = part.unwrap_or_default().to_lowercase();
        let mut names = self.world().logs.groups();
        names.retain(|name| {
            name.starts_with(prefix.unwrap_or_default()) && name.to_lowercase().contains(&part)
        });
        let (names, token) = page(names, input, LARGEST_PAGE)?;
        let groups: Vec<_> = names.iter().map(|name| self.group(call, name)).collect();
        let mut output = json!({ "logGroups": groups });
        if let Some(token) = token {
            output["nextToken"] = json!(token);
        }
        Ok(output)
    }

    fn group(&self, call: &ApiCall, name: &str) -> Value {
        let arn = self.group_arn(call, name);
        let known = self.groups(|groups| groups.get(name).cloned());
        let first = || {
            let streams = self.world().logs.streams(name).unwrap_or_default();
            streams.iter().map(|stream| stream.created).min().unwrap_or(0)
        };
        let mut group = json!({
            "logGroupName": name,
            "creationTime": known.as_ref().map_or_else(first, |group| group.created),
            "metricFilterCount": 0,
            "arn": format!("{arn}:*"),
            "logGroupArn": arn,
            "logGroupClass": "STANDARD",
            "storedBytes": self.world().logs.bytes(name),
        });
        if let Some(days) = known.and_then(|group| group.retention) {
            group["retentionInDays"] = json!(days);
        }
        group
    }

    pub(super) fn create_group(&self, call: &ApiCall, input: &Input) -> Outcome {
        let name = group_name(input.needed("logGroupName")?)?;
        self.permitted(call, "CreateLogGroup", name, "")?;
        if self.has_group(name) {
            let message = "The specified log group already exists";
            return Err(ApiError::new("ResourceAlreadyExistsException", message));
        }
        if self.world().logs.groups().len() >= MOST_GROUPS {
            return Err(ApiError::new("LimitExceededException", "Resource limit exceeded."));
        }
        self.world().logs.create(name);
        let created = self.world().clock.millis();
        self.groups(|groups| {
            groups.insert(name.to_owned(), Group { created, retention: None, resource: None })
        });
        Ok(Value::Null)
    }

    pub(super) fn delete_group(&self, call: &ApiCall, input: &Input) -> Outcome {
        let name = input.needed("logGroupName")?;
        self.permitted(call, "DeleteLogGroup", name, "")?;
        if !self.world().logs.delete(name) {
            return Err(no_group());
        }
        self.groups(|groups| groups.remove(name));
        Ok(Value::Null)
    }
}

/// Letters, digits and `._-/#`, 1 to 512 of them.
fn group_name(name: &str) -> Result<&str, ApiError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/#".contains(&byte);
    if (1..=512).contains(&name.len()) && name.bytes().all(plain) {
        return Ok(name);
    }
    Err(invalid(format!(
        "1 validation error detected: Value '{name}' at 'logGroupName' failed to satisfy constraint: Member must \
         satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"
    )))
}
