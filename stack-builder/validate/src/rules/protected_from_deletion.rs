//! Resources that are to be deleted and protected from it.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;

rule! {
    /// A resource that is protected from deletion and to be deleted with its stack
    ///
    /// # Why
    /// With `DeletionPolicy: Delete`, or with `RetainExceptOnCreate` when the stack's first deployment fails,
    /// CloudFormation deletes the resource; the protection forbids that. The stack then stops at `DELETE_FAILED` or
    /// `ROLLBACK_FAILED`, and somebody must end the protection by hand before it can go on.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Notes:
    ///     Type: AWS::DynamoDB::Table
    ///     DeletionPolicy: RetainExceptOnCreate
    ///     UpdateReplacePolicy: Retain
    ///     Properties:
    ///       BillingMode: PAY_PER_REQUEST
    ///       DeletionProtectionEnabled: true
    ///       AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
    ///       KeySchema: [{AttributeName: id, KeyType: HASH}]
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Notes:
    ///     Type: AWS::DynamoDB::Table
    ///     DeletionPolicy: Retain
    ///     UpdateReplacePolicy: Retain
    ///     Properties:
    ///       BillingMode: PAY_PER_REQUEST
    ///       DeletionProtectionEnabled: true
    ///       AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
    ///       KeySchema: [{AttributeName: id, KeyType: HASH}]
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>
    "protected-from-deletion", Warning, check
}

/// Types, and the property that protects.
const PROTECTED: [(&str, &str); 8] = [
    ("AWS::Cognito::UserPool", "DeletionProtection"),
    ("AWS::DSQL::Cluster", "DeletionProtectionEnabled"),
    ("AWS::DocDB::DBCluster", "DeletionProtection"),
    ("AWS::DynamoDB::Table", "DeletionProtectionEnabled"),
    ("AWS::Neptune::DBCluster", "DeletionProtection"),
    ("AWS::RDS::DBCluster", "DeletionProtection"),
    ("AWS::RDS::DBInstance", "DeletionProtection"),
    ("AWS::RDS::GlobalCluster", "DeletionProtection"),
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for (type_name, property) in PROTECTED {
        for resource in model.of_type(type_name).filter(|resource| is_protected(resource, property)) {
            let Some(policy) = resource.attribute("DeletionPolicy") else { continue };
            let when = match policy.text() {
                Some("Delete") => "when the stack is deleted",
                Some("RetainExceptOnCreate") => "when the first deployment fails",
                _ => continue,
            };
            findings.report(
                policy,
                format!("`{}` is to be deleted {when}, and `{property}` forbids it", resource.id),
                "write `Retain`, or leave the protection out",
            );
        }
    }
}

/// Whether it surely is: what a condition decides may decide the policy too.
fn is_protected(resource: &Resource<'_>, property: &str) -> bool {
    let value = resource.property(property);
    value.and_then(Place::boolean) == Some(true) || value.and_then(Place::text) == Some("ACTIVE")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(kind: &str, policy: &str, property: &str, expect: &[&str]) {
        let template = format!(
            "Resources:\n  R:\n    Type: {kind}\n    DeletionPolicy: {policy}\n    Properties: {{{property}}}\n"
        );
        check(RULE, &template, expect);
    }

    #[test]
    fn policies_that_delete() {
        let table = "AWS::DynamoDB::Table";
        let on = "DeletionProtectionEnabled: true";
        let first = "4:21 `R` is to be deleted when the first deployment fails, and `DeletionProtectionEnabled` forbids it";
        with(table, "RetainExceptOnCreate", on, &[first]);
        let deleted =
            "4:21 `R` is to be deleted when the stack is deleted, and `DeletionProtectionEnabled` forbids it";
        with(table, "Delete", on, &[deleted]);
        with(table, "Retain", on, &[]);
        with(table, "Delete", "DeletionProtectionEnabled: false", &[]);
        with(table, "Delete", "DeletionProtectionEnabled: !If [A, true, false]", &[]);
        let pool = "4:21 `R` is to be deleted when the stack is deleted, and `DeletionProtection` forbids it";
        with("AWS::Cognito::UserPool", "Delete", "DeletionProtection: ACTIVE", &[pool]);
    }
}
