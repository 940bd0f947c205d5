//! Attributes of a table that its keys need, and no others.

use super::common::text::written;
use crate::document::Place;
use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;

rule! {
    /// A table whose keys and declared attributes do not fit
    ///
    /// # Why
    /// DynamoDB wants the type of each attribute that is part of a key, of the table or of an index, and of no others:
    /// what is not in a key needs no declaration. It refuses the table otherwise.
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
    ///       AttributeDefinitions: [{AttributeName: name, AttributeType: S}]
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
    "table-keys", Error, check
}

const KEYS: [&str; 3] =
    ["KeySchema.*", "GlobalSecondaryIndexes.*.KeySchema.*", "LocalSecondaryIndexes.*.KeySchema.*"];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    if model.is_transformed() {
        return;
    }
    let types = ["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"];
    for table in types.into_iter().flat_map(|name| model.of_type(name)) {
        let keys = names(table, &KEYS);
        let Some(declared) = names(table, &["AttributeDefinitions.*"]).filter(|names| !names.is_empty())
        else {
            continue;
        };
        for (name, place) in keys.iter().flatten().filter(|(name, _)| !has(&declared, name)) {
            findings.report(
                *place,
                format!("`{name}` is part of a key of `{}`, and `AttributeDefinitions` lacks it", table.id),
                "declare its type: `{AttributeName: …, AttributeType: S}`",
            );
        }
        // That there is no key at all, the schema says.
        let Some(keys) = keys.filter(|keys| !keys.is_empty()) else { continue };
        for (name, place) in declared.iter().filter(|(name, _)| !has(&keys, name)) {
            findings.report(
                *place,
                format!("the attribute `{name}` is declared, and no key of `{}` has it", table.id),
                "remove it: only attributes of keys are declared",
            );
        }
    }
}

fn has(names: &[(String, Place<'_>)], name: &str) -> bool {
    names.iter().any(|(known, _)| known == name)
}

/// The names of the attributes at `paths`; `None` where one is not known before it is deployed.
fn names<'a>(table: &Resource<'a>, paths: &[&str]) -> Option<Vec<(String, Place<'a>)>> {
    let places = paths.iter().flat_map(|path| table.values(path));
    let functions = ["AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"];
    let open = functions.iter().flat_map(|name| table.values(name)).any(|place| place.function().is_some());
    let name = |place: Place<'a>| {
        let name = place.get("AttributeName")?;
        let text = written(name).filter(|text| !text.contains("${?}") && !text.contains("{{"))?;
        Some((text, name))
    };
    if open { None } else { places.map(name).collect() }
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
    fn each_key_is_declared_and_nothing_else() {
        with("AttributeDefinitions: [{AttributeName: a}], KeySchema: [{AttributeName: a}]", &[]);
        let expect = [
            "4:90 `a` is part of a key of `T`, and `AttributeDefinitions` lacks it",
            "4:57 the attribute `b` is declared, and no key of `T` has it",
        ];
        with("AttributeDefinitions: [{AttributeName: b}], KeySchema: [{AttributeName: a}]", &expect);
        let index = "GlobalSecondaryIndexes: [{KeySchema: [{AttributeName: b}]}]";
        let keys = "KeySchema: [{AttributeName: a}]";
        let attributes = "AttributeDefinitions: [{AttributeName: a}, {AttributeName: b}]";
        with(&format!("{attributes}, {keys}, {index}"), &[]);
        with(
            &format!("{attributes}, {keys}"),
            &["4:77 the attribute `b` is declared, and no key of `T` has it"],
        );
    }

    #[test]
    fn what_is_not_known_is_not_judged() {
        with("AttributeDefinitions: [{AttributeName: !Ref A}], KeySchema: [{AttributeName: !Ref A}]", &[]);
        with("AttributeDefinitions: !Ref A, KeySchema: [{AttributeName: a}]", &[]);
        with("AttributeDefinitions: [{AttributeName: a}], KeySchema: !FindInMap [a, b, c]", &[]);
        with("AttributeDefinitions: [{AttributeName: a}], KeySchema: [{AttributeName: !ImportValue a}]", &[]);
        let index = "GlobalSecondaryIndexes: !If [A, [{KeySchema: [{AttributeName: b}]}], !Ref AWS::NoValue]";
        with(
            &format!(
                "AttributeDefinitions: [{{AttributeName: a}}, {{AttributeName: b}}], KeySchema: [{{AttributeName: a}}], {index}"
            ),
            &[],
        );
    }
}
