//! A TLS floor beside the certificate that takes no account of it.

use super::common::distribution::distributions;
use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A TLS floor that the default certificate ignores
    ///
    /// # Why
    /// With the certificate of `cloudfront.net` CloudFront takes `TLSv1` for the floor, whatever
    /// `MinimumProtocolVersion` says. The template then promises what does not hold; only a certificate of one's own
    /// raises the floor.
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
    ///         DefaultCacheBehavior: {TargetOriginId: web, ViewerProtocolPolicy: redirect-to-https}
    ///         ViewerCertificate:
    ///           CloudFrontDefaultCertificate: true
    ///           MinimumProtocolVersion: TLSv1.2_2021
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
    ///         DefaultCacheBehavior: {TargetOriginId: web, ViewerProtocolPolicy: redirect-to-https}
    ///         Aliases: [example.com]
    ///         ViewerCertificate:
    ///           AcmCertificateArn: arn:aws:acm:us-east-1:111122223333:certificate/8fe2d5b1-0000-4000-8000-000000000000
    ///           SslSupportMethod: sni-only
    ///           MinimumProtocolVersion: TLSv1.2_2021
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudfront-distribution-viewercertificate.html>
    "tls-floor-ignored", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for distribution in distributions(model) {
        for certificate in distribution.values("DistributionConfig.ViewerCertificate") {
            let default = certificate.get("CloudFrontDefaultCertificate").and_then(Place::boolean);
            let floor = certificate.get("MinimumProtocolVersion");
            // `TLSv1` is what holds anyway.
            let floor = floor.filter(|place| place.text().is_some_and(|text| text != "TLSv1"));
            if let Some(floor) = floor.filter(|_| default == Some(true)) {
                findings.report(
                    floor,
                    "the default certificate takes no account of this floor: `TLSv1` holds",
                    "remove the floor, or give the distribution a certificate and a name of its own",
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
    fn each_branch_is_judged_by_itself() {
        let template = "\
Resources:
  D:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        ViewerCertificate: !If
          - Own
          - {AcmCertificateArn: !Ref C, MinimumProtocolVersion: TLSv1.2_2021}
          - {CloudFrontDefaultCertificate: true, MinimumProtocolVersion: TLSv1.2_2021}
";
        let found = "9:74 the default certificate takes no account of this floor: `TLSv1` holds";
        check(RULE, template, &[found]);
        check(
            RULE,
            &template
                .replace("true, MinimumProtocolVersion: TLSv1.2_2021", "true, MinimumProtocolVersion: TLSv1"),
            &[],
        );
    }
}
