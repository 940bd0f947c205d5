//! What the templates say about distributions, read once.

mod behavior;
mod cache_policy;
mod distribution;
mod errors;
mod headers_policy;
mod managed;
mod origin_policy;
mod origins;
mod security_headers;

pub(crate) use behavior::{Behavior, Edge};
pub(crate) use cache_policy::CachePolicy;
pub(crate) use distribution::{Distribution, read};
pub(crate) use errors::{ErrorRule, KEEP, kept, kept_when_told};
pub(crate) use headers_policy::{Cors, HeadersPolicy};
pub(crate) use origin_policy::OriginPolicy;
pub(crate) use origins::{OriginDef, Target};

use stack_builder_local_core::{Note, ResourceId};

/// Collects what is not done here.
pub(crate) struct Notes(pub(crate) Vec<Note>);

impl Notes {
    pub(crate) fn add(&mut self, resource: &ResourceId, text: impl Into<String>) {
        let note = Note { resource: resource.clone(), text: text.into() };
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }
}
