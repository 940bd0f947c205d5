//! What a function must not have to run at the edge.

use super::common::distribution::{distributions, edge_function, edge_functions};
use crate::document::Place;
use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;

rule! {
    /// An edge function with what Lambda@Edge does not have
    ///
    /// # Why
    /// A function that a distribution runs has no environment variables, layers, VPC, dead-letter queue or container
    /// image, runs on x86_64 only, and in the managed runtimes of Node.js and Python. CloudFront refuses to associate
    /// any other, which shows only after minutes of deploying. What the function must know goes into its package.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Gate:
    ///     Type: AWS::Lambda::Function
    ///     Properties:
    ///       Runtime: python3.13
    ///       Handler: index.handler
    ///       Role: arn:aws:iam::111122223333:role/gate
    ///       Code: {S3Bucket: code, S3Key: gate.zip}
    ///       Environment:
    ///         Variables: {TABLE: sessions}
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
    ///   Gate:
    ///     Type: AWS::Lambda::Function
    ///     Properties:
    ///       Runtime: python3.13
    ///       Handler: index.handler
    ///       Role: arn:aws:iam::111122223333:role/gate
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
    /// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html>
    "edge-function-limits", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let mut seen = Vec::new();
    for association in distributions(model).flat_map(edge_functions) {
        let Some(function) =
            edge_function(model, association).filter(|function| !seen.contains(&function.id))
        else {
            continue;
        };
        seen.push(function.id);
        for (place, what) in unsupported(function) {
            findings.report(
                place,
                format!("`{}` runs at the edge, where there is no {what}", function.id),
                "remove it; what the function must know goes into its package",
            );
        }
    }
}

fn unsupported<'a>(function: &Resource<'a>) -> Vec<(Place<'a>, String)> {
    let whole = [
        ("DeadLetterConfig", "dead-letter queue"),
        ("Environment.Variables", "environment"),
        ("Layers", "layer"),
        ("VpcConfig", "VPC"),
    ];
    let some = |place: &Place<'a>| {
        !(place.is_list() || place.is_map()) || place.entries().count() + place.items().count() > 0
    };
    let whole = whole.into_iter().flat_map(|(path, what)| {
        function.values(path).into_iter().filter(some).map(move |place| (place, what.to_owned()))
    });
    let literals = [("Architectures.*", "arm64", "arm64"), ("PackageType", "Image", "container image")];
    let literals = literals.into_iter().flat_map(|(path, value, what)| {
        let texts = function.texts(path).into_iter().filter(move |(text, _)| *text == value);
        texts.map(move |(_, place)| (place, what.to_owned()))
    });
    let runtimes = function.texts("Runtime").into_iter();
    let runtimes = runtimes
        .filter(|(name, _)| !name.starts_with("nodejs") && !name.starts_with("python"))
        .map(|(name, place)| (place, format!("runtime `{name}`")));
    whole.chain(literals).chain(runtimes).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    fn at_edge(properties: &str) -> String {
        format!(
            "\
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {{{properties}}}
  V: {{Type: AWS::Lambda::Version, Properties: {{FunctionName: !GetAtt F.Arn}}}}
  D:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior: {{LambdaFunctionAssociations: [{{LambdaFunctionARN: !Ref V}}]}}
        CacheBehaviors: [{{LambdaFunctionAssociations: [{{LambdaFunctionARN: !Ref V}}]}}]
"
        )
    }

    #[test]
    fn each_thing_is_found_once() {
        let properties =
            "Architectures: [arm64], Runtime: provided.al2023, Layers: [a], Environment: {Variables: {A: b}}";
        let expect = [
            "4:95 `F` runs at the edge, where there is no environment",
            "4:68 `F` runs at the edge, where there is no layer",
            "4:34 `F` runs at the edge, where there is no arm64",
            "4:51 `F` runs at the edge, where there is no runtime `provided.al2023`",
        ];
        check(RULE, &at_edge(properties), &expect);
    }

    #[test]
    fn what_is_empty_is_absent() {
        check(RULE, &at_edge("Environment: {Variables: {}}, Layers: [], Runtime: nodejs24.x"), &[]);
        let elsewhere = at_edge("Layers: [a]").replace("LambdaFunctionAssociations", "FunctionAssociations");
        check(RULE, &elsewhere, &[]);
    }
}
