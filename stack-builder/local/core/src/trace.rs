//! The path of one request through edge, API, handler and table, with times.

use crate::ResourceId;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Steps kept of one request; a handler in a loop would fill the memory otherwise.
const MOST_STEPS: usize = 200;
/// Bytes kept of what a step or a request is; a path can be as long as a head.
const LONGEST: usize = 2048;

/// Where a step takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// A distribution.
    Cdn,
    /// A function at the edge, of either kind.
    Edge,
    /// An API, with its authorizer.
    Api,
    /// A handler.
    Function,
    /// A call of AWS's API: a table, a bucket, a secret.
    Service,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where.
    pub layer: Layer,
    /// The resource, when it is one of the application.
    pub resource: Option<ResourceId>,
    /// What: `GET /api/logs`, `dynamodb:Query`, `cache: hit`.
    pub what: String,
    /// How it ended: `200`, `denied`; empty while it goes on.
    pub outcome: String,
    /// The id that the logs of this step know it by, Lambda's request id; empty when there is none.
    pub request_id: String,
    /// How deep it is nested, 0 for the first.
    pub depth: usize,
    /// Since the request began.
    pub began: Duration,
    /// How long it took; zero while it goes on.
    pub took: Duration,
}

/// A request that has been answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceRecord {
    /// Counts up from 1.
    pub number: u64,
    /// When it began, milliseconds since 1970.
    pub at: u64,
    /// `GET /api/logs`.
    pub request: String,
    /// What was asked: the application's URL without path.
    pub front: String,
    /// HTTP status of the answer.
    pub status: u16,
    /// From the request's head to the answer's head.
    pub took: Duration,
    /// What happened meanwhile, in order of beginning.
    pub steps: Vec<Step>,
}

#[derive(Debug)]
struct Inner {
    began: Instant,
    at: u64,
    number: u64,
    front: String,
    request: String,
    steps: Mutex<Vec<Step>>,
    depth: AtomicU64,
}

/// A request under way, or none at all. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Trace(Option<Arc<Inner>>);

static NUMBERS: AtomicU64 = AtomicU64::new(1);

impl Trace {
    /// Begins a trace at `at`, milliseconds since 1970.
    pub fn begin(at: u64, front: &str, request: String) -> Self {
        Self(Some(Arc::new(Inner {
            began: Instant::now(),
            at,
            number: NUMBERS.fetch_add(1, Ordering::Relaxed),
            front: front.to_owned(),
            request: short(request),
            steps: Mutex::default(),
            depth: AtomicU64::new(0),
        })))
    }

    /// The request's number; 0 without a request.
    pub fn number(&self) -> u64 {
        self.0.as_ref().map_or(0, |inner| inner.number)
    }

    /// Begins a step; it ends with [`Span::end`], or without an outcome when the span is dropped.
    pub fn step(&self, layer: Layer, resource: Option<&ResourceId>, what: impl Into<String>) -> Span {
        let Some(inner) = &self.0 else { return Span(None) };
        let began = inner.began.elapsed();
        let mut steps = inner.steps.lock().unwrap_or_else(PoisonError::into_inner);
        if steps.len() >= MOST_STEPS {
            return Span(None);
        }
        let depth = usize::try_from(inner.depth.fetch_add(1, Ordering::Relaxed)).unwrap_or(0);
        steps.push(Step {
            layer,
            resource: resource.cloned(),
            what: short(what.into()),
            outcome: String::new(),
            request_id: String::new(),
            depth,
            began,
            took: Duration::ZERO,
        });
        Span(Some((inner.clone(), steps.len() - 1)))
    }

    /// Ends the trace.
    pub fn finish(&self, status: u16) -> Option<TraceRecord> {
        let inner = self.0.as_ref()?;
        Some(TraceRecord {
            number: inner.number,
            at: inner.at,
            request: inner.request.clone(),
            front: inner.front.clone(),
            status,
            took: inner.began.elapsed(),
            steps: inner.steps.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        })
    }
}

fn short(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(LONGEST));
    text
}

/// A step under way.
#[derive(Debug)]
pub struct Span(Option<(Arc<Inner>, usize)>);

impl Span {
    /// Says by which id the logs of this step know it.
    #[must_use]
    pub fn logged_as(self, request_id: &str) -> Self {
        if let Some((inner, index)) = &self.0 {
            let mut steps = inner.steps.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(step) = steps.get_mut(*index) {
                request_id.clone_into(&mut step.request_id);
            }
        }
        self
    }

    /// Ends the step.
    pub fn end(mut self, outcome: impl Into<String>) {
        self.close(outcome.into());
    }

    fn close(&mut self, outcome: String) {
        let Some((inner, index)) = self.0.take() else { return };
        inner.depth.fetch_sub(1, Ordering::Relaxed);
        let mut steps = inner.steps.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(step) = steps.get_mut(index) {
            step.took = inner.began.elapsed().saturating_sub(step.began);
            step.outcome = outcome;
        }
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        self.close(String::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_nested_and_timed() {
        let trace = Trace::begin(5, "http://127.0.0.1:1", "GET /".to_owned());
        let outer = trace.step(Layer::Cdn, None, "GET /");
        trace.step(Layer::Api, None, "inner").logged_as("id").end("200");
        outer.end("304");
        trace.step(Layer::Service, None, "after").end("ok");
        let record = trace.finish(304).expect("a trace");
        let seen: Vec<_> =
            record.steps.iter().map(|s| (s.what.as_str(), s.depth, s.outcome.as_str())).collect();
        assert_eq!(seen, [("GET /", 0, "304"), ("inner", 1, "200"), ("after", 0, "ok")]);
        assert!(record.steps[0].took >= record.steps[1].took);
        assert_eq!(record.steps[1].request_id, "id");
    }

    #[test]
    fn a_loop_does_not_fill_the_memory() {
        let trace = Trace::begin(0, "", String::new());
        for _ in 0..10 * MOST_STEPS {
            trace.step(Layer::Service, None, "ä".repeat(LONGEST)).end("200");
        }
        let record = trace.finish(200).expect("a trace");
        assert_eq!(record.steps.len(), MOST_STEPS);
        assert!(record.steps.iter().all(|step| step.what.len() == LONGEST));
    }
}
