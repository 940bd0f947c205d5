//! One secret with its versions.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use stack_builder_local_core::ResourceId;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) const CURRENT: &str = "AWSCURRENT";
const PREVIOUS: &str = "AWSPREVIOUS";
/// Versions without a label that are kept; AWS removes them at its leisure above 100.
const MOST_DEPRECATED: usize = 100;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Payload {
    /// `SecretString`.
    Text(String),
    /// `SecretBinary`, in base64.
    Binary(String),
}

/// A value with its labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Version {
    pub(crate) id: String,
    pub(crate) stages: Vec<String>,
    pub(crate) payload: Payload,
    /// Milliseconds since 1970.
    pub(crate) created: u64,
}

/// A secret. Times are milliseconds since 1970.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Secret {
    pub(crate) arn: String,
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) kms_key: Option<String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) created: u64,
    pub(crate) changed: u64,
    #[serde(skip)]
    pub(crate) accessed: Option<u64>,
    /// Hash of what the template says of the value.
    pub(crate) definition: String,
    /// Oldest first.
    pub(crate) versions: Vec<Version>,
    /// The policy of the resource.
    #[serde(skip)]
    pub(crate) policy: Option<Arc<Value>>,
    /// Whether a template has it now.
    #[serde(skip)]
    pub(crate) live: bool,
    /// Where it has it.
    #[serde(skip)]
    pub(crate) resource: ResourceId,
}

impl Secret {
    /// Whether an id means this secret: its name, its ARN, or its ARN without the random end.
    pub(crate) fn is(&self, id: &str) -> bool {
        let without_end = || self.arn.len().checked_sub(7).and_then(|end| self.arn.get(..end));
        self.name == id || self.arn == id || (id.starts_with("arn:") && without_end() == Some(id))
    }

    /// The version with an id and a label, as far as they are given; else the current one.
    pub(crate) fn version(&self, id: Option<&str>, stage: Option<&str>) -> Option<&Version> {
        let stage = if id.is_none() { Some(stage.unwrap_or(CURRENT)) } else { stage };
        self.versions.iter().find(|version| {
            id.is_none_or(|id| version.id == id) && stage.is_none_or(|stage| version.has(stage))
        })
    }

    /// Adds a version, and moves labels to it. The current one before becomes the previous one.
    pub(crate) fn put(&mut self, id: String, payload: Payload, stages: Vec<String>, now: u64) {
        for stage in &stages {
            let holder = self.versions.iter_mut().find(|version| version.has(stage));
            let Some(holder) = holder else { continue };
            holder.stages.retain(|held| held != stage);
            if stage == CURRENT {
                let holder = holder.id.clone();
                self.label_previous(&holder);
            }
        }
        self.versions.push(Version { id, stages, payload, created: now });
        self.changed = now;
        self.prune();
    }

    fn label_previous(&mut self, id: &str) {
        for version in &mut self.versions {
            version.stages.retain(|stage| stage != PREVIOUS);
            if version.id == id {
                version.stages.push(PREVIOUS.to_owned());
            }
        }
    }

    fn prune(&mut self) {
        let deprecated = self.versions.iter().filter(|version| version.stages.is_empty()).count();
        let mut surplus = deprecated.saturating_sub(MOST_DEPRECATED);
        self.versions.retain(|version| {
            let goes = surplus > 0 && version.stages.is_empty();
            surplus -= usize::from(goes);
            !goes
        });
    }
}

impl Version {
    pub(crate) fn has(&self, stage: &str) -> bool {
        self.stages.iter().any(|held| held == stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(secret: &mut Secret, id: &str) {
        secret.put(id.to_owned(), Payload::Text(id.to_owned()), vec![CURRENT.to_owned()], 0);
    }

    #[test]
    fn the_current_version_becomes_the_previous_one() {
        let mut secret = Secret::default();
        for id in ["a", "b", "c"] {
            put(&mut secret, id);
        }
        let labels: Vec<_> = secret.versions.iter().map(|version| version.stages.join(",")).collect();
        assert_eq!(labels, ["", PREVIOUS, CURRENT]);
        assert_eq!(secret.version(None, None).map(|version| version.id.as_str()), Some("c"));
        assert_eq!(secret.version(Some("a"), None).map(|version| version.id.as_str()), Some("a"));
        assert_eq!(secret.version(Some("a"), Some(CURRENT)), None);
    }

    #[test]
    fn old_versions_go() {
        let mut secret = Secret::default();
        (0..500).for_each(|id| put(&mut secret, &id.to_string()));
        assert_eq!(secret.versions.len(), MOST_DEPRECATED + 2);
    }

    #[test]
    fn three_names_mean_a_secret() {
        let arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:app/db-AbCdEf";
        let secret = Secret { arn: arn.to_owned(), name: "app/db".to_owned(), ..Secret::default() };
        assert!([arn, &arn[..arn.len() - 7], "app/db"].iter().all(|id| secret.is(id)));
        assert!(["app", "", "app/db-AbCdEf", &arn[..arn.len() - 6], "arn:"].iter().all(|id| !secret.is(id)));
    }
}
