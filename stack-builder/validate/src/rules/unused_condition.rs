//! Conditions that decide nothing.

use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;
use stack_builder_cfn::Reference;

rule! {
    /// A condition that nothing asks for
    ///
    /// # Why
    /// A condition decides only where a resource, an output, an `Fn::If` or another condition names it. One that nobody
    /// names was forgotten in what it should decide, or outlived it.
    ///
    /// # Bad
    /// ```yaml
    /// Conditions:
    ///   IsProd: !Equals [!Ref "AWS::StackName", prod]
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Conditions:
    ///   IsProd: !Equals [!Ref "AWS::StackName", prod]
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    ///     Condition: IsProd
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html>
    "unused-condition", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    // A macro may ask for any condition.
    if model.is_transformed() {
        return;
    }
    let used = |name: &str| {
        let mut mentions = model.mentions().iter();
        mentions.any(|mention| matches!(&mention.reference, Reference::Condition(known) if known == name))
    };
    for (name, condition) in model.section("Conditions").filter(|(name, _)| !used(name)) {
        findings.report_key(
            condition,
            format!("nothing asks for the condition `{name}`, so it decides nothing"),
            "remove it, or name it in what it should decide",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn a_condition_may_serve_another_one() {
        let template = "\
Conditions:
  A: !Equals [a, b]
  B: !Not [!Condition A]
  C: !Equals [a, b]
  D: !Equals [a, b]
  E: !Equals [a, b]
Resources:
  T: {Type: AWS::SNS::Topic, Condition: B, Properties: {TopicName: !If [C, a, b]}}
Outputs:
  O: {Condition: D, Value: a}
";
        check(RULE, template, &["6:3 nothing asks for the condition `E`, so it decides nothing"]);
    }
}
