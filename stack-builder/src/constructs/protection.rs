//! What is protected against deletion stays, also when its very creation fails.

use stack_builder_cfn::{Attributes, Node, RemovalPolicy};

/// `resource`, which no service would delete as long as `property` says so.
///
/// A creation that fails is rolled back, and CloudFormation gets stuck in `ROLLBACK_FAILED` over what it may not
/// delete: there, a resource that is to stay otherwise stays in this case too.
pub(super) fn kept<R: Attributes>(mut resource: R, property: &str) -> R {
    let definition = resource.as_mut();
    let protected = match definition.properties.get(property) {
        Some(Node::Bool(on)) => *on,
        Some(Node::Text(text)) => text == "ACTIVE",
        _ => false,
    };
    let policy = definition.attributes.get("DeletionPolicy");
    let rolled_back = matches!(policy, Some(Node::Text(text)) if text == "RetainExceptOnCreate");
    if protected && rolled_back { resource.deletion_policy(RemovalPolicy::Retain) } else { resource }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stack_builder_cfn::dynamodb;

    #[track_caller]
    fn check(protected: bool, policy: RemovalPolicy, expect: &str) {
        let table = dynamodb::Table::new().deletion_protection_enabled(protected).removal_policy(policy);
        let mut table = kept(table, "DeletionProtectionEnabled");
        let policy = table.as_mut().attributes.get("DeletionPolicy").cloned();
        assert!(matches!(&policy, Some(Node::Text(text)) if text == expect), "{policy:?}");
    }

    #[test]
    fn only_what_cannot_be_rolled_back_stays() {
        check(true, RemovalPolicy::RetainExceptOnCreate, "Retain");
        check(false, RemovalPolicy::RetainExceptOnCreate, "RetainExceptOnCreate");
        check(true, RemovalPolicy::Delete, "Delete");
    }
}
