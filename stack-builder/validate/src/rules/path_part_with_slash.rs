//! Parts of paths that hold more than one part.

use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A part of a REST API's path with a slash in it
    ///
    /// # Why
    /// A resource of a REST API is one part of a path, below its parent. API Gateway refuses a part with a slash: the
    /// path `/notes/{id}` is a resource `notes`, and a resource `{id}` whose parent that is.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Api:
    ///     Type: AWS::ApiGateway::RestApi
    ///     Properties: {Name: notes}
    ///   Note:
    ///     Type: AWS::ApiGateway::Resource
    ///     Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: "notes/{id}"}
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Api:
    ///     Type: AWS::ApiGateway::RestApi
    ///     Properties: {Name: notes}
    ///   Notes:
    ///     Type: AWS::ApiGateway::Resource
    ///     Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: notes}
    ///   Note:
    ///     Type: AWS::ApiGateway::Resource
    ///     Properties: {RestApiId: !Ref Api, ParentId: !Ref Notes, PathPart: "{id}"}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-resource.html>
    "path-part-with-slash", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for resource in model.of_type("AWS::ApiGateway::Resource") {
        for (text, place) in resource.texts("PathPart").into_iter().filter(|(text, _)| text.contains('/')) {
            findings.report(
                place,
                format!("`{text}` is more than one part of a path: it has a slash"),
                "make a resource of each part, each the parent of the next",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(part: &str, expect: &[&str]) {
        let start = "Resources:\n  R:\n    Type: AWS::ApiGateway::Resource\n    Properties: {PathPart: ";
        check(RULE, &format!("{start}{part}}}\n"), expect);
    }

    #[test]
    fn slashes() {
        with("a", &[]);
        with("'{proxy+}'", &[]);
        with("!Ref A", &[]);
        with("a/b", &["4:28 `a/b` is more than one part of a path: it has a slash"]);
        with("/a", &["4:28 `/a` is more than one part of a path: it has a slash"]);
    }
}
