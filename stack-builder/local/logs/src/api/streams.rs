//! `DescribeLogStreams`, `CreateLogStream` and `DeleteLogStream`.

use super::input::{Input, page};
use super::{LogsApi, Outcome, invalid, no_group, no_stream};
use serde_json::{Value, json};
use stack_builder_local_core::{ApiCall, ApiError, LogStream};

const LARGEST_PAGE: usize = 50;

impl LogsApi {
    pub(super) fn describe_streams(&self, call: &ApiCall, input: &Input) -> Outcome {
        let group = input.group()?;
        self.permitted(call, "DescribeLogStreams", group, "")?;
        let prefix = input.text("logStreamNamePrefix")?;
        let by_time = match input.text("orderBy")? {
            None | Some("LogStreamName") => false,
            Some("LastEventTime") if prefix.is_none() => true,
            Some("LastEventTime") => {
                return Err(invalid("Cannot order by LastEventTime with a logStreamNamePrefix."));
            }
            Some(other) => {
                return Err(invalid(format!("orderBy is LogStreamName or LastEventTime, not '{other}'")));
            }
        };
        let mut streams = self.world().logs.streams(group).ok_or_else(no_group)?;
        streams.retain(|stream| stream.name.starts_with(prefix.unwrap_or_default()));
        if by_time {
            streams.sort_by_key(|stream| stream.last);
        }
        if input.flag("descending") {
            streams.reverse();
        }
        let (streams, token) = page(streams, input, LARGEST_PAGE)?;
        let streams: Vec<_> = streams.iter().map(|stream| self.stream(call, group, stream)).collect();
        let mut output = json!({ "logStreams": streams });
        if let Some(token) = token {
            output["nextToken"] = json!(token);
        }
        Ok(output)
    }

    fn stream(&self, call: &ApiCall, group: &str, stream: &LogStream) -> Value {
        let arn = self.group_arn(call, group);
        let mut output = json!({
            "logStreamName": stream.name,
            "creationTime": stream.created,
            "arn": format!("{arn}:log-stream:{}", stream.name),
            "storedBytes": 0,
        });
        let first = self.world().logs.read(group, 0, 1, |event| *event.stream == stream.name);
        if let Some(first) = first.as_ref().and_then(|events| events.first()) {
            output["firstEventTimestamp"] = json!(first.timestamp);
            output["lastEventTimestamp"] = json!(stream.last);
            output["lastIngestionTime"] = json!(stream.last);
        }
        output
    }

    pub(super) fn create_stream(&self, call: &ApiCall, input: &Input) -> Outcome {
        let (group, stream) = (input.needed("logGroupName")?, stream_name(input.needed("logStreamName")?)?);
        self.permitted(call, "CreateLogStream", group, stream)?;
        if !self.has_group(group) {
            return Err(no_group());
        }
        if !self.world().logs.create_stream(group, stream, self.world().clock.millis()) {
            let message = "The specified log stream already exists";
            return Err(ApiError::new("ResourceAlreadyExistsException", message));
        }
        Ok(Value::Null)
    }

    pub(super) fn delete_stream(&self, call: &ApiCall, input: &Input) -> Outcome {
        let (group, stream) = (input.needed("logGroupName")?, input.needed("logStreamName")?);
        self.permitted(call, "DeleteLogStream", group, stream)?;
        if !self.has_group(group) {
            return Err(no_group());
        }
        if self.world().logs.delete_stream(group, stream) { Ok(Value::Null) } else { Err(no_stream()) }
    }
}

/// 1 to 512 characters without `:` and `*`.
fn stream_name(name: &str) -> Result<&str, ApiError> {
    if (1..=512).contains(&name.len()) && !name.contains([':', '*']) {
        return Ok(name);
    }
    Err(invalid(format!(
        "1 validation error detected: Value '{name}' at 'logStreamName' failed to satisfy constraint: Member must \
         satisfy regular expression pattern: [^:*]*"
    )))
}
