//! Parameters that nothing reads.

use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A parameter that nothing refers to
    ///
    /// # Why
    /// Whoever deploys is asked for a value that has no effect, and believes that it has one. Most often a reference
    /// was meant and forgotten, or the parameter outlived what used it.
    ///
    /// # Bad
    /// ```yaml
    /// Parameters:
    ///   Stage:
    ///     Type: String
    /// Resources:
    ///   Topic:
    ///     Type: AWS::SNS::Topic
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Parameters:
    ///   Stage:
    ///     Type: String
    /// Resources:
    ///   Topic:
    ///     Type: AWS::SNS::Topic
    ///     Properties:
    ///       TopicName: !Sub "news-${Stage}"
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>
    "unused-parameter", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    // A macro may read any parameter.
    if model.is_transformed() {
        return;
    }
    for (name, parameter) in model.section("Parameters") {
        if model.mentions_of(name).next().is_none() && !in_a_rule(model, name) {
            findings.report_key(
                parameter,
                format!("nothing refers to the parameter `{name}`, so its value has no effect"),
                "remove it, or refer to it where it was meant",
            );
        }
    }
}

/// Rules name parameters by functions of their own, such as `Fn::ValueOf`.
fn in_a_rule(model: &Model<'_>, name: &str) -> bool {
    model.section("Rules").any(|(_, rule)| rule.descendants().iter().any(|place| place.text() == Some(name)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn a_mention_anywhere_is_a_use() {
        let template = "\
Parameters:
  InSub: {Type: String}
  InCondition: {Type: String}
  InOutput: {Type: String}
  InRule: {Type: String}
  Nowhere: {Type: String}
Rules:
  Known:
    Assertions:
      - Assert: !Contains [[a, b], !ValueOf [InRule, Vpc]]
Conditions:
  Prod: !Equals [!Ref InCondition, prod]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      TopicName: !Sub a-${InSub}-${!Nowhere}
Outputs:
  Out:
    Value: !Ref InOutput
";
        check(RULE, template, &["6:3 nothing refers to the parameter `Nowhere`, so its value has no effect"]);
    }

    #[test]
    fn a_macro_may_read_it() {
        check(RULE, "Transform: Own\nParameters:\n  P: {Type: String}\nResources: {}\n", &[]);
    }
}
