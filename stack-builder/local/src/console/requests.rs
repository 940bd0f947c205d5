//! The latest requests, and one with its steps and its log.

use super::Console;
use super::asked::{Asked, Refused, Shown, clipped};
use crate::application::Application;
use crate::overview;
use serde_json::{Value, json};
use stack_builder_local_core::{Layer, Step, TraceRecord};
use std::time::Duration;

/// What is shown of a path or an outcome.
const LONGEST: usize = 2000;

impl Console {
    /// Requests after number `after`, the latest first.
    pub(super) fn requests(&self, application: &Application, asked: &Asked) -> Shown {
        let (after, limit) = (asked.number("after")?, asked.limit(200, 500)?);
        let apps = overview::of(application, &self.endpoint).apps;
        let records = self.stores.world.journal.requests();
        let new = records.iter().rev().filter(|record| record.number > after).take(limit);
        Ok(new.map(|record| summary(record, &apps)).collect())
    }

    /// The request `number`, with everything that is known of it.
    pub(super) fn request(&self, application: &Application, asked: &Asked) -> Shown {
        let number = asked.number("number")?;
        let records = self.stores.world.journal.requests();
        let record = records.iter().find(|record| record.number == number);
        let record = record.ok_or_else(|| Refused(404, "that request is not kept any more".to_owned()))?;
        let mut shown = summary(record, &overview::of(application, &self.endpoint).apps);
        shown["steps"] = record.steps.iter().map(step).collect();
        shown["logs"] = record.steps.iter().filter_map(|step| self.log_of_step(step)).collect();
        Ok(shown)
    }

    fn log_of_step(&self, step: &Step) -> Option<Value> {
        let resource = step.resource.as_ref().filter(|_| !step.request_id.is_empty())?;
        let group = self.log_group(resource)?;
        let lines = self.lines_of_request(&group, &step.request_id)?;
        Some(json!({
            "resource": resource.to_string(), "group": group, "requestId": step.request_id, "lines": lines,
        }))
    }
}

fn summary(record: &TraceRecord, apps: &[overview::AppOverview]) -> Value {
    let (method, path) = record.request.split_once(' ').unwrap_or((&record.request, ""));
    let has = |app: &&overview::AppOverview| app.urls.iter().any(|(_, url)| is_below(url, &record.front));
    json!({
        "number": record.number,
        "at": record.at,
        "method": clipped(method, 40),
        "path": clipped(path, LONGEST),
        "front": record.front,
        "app": apps.iter().find(has).map(|app| app.name.as_str()),
        "status": record.status,
        "ms": millis(record.took),
        "steps": record.steps.len(),
    })
}

fn is_below(url: &str, front: &str) -> bool {
    url.strip_prefix(front).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn step(step: &Step) -> Value {
    json!({
        "layer": layer(step.layer),
        "resource": step.resource.as_ref().map(ToString::to_string),
        "what": clipped(&step.what, LONGEST),
        "outcome": clipped(&step.outcome, LONGEST),
        "requestId": step.request_id,
        "depth": step.depth,
        "began": millis(step.began),
        "ms": millis(step.took),
    })
}

fn layer(layer: Layer) -> &'static str {
    match layer {
        Layer::Cdn => "cdn",
        Layer::Edge => "edge",
        Layer::Api => "api",
        Layer::Function => "function",
        Layer::Service => "service",
    }
}

/// Milliseconds to the microsecond.
fn millis(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}
