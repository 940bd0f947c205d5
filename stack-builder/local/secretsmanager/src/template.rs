//! What a template says of its secrets.

use crate::Secrets;
use crate::generate::{secret_string, version_id};
use crate::secret::{CURRENT, Payload, Secret};
use crate::store::find_mut;
use aws_lc_rs::digest;
use serde_json::Value;
use stack_builder_local_core::{Note, Resource, Resources};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

impl Secrets {
    /// Takes on the secrets of a template.
    ///
    /// A value is made, and generated, once: it changes only when the template says something else than before. A
    /// secret that no template has any more is kept, but not answered for.
    pub fn apply(&self, resources: &Resources) -> Vec<Note> {
        let now = self.world().clock.millis();
        let mut notes = Vec::new();
        let changed = self.with(|all| {
            for secret in all.iter_mut() {
                secret.live = false;
            }
            let mut changed = false;
            for resource in resources.of_type("AWS::SecretsManager::Secret") {
                changed |= take_on(all, resource, now, &mut notes);
            }
            for resource in resources.of_type("AWS::SecretsManager::ResourcePolicy") {
                attach(all, resource, &mut notes);
            }
            changed
        });
        if changed && let Err(error) = self.save() {
            let first = resources.of_type("AWS::SecretsManager::Secret").next();
            notes.extend(
                first.map(|first| note(first, format!("values are not kept over a restart: {error}"))),
            );
        }
        notes
    }
}

fn note(resource: &Resource, text: impl Into<String>) -> Note {
    Note { resource: resource.id.clone(), text: text.into() }
}

/// Makes or changes one secret; tells whether there is something to keep.
fn take_on(all: &mut Vec<Secret>, resource: &Resource, now: u64, notes: &mut Vec<Note>) -> bool {
    notes.extend(unheeded(resource));
    let arn = &resource.physical_id;
    let index = all.iter().position(|secret| secret.arn == *arn).unwrap_or_else(|| {
        all.push(Secret { arn: arn.clone(), created: now, changed: now, ..Secret::default() });
        all.len() - 1
    });
    let secret = &mut all[index];
    let before = described(secret);
    describe(secret, resource);
    let revalued = revalue(secret, resource, now, notes);
    revalued || before != described(secret)
}

fn described(secret: &Secret) -> impl PartialEq + use<> {
    (secret.name.clone(), secret.description.clone(), secret.kms_key.clone(), secret.tags.clone())
}

fn describe(secret: &mut Secret, resource: &Resource) {
    secret.live = true;
    secret.policy = None;
    secret.resource = resource.id.clone();
    secret.name = resource.text("Name").map_or_else(|| name_in(&secret.arn).to_owned(), str::to_owned);
    secret.description = resource.text("Description").map(str::to_owned);
    secret.kms_key = resource.text("KmsKeyId").map(str::to_owned);
    secret.tags = tags(resource.property("Tags"));
}

/// The name in an ARN: what stands before the random end.
fn name_in(arn: &str) -> &str {
    let last = arn.rsplit(':').next().unwrap_or(arn);
    last.rsplit_once('-').map_or(last, |(name, _)| name)
}

fn tags(list: &Value) -> BTreeMap<String, String> {
    let pair = |tag: &Value| Some((tag["Key"].as_str()?.to_owned(), tag["Value"].as_str()?.to_owned()));
    list.as_array().into_iter().flatten().filter_map(pair).collect()
}

/// Gives the secret a new value when the template says another than before.
fn revalue(secret: &mut Secret, resource: &Resource, now: u64, notes: &mut Vec<Note>) -> bool {
    let (text, options) = (resource.property("SecretString"), resource.property("GenerateSecretString"));
    let definition = hash(&format!("{text}\n{options}"));
    if secret.definition == definition {
        return false;
    }
    let value = match (text, options) {
        (Value::String(text), _) => Ok(text.clone()),
        (Value::Null, Value::Null) => {
            secret.definition = definition;
            return true;
        }
        (Value::Null, options) => secret_string(options),
        _ => Err("`SecretString` is no text".to_owned()),
    };
    match value {
        Ok(value) => {
            secret.put(version_id(), Payload::Text(value), vec![CURRENT.to_owned()], now);
            secret.definition = definition;
            true
        }
        Err(problem) => {
            notes.push(note(resource, format!("has no new value: {problem}")));
            false
        }
    }
}

fn hash(text: &str) -> String {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    hash.as_ref().iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn unheeded(resource: &Resource) -> Vec<Note> {
    let asked = |name: &str| !resource.property(name).is_null();
    let mut notes = Vec::new();
    if asked("KmsKeyId") {
        notes.push(note(
            resource,
            "the value is kept in a file that its owner alone can read, not encrypted by the key",
        ));
    }
    if asked("ReplicaRegions") {
        notes.push(note(resource, "there are no replicas in other regions"));
    }
    if asked("SecretString") && asked("GenerateSecretString") {
        notes.push(note(resource, "has both `SecretString` and `GenerateSecretString`, which AWS refuses"));
    }
    notes
}

fn attach(all: &mut [Secret], resource: &Resource, notes: &mut Vec<Note>) {
    let id = resource.text("SecretId").unwrap_or_default();
    match find_mut(all, id) {
        Some(secret) => secret.policy = Some(Arc::new(resource.property("ResourcePolicy").clone())),
        None => notes.push(note(resource, format!("there is no secret `{id}` here"))),
    }
}
