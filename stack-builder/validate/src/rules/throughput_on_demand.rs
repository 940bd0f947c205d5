//! Tables that are paid by the request and have a throughput to be paid.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A table with `PAY_PER_REQUEST` and a provisioned throughput
    ///
    /// # Why
    /// A table is paid either by the request or by the throughput that is kept ready. DynamoDB refuses one with both, at
    /// the table as at its indexes.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Notes:
    ///     Type: AWS::DynamoDB::Table
    ///     DeletionPolicy: Delete
    ///     UpdateReplacePolicy: Delete
    ///     Properties:
    ///       BillingMode: PAY_PER_REQUEST
    ///       ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}
    ///       AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
    ///       KeySchema: [{AttributeName: id, KeyType: HASH}]
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Notes:
    ///     Type: AWS::DynamoDB::Table
    ///     DeletionPolicy: Delete
    ///     UpdateReplacePolicy: Delete
    ///     Properties:
    ///       BillingMode: PAY_PER_REQUEST
    ///       AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
    ///       KeySchema: [{AttributeName: id, KeyType: HASH}]
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html>
    "throughput-on-demand", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for table in model.of_type("AWS::DynamoDB::Table") {
        // What a condition decides may well decide both.
        if table.property("BillingMode").and_then(Place::text) != Some("PAY_PER_REQUEST") {
            continue;
        }
        let own = table.property("ProvisionedThroughput");
        let of_indexes = table.values("GlobalSecondaryIndexes.*");
        let of_indexes = of_indexes.into_iter().filter_map(|index| index.get("ProvisionedThroughput"));
        for place in own.into_iter().chain(of_indexes).filter(|place| place.function().is_none()) {
            findings.report_key(
                place,
                format!("`{}` is paid by the request, and has a provisioned throughput", table.id),
                "remove `ProvisionedThroughput`, or set `BillingMode: PROVISIONED`",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(properties: &str, expect: &[&str]) {
        let start = "Resources:\n  T:\n    Type: AWS::DynamoDB::Table\n    Properties: ";
        check(RULE, &format!("{start}{{{properties}}}\n"), expect);
    }

    #[test]
    fn either_or() {
        let both = "`T` is paid by the request, and has a provisioned throughput";
        let throughput = "ProvisionedThroughput: {ReadCapacityUnits: 1}";
        with(&format!("BillingMode: PAY_PER_REQUEST, {throughput}"), &[&format!("4:48 {both}")]);
        with(
            &format!("BillingMode: PAY_PER_REQUEST, GlobalSecondaryIndexes: [{{{throughput}}}]"),
            &[&format!("4:74 {both}")],
        );
        with(&format!("BillingMode: PROVISIONED, {throughput}"), &[]);
        with(throughput, &[]);
        with("BillingMode: PAY_PER_REQUEST, ProvisionedThroughput: !If [A, {}, !Ref AWS::NoValue]", &[]);
        with(&format!("BillingMode: !If [A, PAY_PER_REQUEST, PROVISIONED], {throughput}"), &[]);
    }
}
