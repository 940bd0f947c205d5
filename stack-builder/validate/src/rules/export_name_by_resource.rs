//! Names of exports that depend on resources.

use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// An export whose name is made of a resource
    ///
    /// # Why
    /// The name of an export must be known before anything is made, so CloudFormation refuses one with a `Ref` or an
    /// attribute of a resource. Parameters and pseudo parameters such as `AWS::StackName` may stand in it.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    /// Outputs:
    ///   Topic:
    ///     Value: !Ref News
    ///     Export: {Name: !GetAtt News.TopicName}
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   News:
    ///     Type: AWS::SNS::Topic
    /// Outputs:
    ///   Topic:
    ///     Value: !Ref News
    ///     Export: {Name: !Sub "${AWS::StackName}-News"}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html>
    "export-name-by-resource", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for mention in model.mentions().iter().filter(|mention| mention.is_value()) {
        let path = mention.place.path();
        let mut parts = path.split('.');
        let is_name =
            parts.next() == Some("Outputs") && parts.nth(1) == Some("Export") && parts.next() == Some("Name");
        if is_name && model.resource(mention.target()).is_some() {
            findings.report(
                mention.place,
                format!("the name of an export cannot be made of the resource `{}`", mention.target()),
                "use `AWS::StackName`, a parameter or a text",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn names_are_known_before_anything_is_made() {
        let template = "\
Parameters: {P: {Type: String}}
Resources:
  T: {Type: AWS::SNS::Topic}
Outputs:
  A: {Value: !Ref T, Export: {Name: !Ref T}}
  B: {Value: !Ref T, Export: {Name: !Sub '${P}-${T.TopicName}'}}
  C: {Value: !Ref T, Export: {Name: !Join ['-', [!Ref AWS::StackName, !Ref P]]}}
";
        let expect = [
            "5:37 the name of an export cannot be made of the resource `T`",
            "6:37 the name of an export cannot be made of the resource `T`",
        ];
        check(RULE, template, &expect);
    }
}
