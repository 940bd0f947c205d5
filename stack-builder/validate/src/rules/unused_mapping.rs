//! Mappings that nobody looks into.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;
use stack_builder_cfn::Reference;

rule! {
    /// A mapping that nothing looks into
    ///
    /// # Why
    /// A mapping has an effect only through `Fn::FindInMap`. One that nobody looks into shows values that do not hold.
    ///
    /// # Bad
    /// ```yaml
    /// Mappings:
    ///   Sizes:
    ///     prod: {Days: 365}
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Mappings:
    ///   Names:
    ///     prod: {News: news}
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    ///     Properties:
    ///       TopicName: !FindInMap [Names, prod, News]
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html>
    "unused-mapping", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    // A macro may look into any mapping, and so may a function that finds the mapping's name.
    let computed = |place: &Place<'_>| {
        let name = place.call("Fn::FindInMap").and_then(|argument| argument.items().next());
        name.is_some_and(|name| name.text().is_none())
    };
    if model.is_transformed() || model.root().descendants().iter().any(computed) {
        return;
    }
    let used = |name: &str| {
        let mut mentions = model.mentions().iter();
        mentions.any(|mention| matches!(&mention.reference, Reference::Mapping(known) if known == name))
    };
    for (name, mapping) in model.section("Mappings").filter(|(name, _)| !used(name)) {
        findings.report_key(
            mapping,
            format!("nothing looks into the mapping `{name}`, so its values do not hold"),
            "remove it, or look into it by `Fn::FindInMap`",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn a_name_may_be_found_by_a_function() {
        let with = |name: &str| {
            format!(
                "Mappings:\n  A: {{a: {{b: c}}}}\nResources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties: {{TopicName: !FindInMap [{name}, a, b]}}\n"
            )
        };
        check(RULE, &with("B"), &["2:3 nothing looks into the mapping `A`, so its values do not hold"]);
        check(RULE, &with("A"), &[]);
        check(RULE, &with("!Ref Name"), &[]);
    }
}
