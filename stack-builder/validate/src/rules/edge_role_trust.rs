//! Edge functions whose role Lambda@Edge may not take.

use super::common::distribution::{distributions, edge_function, edge_functions};
use super::common::policy::each;
use super::common::text::written;
use crate::document::Place;
use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;

rule! {
    /// The role of an edge function that does not trust Lambda@Edge
    ///
    /// # Why
    /// Copies of an edge function run under `edgelambda.amazonaws.com`. CloudFront refuses to associate a function whose
    /// role only `lambda.amazonaws.com` may take, which shows only after minutes of deploying.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   GateRole:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument:
    ///         Version: "2012-10-17"
    ///         Statement:
    ///           - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
    ///   Gate:
    ///     Type: AWS::Lambda::Function
    ///     Properties:
    ///       Runtime: python3.13
    ///       Handler: index.handler
    ///       Role: !GetAtt GateRole.Arn
    ///       Code: {S3Bucket: code, S3Key: gate.zip}
    ///   GateVersion:
    ///     Type: AWS::Lambda::Version
    ///     Properties: {FunctionName: !Ref Gate}
    ///   Site:
    ///     Type: AWS::CloudFront::Distribution
    ///     Properties:
    ///       DistributionConfig:
    ///         Enabled: true
    ///         Origins: [{Id: web, DomainName: www.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
    ///         DefaultCacheBehavior:
    ///           TargetOriginId: web
    ///           ViewerProtocolPolicy: redirect-to-https
    ///           LambdaFunctionAssociations: [{EventType: viewer-request, LambdaFunctionARN: !Ref GateVersion}]
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   GateRole:
    ///     Type: AWS::IAM::Role
    ///     Properties:
    ///       AssumeRolePolicyDocument:
    ///         Version: "2012-10-17"
    ///         Statement:
    ///           - Effect: Allow
    ///             Principal: {Service: [lambda.amazonaws.com, edgelambda.amazonaws.com]}
    ///             Action: sts:AssumeRole
    ///   Gate:
    ///     Type: AWS::Lambda::Function
    ///     Properties:
    ///       Runtime: python3.13
    ///       Handler: index.handler
    ///       Role: !GetAtt GateRole.Arn
    ///       Code: {S3Bucket: code, S3Key: gate.zip}
    ///   GateVersion:
    ///     Type: AWS::Lambda::Version
    ///     Properties: {FunctionName: !Ref Gate}
    ///   Site:
    ///     Type: AWS::CloudFront::Distribution
    ///     Properties:
    ///       DistributionConfig:
    ///         Enabled: true
    ///         Origins: [{Id: web, DomainName: www.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
    ///         DefaultCacheBehavior:
    ///           TargetOriginId: web
    ///           ViewerProtocolPolicy: redirect-to-https
    ///           LambdaFunctionAssociations: [{EventType: viewer-request, LambdaFunctionARN: !Ref GateVersion}]
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html>
    "edge-role-trust", Error, check
}

const EDGE: &str = "edgelambda.amazonaws.com";

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let mut seen = Vec::new();
    for association in distributions(model).flat_map(edge_functions) {
        let role = edge_function(model, association).and_then(|function| role(model, function));
        let Some(role) = role.filter(|role| !seen.contains(&role.id)) else { continue };
        seen.push(role.id);
        let Some(trust) = role.property("AssumeRolePolicyDocument") else { continue };
        if !may_trust_edge(trust) {
            findings.report(
                trust,
                format!("`{EDGE}` may not take the role `{}`, so CloudFront refuses its function", role.id),
                format!("add `{EDGE}` beside `lambda.amazonaws.com`"),
            );
        }
    }
}

fn role<'m, 'a>(model: &'m Model<'a>, function: &Resource<'a>) -> Option<&'m Resource<'a>> {
    model.target(function.property("Role")?).filter(|role| role.type_name == "AWS::IAM::Role")
}

/// Whether a service that is trusted is Lambda@Edge, or cannot be told.
fn may_trust_edge(trust: Place<'_>) -> bool {
    let services: Vec<_> = each(trust, "Statement")
        .into_iter()
        .flat_map(|statement| statement.values("Principal"))
        .flat_map(|principal| each(principal, "Service"))
        .map(written)
        .collect();
    let known = |name: &str| name != EDGE && !name.contains('$');
    services.is_empty() || services.iter().any(|name| name.as_deref().is_none_or(|name| !known(name)))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(service: &str, expect: &[&str]) {
        let template = format!(
            "\
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{Statement: [{{Effect: Allow, Principal: {{Service: {service}}}}}]}}
  F: {{Type: AWS::Lambda::Function, Properties: {{Role: !GetAtt R.Arn}}}}
  V: {{Type: AWS::Lambda::Version, Properties: {{FunctionName: !Ref F}}}}
  D:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior: {{LambdaFunctionAssociations: [{{LambdaFunctionARN: !Ref V}}]}}
"
        );
        check(RULE, &template, expect);
    }

    #[test]
    fn the_service_is_named_alone_or_among_others() {
        let found =
            "5:7 `edgelambda.amazonaws.com` may not take the role `R`, so CloudFront refuses its function";
        with("lambda.amazonaws.com", &[found]);
        with("[lambda.amazonaws.com]", &[found]);
        with("[lambda.amazonaws.com, edgelambda.amazonaws.com]", &[]);
        with("!Ref Services", &[]);
        with("[!ImportValue service]", &[]);
    }
}
