//! Variables of `Fn::Sub` that its text does not name.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A variable of `Fn::Sub` that its text does not name
    ///
    /// # Why
    /// The variable has no effect. Mostly the text names it otherwise, and means something else then.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    ///     Properties:
    ///       DisplayName: !Sub ["News from ${AWS::Region}", {Place: Berlin}]
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    ///     Properties:
    ///       DisplayName: !Sub ["News from ${Place}", {Place: Berlin}]
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html>
    "unused-variable", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for place in model.root().descendants() {
        let Some((text, variables)) = place.call("Fn::Sub").and_then(parts) else { continue };
        let named: Vec<_> = text.split("${").skip(1).filter_map(|rest| rest.split('}').next()).collect();
        // What a loop puts in is not known yet.
        if named.iter().any(|name| name.contains(['&', '$'])) {
            continue;
        }
        for (name, value) in variables.entries().filter(|(name, _)| !name.starts_with("Fn::")) {
            if !named.iter().any(|known| known.trim() == name) {
                findings.report_key(
                    value,
                    format!("the text of the `Fn::Sub` does not name its variable `{name}`"),
                    format!("write `${{{name}}}` in the text, or remove the variable"),
                );
            }
        }
    }
}

fn parts(argument: Place<'_>) -> Option<(&str, Place<'_>)> {
    let mut parts = argument.items();
    Some((parts.next()?.text()?, parts.next()?))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(sub: &str, expect: &[&str]) {
        let start = "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties: {DisplayName: !Sub ";
        check(RULE, &format!("{start}{sub}}}\n"), expect);
    }

    #[test]
    fn each_variable_is_named() {
        with("['${a}-${ b }', {a: 1, b: 2}]", &[]);
        with("'${AWS::Region}'", &[]);
        let found = "4:46 the text of the `Fn::Sub` does not name its variable `y`";
        with("['${x}', {y: 1}]", &[found]);
        with("['${x', {y: 1}]", &["4:45 the text of the `Fn::Sub` does not name its variable `y`"]);
        with("['${!y}', {y: 1}]", &["4:47 the text of the `Fn::Sub` does not name its variable `y`"]);
    }
}
