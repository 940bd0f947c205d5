//! Items that are meant to expire, and never do.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A TTL attribute that is no number
    ///
    /// # Why
    /// DynamoDB deletes an item after the time in its TTL attribute only where that is a number of seconds. An attribute
    /// that a key or an index of the table declares as a text or as bytes never is one, so nothing ever expires.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Sessions:
    ///     Type: AWS::DynamoDB::Table
    ///     DeletionPolicy: Delete
    ///     UpdateReplacePolicy: Delete
    ///     Properties:
    ///       BillingMode: PAY_PER_REQUEST
    ///       AttributeDefinitions:
    ///         - {AttributeName: id, AttributeType: S}
    ///         - {AttributeName: expires, AttributeType: S}
    ///       KeySchema:
    ///         - {AttributeName: id, KeyType: HASH}
    ///         - {AttributeName: expires, KeyType: RANGE}
    ///       TimeToLiveSpecification: {AttributeName: expires, Enabled: true}
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Sessions:
    ///     Type: AWS::DynamoDB::Table
    ///     DeletionPolicy: Delete
    ///     UpdateReplacePolicy: Delete
    ///     Properties:
    ///       BillingMode: PAY_PER_REQUEST
    ///       AttributeDefinitions:
    ///         - {AttributeName: id, AttributeType: S}
    ///       KeySchema:
    ///         - {AttributeName: id, KeyType: HASH}
    ///       TimeToLiveSpecification: {AttributeName: expires, Enabled: true}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html>
    "ttl-not-a-number", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let types = ["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"];
    for table in types.into_iter().flat_map(|name| model.of_type(name)) {
        let definitions = table.values("AttributeDefinitions.*");
        for (name, place) in table.texts("TimeToLiveSpecification.AttributeName") {
            let is = |definition: &Place<'_>, key: &str, wanted: &str| {
                definition.get(key).and_then(Place::text) == Some(wanted)
            };
            let mut own = definitions.iter().filter(|definition| is(definition, "AttributeName", name));
            if own.any(|one| is(one, "AttributeType", "S") || is(one, "AttributeType", "B")) {
                findings.report(
                    place,
                    format!("`{name}` is declared as no number (type `N`), so no item ever expires"),
                    "name an attribute that holds the seconds since 1970 as a number",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn a_number_or_an_attribute_beside_the_keys_is_fine() {
        let table = |ttl| {
            format!(
                "\
Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{{AttributeName: a, AttributeType: S}}, {{AttributeName: n, AttributeType: N}}]
      TimeToLiveSpecification: {{AttributeName: {ttl}, Enabled: true}}
"
            )
        };
        let found = "6:48 `a` is declared as no number (type `N`), so no item ever expires";
        check(RULE, &table("a"), &[found]);
        check(RULE, &table("n"), &[]);
        check(RULE, &table("ttl"), &[]);
        check(RULE, &table("!Ref Ttl"), &[]);
    }
}
