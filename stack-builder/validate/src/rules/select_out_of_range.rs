//! Items that are selected from lists which do not have them.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// An item selected that the list does not have
    ///
    /// # Why
    /// `Fn::Select` counts from zero, and CloudFormation refuses the template when the list is shorter.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    ///     Properties:
    ///       DisplayName: !Select [2, [today, tomorrow]]
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    ///     Properties:
    ///       DisplayName: !Select [1, [today, tomorrow]]
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html>
    "select-out-of-range", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for place in model.root().descendants() {
        let Some((index, list)) = place.call("Fn::Select").and_then(parts) else { continue };
        let (Some(number), length) = (index.number(), list.items().len()) else { continue };
        #[expect(clippy::cast_precision_loss, reason = "no template has so many items")]
        let most = length as f64;
        if list.is_list() && !(0.0..most).contains(&number) {
            let items = if length == 1 { "1 item".to_owned() } else { format!("{length} items") };
            findings.report(
                index,
                format!("there is no item {number} in this list of {items}"),
                "count from zero",
            );
        }
    }
}

fn parts(argument: Place<'_>) -> Option<(Place<'_>, Place<'_>)> {
    let mut parts = argument.items();
    Some((parts.next()?, parts.next()?))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(select: &str, expect: &[&str]) {
        let start = "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Properties: {DisplayName: !Select ";
        check(RULE, &format!("{start}{select}}}\n"), expect);
    }

    #[test]
    fn indices_are_counted_from_zero() {
        with("[1, [a, b]]", &[]);
        with("['0', [a]]", &[]);
        with("[7, !Split [a, b]]", &[]);
        with("[!Ref A, [a]]", &[]);
        with("[2, [a, b]]", &["4:40 there is no item 2 in this list of 2 items"]);
        with("['1', [a]]", &["4:40 there is no item 1 in this list of 1 item"]);
        with("[-1, [a]]", &["4:40 there is no item -1 in this list of 1 item"]);
        with("[0, []]", &["4:40 there is no item 0 in this list of 0 items"]);
    }
}
