//! Edge functions that are named without a version.

use super::common::distribution::{distributions, edge_functions};
use super::common::text::{only_reference, written};
use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// An edge function that is not named by a numbered version
    ///
    /// # Why
    /// CloudFront copies a function to its locations and therefore takes a published version only: no function without
    /// a number, no `$LATEST`, no alias. Any other ARN is refused when the distribution is deployed.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Site:
    ///     Type: AWS::CloudFront::Distribution
    ///     Properties:
    ///       DistributionConfig:
    ///         Enabled: true
    ///         Origins: [{Id: web, DomainName: www.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
    ///         DefaultCacheBehavior:
    ///           TargetOriginId: web
    ///           ViewerProtocolPolicy: redirect-to-https
    ///           LambdaFunctionAssociations:
    ///             - EventType: viewer-request
    ///               LambdaFunctionARN: arn:aws:lambda:us-east-1:111122223333:function:gate
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Site:
    ///     Type: AWS::CloudFront::Distribution
    ///     Properties:
    ///       DistributionConfig:
    ///         Enabled: true
    ///         Origins: [{Id: web, DomainName: www.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
    ///         DefaultCacheBehavior:
    ///           TargetOriginId: web
    ///           ViewerProtocolPolicy: redirect-to-https
    ///           LambdaFunctionAssociations:
    ///             - EventType: viewer-request
    ///               LambdaFunctionARN: arn:aws:lambda:us-east-1:111122223333:function:gate:7
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html>
    "edge-function-version", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for association in distributions(model).flat_map(edge_functions) {
        if let Some(what) = unnumbered(model, association) {
            findings.report(
                association,
                format!("CloudFront runs numbered versions of functions only, and this is {what}"),
                "publish an `AWS::Lambda::Version` and refer to it by `!Ref`",
            );
        }
    }
}

/// What is named instead of a version, where that is sure.
fn unnumbered(model: &Model<'_>, association: Place<'_>) -> Option<&'static str> {
    let text = written(association)?;
    if let Some(name) = only_reference(&text) {
        let (id, attribute) = name.split_once('.').map_or((name, None), |(id, name)| (id, Some(name)));
        return match (model.resource(id)?.type_name, attribute) {
            ("AWS::Lambda::Function", None | Some("Arn")) => Some("the function itself"),
            ("AWS::Lambda::Alias", None) => Some("an alias"),
            _ => None,
        };
    }
    let (_, name) = text.rsplit_once(":function:")?;
    match name.split_once(':') {
        None if name.contains('$') => None,
        None => Some("the function itself"),
        Some((_, "$LATEST")) => Some("`$LATEST`"),
        Some((_, version)) if version.contains('$') || version.bytes().all(|b| b.is_ascii_digit()) => None,
        Some(_) => Some("an alias"),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(association: &str, what: Option<&str>) {
        let template = format!(
            "\
Resources:
  F: {{Type: AWS::Lambda::Function}}
  A: {{Type: AWS::Lambda::Alias}}
  V: {{Type: AWS::Lambda::Version}}
  D:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior:
          LambdaFunctionAssociations:
            - LambdaFunctionARN: {association}
"
        );
        let found = what.map(|what| {
            format!("11:34 CloudFront runs numbered versions of functions only, and this is {what}")
        });
        check(RULE, &template, &found.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn only_versions_do() {
        with("!GetAtt F.Arn", Some("the function itself"));
        with("!Ref A", Some("an alias"));
        with("arn:aws:lambda:us-east-1:1:function:gate:$LATEST", Some("`$LATEST`"));
        with("arn:aws:lambda:us-east-1:1:function:gate:live", Some("an alias"));
        with("arn:aws:lambda:us-east-1:1:function:gate:12", None);
        with("!Ref V", None);
        with("!Ref Parameter", None);
        with("!Sub '${F.Arn}:3'", None);
        with("!Sub 'arn:aws:lambda:us-east-1:1:function:${Name}'", None);
    }
}
