//! Access logs, one line a request.

use crate::exchange::{Ended, Exchange};
use crate::format::Format;
use serde_json::Value;
use stack_builder_local_core::Logs;

/// Where and how requests of a stage are logged.
#[derive(Clone, Debug)]
pub(crate) struct AccessLog {
    group: String,
    stream: String,
    format: Format,
}

impl AccessLog {
    /// Reads `AccessLogSetting` or `AccessLogSettings`.
    ///
    /// # Errors
    /// What is not done here.
    pub(crate) fn read(settings: &Value, api_id: &str) -> Result<Option<Self>, String> {
        let Some(destination) = settings["DestinationArn"].as_str() else { return Ok(None) };
        let Some((_, group)) = destination.split_once(":log-group:") else {
            return Err(format!("access logs are not sent to `{destination}`"));
        };
        let format = settings["Format"].as_str().unwrap_or_default();
        let group = group.trim_end_matches(":*").to_owned();
        Ok(Some(Self { group, stream: format!("local-{api_id}"), format: Format::parse(format) }))
    }

    /// Writes a request's line.
    pub(crate) fn write(&self, logs: &Logs, exchange: &Exchange, ended: Ended) {
        let line =
            self.format.render("-", |name| exchange.variable(name, Some(ended)).map(|text| printable(&text)));
        logs.write(&self.group, &self.stream, exchange.at, &line);
    }
}

/// A decoded path may hold line ends and worse, which a client must not write into a log.
fn printable(text: &str) -> String {
    if text.contains(char::is_control) {
        text.chars()
            .flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] })
            .collect()
    } else {
        text.to_owned()
    }
}
