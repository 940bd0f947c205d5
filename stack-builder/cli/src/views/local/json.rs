//! A local run for programs: an object a line.

use super::{Loaded, Phases, Ready, app_at, message};
use serde_json::{Map, Value, json};
use stack_builder_deploy::SeedStep;
use stack_builder_local::{Event, Mail, Overview, Severity, TraceRecord};
use std::time::Duration;

pub(super) fn building(bins: &[String]) -> Value {
    json!({ "event": "building", "bins": bins })
}

pub(super) fn built(rebuilt: &[String], took: Duration) -> Value {
    json!({ "event": "built", "rebuilt": rebuilt, "ms": whole(took) })
}

pub(super) fn missed(events: u64) -> Value {
    json!({ "event": "missed", "events": events })
}

pub(super) fn reloaded(what: &[String], took: Duration) -> Value {
    json!({ "event": "reloaded", "what": what, "ms": whole(took) })
}

pub(super) fn failed(what: &str, error: &anyhow::Error) -> Value {
    let (message, hint) = message(error);
    json!({ "event": "failed", "what": what, "message": message, "hint": hint })
}

pub(super) fn stopped() -> Value {
    json!({ "event": "stopped" })
}

pub(super) fn ready(ready: &Ready<'_>) -> Value {
    let Overview { endpoint, console, apps, resources } = ready.overview;
    let urls = apps.iter().map(|app| (app.name.clone(), Value::Object(addresses(&app.urls))));
    let absent = resources.iter().filter(|resource| !resource.runs);
    let absent = absent.map(|r| json!({ "resource": r.id.to_string(), "type": r.kind, "notes": r.notes }));
    json!({
        "event": "ready",
        "urls": urls.collect::<Map<_, _>>(),
        "endpoint": endpoint,
        "console": console,
        "environment": {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": ready.region,
            // What boto3 and the first AWS CLI read in its place.
            "AWS_DEFAULT_REGION": ready.region,
        },
        "data": ready.loaded.iter().map(data).collect::<Vec<_>>(),
        "notRun": absent.collect::<Vec<_>>(),
        "phases": phases(ready.phases),
        "ms": whole(ready.took),
    })
}

fn addresses(urls: &[(String, String)]) -> Map<String, Value> {
    urls.iter().map(|(name, url)| (name.clone(), url.as_str().into())).collect()
}

fn data(loaded: &Loaded) -> Value {
    let user = |step: &SeedStep| match step {
        SeedStep::User { name, .. } => Some(name.clone()),
        _ => None,
    };
    let users: Vec<_> = loaded.steps.iter().filter_map(user).collect();
    json!({ "stack": loaded.stack, "file": loaded.file, "users": users })
}

fn phases(phases: &Phases) -> Value {
    let Phases { build, synth, start, publish, seed, handlers } = phases;
    json!({
        "build": whole(*build), "synth": whole(*synth), "start": whole(*start),
        "publish": whole(*publish), "seed": whole(*seed), "handlers": whole(*handlers),
    })
}

pub(super) fn event(event: &Event, overview: &Overview) -> Value {
    match event {
        Event::Request(record) => request(record, overview),
        Event::Log { resource, request_id, line } => {
            json!({ "event": "log", "resource": resource.to_string(), "requestId": request_id, "line": line })
        }
        Event::Mail(Mail { number, at, to, subject, body, code }) => json!({
            "event": "mail", "number": number, "at": at, "to": to, "subject": subject, "body": body, "code": code,
        }),
        Event::Notice { severity, resource, message, hint, .. } => json!({
            "event": "notice",
            "severity": severity_name(*severity),
            "resource": resource.as_ref().map(ToString::to_string),
            "message": message,
            "hint": Some(hint).filter(|hint| !hint.is_empty()),
        }),
    }
}

fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn request(record: &TraceRecord, overview: &Overview) -> Value {
    let (method, path) = record.request.split_once(' ').unwrap_or((&record.request, ""));
    let step = |step: &stack_builder_local::Step| {
        json!({
            "layer": format!("{:?}", step.layer).to_lowercase(),
            "resource": step.resource.as_ref().map(ToString::to_string),
            "what": step.what,
            "outcome": step.outcome,
            "depth": step.depth,
            "ms": exact(step.took),
        })
    };
    json!({
        "event": "request",
        "number": record.number,
        "at": record.at,
        "app": app_at(overview, &record.front),
        "front": record.front,
        "method": method,
        "path": path,
        "status": record.status,
        "ms": exact(record.took),
        "steps": record.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

/// Whole milliseconds.
fn whole(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Milliseconds with three decimals.
fn exact(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1000.0
}
