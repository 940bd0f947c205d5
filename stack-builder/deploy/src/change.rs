//! What a change set would do to one resource.

use aws_sdk_cloudformation::types::{
    Change as SdkChange, ChangeAction, PolicyAction, Replacement as SdkReplacement, RequiresRecreation,
    ResourceAttribute, ResourceChange,
};

/// One resource that a change set touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What happens to it.
    pub action: Action,
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in AWS; absent until it is created.
    pub physical_id: Option<String>,
    /// Its CloudFormation type.
    pub resource_type: String,
    /// Whether a modification makes a new resource and deletes the old one; `Never` for other actions.
    pub replacement: Replacement,
    /// The properties that change, sorted by name; other attributes (`Tags`, `Metadata`) stand by their own name.
    pub properties: Vec<ChangedProperty>,
    /// Whether a removal leaves the resource in the account, out of CloudFormation's hands.
    pub retained: bool,
}

/// One property that changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangedProperty {
    /// Its name at the top level of the resource.
    pub name: String,
    /// Whether this one may call for a replacement.
    pub replaces: Replacement,
}

/// What happens to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Action {
    /// It is created.
    Add,
    /// It is changed in place or replaced.
    Modify,
    /// It is deleted, or let go when it is retained.
    Remove,
    /// It exists and comes under the stack.
    Import,
    /// Only the execution can tell.
    Dynamic,
}

/// Whether a resource is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Replacement {
    /// It stays.
    Never,
    /// It depends on a value that is not known before the execution.
    Conditional,
    /// A new one takes its place.
    Always,
}

impl Change {
    /// Reads CloudFormation's description; `None` for a change that is not of a resource.
    pub(crate) fn read(change: &SdkChange) -> Option<Self> {
        let resource = change.resource_change()?;
        Some(Self {
            action: action(resource.action()?),
            logical_id: resource.logical_resource_id()?.to_owned(),
            physical_id: resource.physical_resource_id().filter(|id| !id.is_empty()).map(str::to_owned),
            resource_type: resource.resource_type().unwrap_or_default().to_owned(),
            replacement: replacement(resource.replacement().map(SdkReplacement::as_str)),
            properties: properties(resource),
            retained: matches!(resource.policy_action(), Some(PolicyAction::Retain)),
        })
    }
}

fn action(action: &ChangeAction) -> Action {
    match action {
        ChangeAction::Add => Action::Add,
        ChangeAction::Modify => Action::Modify,
        ChangeAction::Remove => Action::Remove,
        ChangeAction::Import => Action::Import,
        _ => Action::Dynamic,
    }
}

fn replacement(text: Option<&str>) -> Replacement {
    match text {
        Some("True") => Replacement::Always,
        Some("Conditional") => Replacement::Conditional,
        _ => Replacement::Never,
    }
}

fn properties(resource: &ResourceChange) -> Vec<ChangedProperty> {
    let mut found: Vec<ChangedProperty> = resource
        .details()
        .iter()
        .filter_map(|detail| {
            let target = detail.target()?;
            let name = match target.attribute()? {
                ResourceAttribute::Properties => target.name()?,
                other => other.as_str(),
            };
            let replaces = match target.requires_recreation() {
                Some(RequiresRecreation::Always) => Replacement::Always,
                Some(RequiresRecreation::Conditionally) => Replacement::Conditional,
                _ => Replacement::Never,
            };
            Some(ChangedProperty { name: name.to_owned(), replaces })
        })
        .collect();
    // One property is listed once for each of its causes; the gravest counts.
    found.sort_by(|a, b| a.name.cmp(&b.name).then(b.replaces.cmp(&a.replaces)));
    found.dedup_by(|later, earlier| later.name == earlier.name);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_cloudformation::types::{ChangeType, ResourceChangeDetail, ResourceTargetDefinition};

    fn detail(
        attribute: ResourceAttribute,
        name: &str,
        recreation: RequiresRecreation,
    ) -> ResourceChangeDetail {
        let target = ResourceTargetDefinition::builder().attribute(attribute).requires_recreation(recreation);
        let target = if name.is_empty() { target } else { target.name(name) };
        ResourceChangeDetail::builder().target(target.build()).build()
    }

    fn read(resource: ResourceChange) -> Change {
        let change = SdkChange::builder().r#type(ChangeType::Resource).resource_change(resource).build();
        Change::read(&change).expect("a resource change")
    }

    #[test]
    fn a_modification_lists_each_property_once_with_the_gravest_effect() {
        let change = read(
            ResourceChange::builder()
                .action(ChangeAction::Modify)
                .logical_resource_id("Table")
                .physical_resource_id("table-1")
                .resource_type("AWS::DynamoDB::Table")
                .replacement(SdkReplacement::True)
                .details(detail(ResourceAttribute::Tags, "", RequiresRecreation::Never))
                .details(detail(
                    ResourceAttribute::Properties,
                    "KeySchema",
                    RequiresRecreation::Conditionally,
                ))
                .details(detail(ResourceAttribute::Properties, "KeySchema", RequiresRecreation::Always))
                .build(),
        );
        assert_eq!(change.replacement, Replacement::Always);
        assert_eq!(
            change.properties,
            [
                ChangedProperty { name: "KeySchema".to_owned(), replaces: Replacement::Always },
                ChangedProperty { name: "Tags".to_owned(), replaces: Replacement::Never },
            ]
        );
    }

    #[test]
    fn a_removal_that_retains_says_so() {
        let change = read(
            ResourceChange::builder()
                .action(ChangeAction::Remove)
                .policy_action(PolicyAction::Retain)
                .logical_resource_id("Bucket")
                .resource_type("AWS::S3::Bucket")
                .build(),
        );
        assert!(change.retained);
        assert_eq!((change.action, change.physical_id), (Action::Remove, None));
    }
}
