//! Endpoints that still speak old TLS.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A TLS floor below version 1.2
    ///
    /// # Why
    /// SSL 3.0, TLS 1.0 and TLS 1.1 are broken or withdrawn (RFC 7568, RFC 8996), and no browser speaks them any more.
    /// An endpoint that still does serves only those who want to talk it down.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Domain:
    ///     Type: AWS::ApiGateway::DomainName
    ///     Properties:
    ///       DomainName: api.example.com
    ///       RegionalCertificateArn: arn:aws:acm:eu-central-1:111122223333:certificate/8fe2d5b1-0000-4000-8000-000000000000
    ///       SecurityPolicy: TLS_1_0
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Domain:
    ///     Type: AWS::ApiGateway::DomainName
    ///     Properties:
    ///       DomainName: api.example.com
    ///       RegionalCertificateArn: arn:aws:acm:eu-central-1:111122223333:certificate/8fe2d5b1-0000-4000-8000-000000000000
    ///       SecurityPolicy: TLS_1_2
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html>
    "low-tls-floor", Warning, check
}

/// Where a floor is set, which values are too low, and which is not.
const FLOORS: &[(&str, &str, &[&str], &str)] = &[
    (
        "AWS::CloudFront::Distribution",
        "DistributionConfig.ViewerCertificate.MinimumProtocolVersion",
        &["SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016"],
        "TLSv1.2_2021",
    ),
    ("AWS::ApiGateway::DomainName", "SecurityPolicy", &["TLS_1_0"], "TLS_1_2"),
    ("AWS::ApiGatewayV2::DomainName", "DomainNameConfigurations.*.SecurityPolicy", &["TLS_1_0"], "TLS_1_2"),
    (
        "AWS::OpenSearchService::Domain",
        "DomainEndpointOptions.TLSSecurityPolicy",
        &["Policy-Min-TLS-1-0-2019-07"],
        "Policy-Min-TLS-1-2-PFS-2023-10",
    ),
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for (type_name, path, low, better) in FLOORS {
        let values = model.of_type(type_name).flat_map(|resource| resource.texts(path));
        for (_, place) in values.filter(|(text, _)| low.contains(text)) {
            // Beside the default certificate the floor is of no account, which another rule says.
            let ignored = place.parent().and_then(|around| around.get("CloudFrontDefaultCertificate"));
            if ignored.and_then(Place::boolean) != Some(true) {
                findings.report(
                    place,
                    "TLS below version 1.2 is broken or withdrawn, and this endpoint still speaks it",
                    format!("set `{better}` or higher"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn each_floor_has_its_own_names() {
        let template = "\
Resources:
  D:
    Type: AWS::CloudFront::Distribution
    Properties: {DistributionConfig: {ViewerCertificate: {AcmCertificateArn: !Ref C, MinimumProtocolVersion: TLSv1.1_2016}}}
  E:
    Type: AWS::CloudFront::Distribution
    Properties: {DistributionConfig: {ViewerCertificate: {AcmCertificateArn: !Ref C, MinimumProtocolVersion: TLSv1.2_2018}}}
  F:
    Type: AWS::CloudFront::Distribution
    Properties: {DistributionConfig: {ViewerCertificate: {CloudFrontDefaultCertificate: true, MinimumProtocolVersion: TLSv1}}}
  G:
    Type: AWS::ApiGatewayV2::DomainName
    Properties: {DomainNameConfigurations: [{SecurityPolicy: TLS_1_0}, {SecurityPolicy: TLS_1_2}]}
";
        let message = "TLS below version 1.2 is broken or withdrawn, and this endpoint still speaks it";
        check(RULE, template, &[&format!("4:110 {message}"), &format!("13:62 {message}")]);
    }
}
