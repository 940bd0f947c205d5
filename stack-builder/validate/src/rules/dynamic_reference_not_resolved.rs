//! References to secrets in places where CloudFormation resolves none.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A reference to a secret where none is resolved
    ///
    /// # Why
    /// CloudFormation resolves `{{resolve:secretsmanager:…}}` and `{{resolve:ssm-secure:…}}` in properties of resources
    /// only. In an output or in `Metadata` the reference stays as it is, or the stack is refused; and an output is
    /// read by everyone who may look at the stack, so no secret belongs there.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    /// Outputs:
    ///   Password:
    ///     Value: "{{resolve:secretsmanager:database:SecretString:password}}"
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    /// Outputs:
    ///   Secret:
    ///     Value: database
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>
    "dynamic-reference-not-resolved", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let resources = model.resources().iter().filter_map(|resource| resource.attribute("Metadata"));
    let metadata = resources.chain(model.root().get("Metadata")).map(|place| (place, "`Metadata`"));
    let outputs =
        model.section("Outputs").flat_map(|(_, output)| [output.get("Value"), output.get("Export")]);
    let outputs = outputs.flatten().map(|place| (place, "an output"));
    for (part, what) in outputs.chain(metadata) {
        for place in part.descendants().into_iter().filter(|place| is_reference(*place)) {
            findings.report(
                place,
                format!("CloudFormation resolves no secret in {what}"),
                "name the secret there, and have whoever needs its value read it from Secrets Manager",
            );
        }
    }
}

fn is_reference(place: Place<'_>) -> bool {
    let begins = ["{{resolve:secretsmanager:", "{{resolve:ssm-secure:"];
    place.text().is_some_and(|text| begins.iter().any(|begin| text.contains(begin)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn outputs_and_metadata_are_looked_at() {
        let template = "\
Metadata: {Note: '{{resolve:ssm-secure:a}}'}
Resources:
  T:
    Type: AWS::SNS::Topic
    Metadata: {Note: !Sub 'a-{{resolve:secretsmanager:${A}}}'}
    Properties: {DisplayName: '{{resolve:secretsmanager:a}}'}
Outputs:
  A: {Value: '{{resolve:secretsmanager:a}}'}
  B: {Value: '{{resolve:ssm:a}}', Description: 'as {{resolve:ssm-secure:a}}'}
";
        let expect = [
            "8:14 CloudFormation resolves no secret in an output",
            "5:22 CloudFormation resolves no secret in `Metadata`",
            "1:18 CloudFormation resolves no secret in `Metadata`",
        ];
        check(RULE, template, &expect);
    }
}
