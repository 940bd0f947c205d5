//! The log groups of a template.

use crate::LogsApi;
use crate::api::Group;
use stack_builder_local_core::{Note, Resource, Resources};
use std::collections::BTreeSet;

const UNHEEDED: &[(&str, &str)] = &[
    ("KmsKeyId", "lines are kept in memory, not encrypted by the key"),
    ("DataProtectionPolicy", "nothing in the lines is masked"),
    ("FieldIndexPolicies", "there are no field indexes"),
    ("ResourcePolicyDocument", "the policy of the group is not evaluated"),
];

impl LogsApi {
    /// Makes the groups and streams of a template, and removes those that an earlier one had.
    pub fn apply(&self, resources: &Resources) -> Vec<Note> {
        let now = self.world().clock.millis();
        let mut notes = Vec::new();
        let mut names = BTreeSet::new();
        for resource in resources.of_type("AWS::Logs::LogGroup") {
            let name = &resource.physical_id;
            names.insert(name.clone());
            self.world().logs.create(name);
            self.describe(name, now, resource);
            notes.extend(notes_on(resource));
        }
        for resource in resources.of_type("AWS::Logs::LogStream") {
            if let Some(group) = resource.text("LogGroupName") {
                self.world().logs.create_stream(group, &resource.physical_id, now);
            }
        }
        for gone in self.defined(names) {
            self.world().logs.delete(&gone);
        }
        notes
    }

    /// Remembers what a group's template says; when it was made stays as it is.
    fn describe(&self, name: &str, now: u64, resource: &Resource) {
        self.groups(|groups| {
            let new = Group { created: now, retention: None, resource: None };
            let group = groups.entry(name.to_owned()).or_insert(new);
            group.retention = retention(resource);
            group.resource = Some(resource.id.clone());
        });
    }
}

fn retention(resource: &Resource) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let days = |days: f64| days.clamp(1.0, 3653.0) as u64;
    resource.number("RetentionInDays").map(days)
}

fn notes_on(resource: &Resource) -> Vec<Note> {
    let note = |text: &str| Note { resource: resource.id.clone(), text: text.to_owned() };
    let asked = UNHEEDED.iter().filter(|(name, _)| !resource.property(name).is_null());
    asked.map(|(_, text)| note(text)).collect()
}
