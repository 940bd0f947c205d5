//! Policies of resources, compiled when they are first met.

use super::document::Document;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Compiled policies kept; an application has a few.
const MOST: usize = 256;

/// Finds a compiled policy by where its source lies in memory, and makes sure that the source is still the same.
#[derive(Debug, Default)]
pub(super) struct Cache(RwLock<HashMap<usize, (Value, Arc<Document>)>>);

impl Cache {
    /// The compiled form of a policy; when it is met for the first time, `told` gets what cannot be understood of it.
    pub(super) fn compiled(&self, policy: &Value, told: impl FnOnce(Vec<String>)) -> Arc<Document> {
        let place = std::ptr::from_ref(policy).addr();
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((source, compiled)) = known.get(&place)
            && source == policy
        {
            return compiled.clone();
        }
        drop(known);
        let (compiled, problems) = Document::compile(policy);
        told(problems);
        let compiled = Arc::new(compiled);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(place, (policy.clone(), compiled.clone()));
        compiled
    }
}
