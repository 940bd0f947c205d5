//! Certificates that stand in a region where CloudFront does not look.

use super::common::text::written;
use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A certificate for CloudFront that is not in us-east-1
    ///
    /// # Why
    /// CloudFront takes certificates from us-east-1 only, and so does everything that puts a distribution of its own in
    /// front: the domain of a Cognito user pool, an edge-optimized domain of API Gateway, a domain of `AppSync`. A
    /// certificate of another region is refused when the stack is deployed.
    ///
    /// Where the certificate is a parameter or an import, its region cannot be known here; where it is made by the
    /// same template, the template is judged only if it names the availability zones it goes to.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Domain:
    ///     Type: AWS::Cognito::UserPoolDomain
    ///     Properties:
    ///       Domain: login.example.com
    ///       UserPoolId: eu-central-1_example
    ///       CustomDomainConfig:
    ///         CertificateArn: arn:aws:acm:eu-central-1:111122223333:certificate/8fe2d5b1-0000-4000-8000-000000000000
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Domain:
    ///     Type: AWS::Cognito::UserPoolDomain
    ///     Properties:
    ///       Domain: login.example.com
    ///       UserPoolId: eu-central-1_example
    ///       CustomDomainConfig:
    ///         CertificateArn: arn:aws:acm:us-east-1:111122223333:certificate/8fe2d5b1-0000-4000-8000-000000000000
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html>
    "certificate-region", Error, check
}

const HOME: &str = "us-east-1";

/// Where certificates for distributions stand.
const CERTIFICATES: [(&str, &str); 4] = [
    ("AWS::ApiGateway::DomainName", "CertificateArn"),
    ("AWS::AppSync::DomainName", "CertificateArn"),
    ("AWS::CloudFront::Distribution", "DistributionConfig.ViewerCertificate.AcmCertificateArn"),
    ("AWS::Cognito::UserPoolDomain", "CustomDomainConfig.CertificateArn"),
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let stack = zone_region(model);
    for (type_name, path) in CERTIFICATES {
        let places = model.of_type(type_name).flat_map(|resource| resource.values(path));
        for place in places {
            let own = || stack.clone().filter(|_| is_made_here(model, place));
            if let Some(region) = arn_region(place).or_else(own).filter(|region| region != HOME) {
                findings.report(
                    place,
                    format!("CloudFront takes certificates from {HOME} only, and this one is in {region}"),
                    format!("request the certificate in {HOME}, in a stack of its own if need be"),
                );
            }
        }
    }
}

/// The region that a literal ARN names.
fn arn_region(place: Place<'_>) -> Option<String> {
    let text = written(place)?;
    let parts: Vec<_> = text.split(':').collect();
    match parts.as_slice() {
        ["arn", "aws", "acm", region, ..] if !region.is_empty() && !region.contains('$') => {
            Some((*region).to_owned())
        }
        _ => None,
    }
}

fn is_made_here(model: &Model<'_>, place: Place<'_>) -> bool {
    model.target(place).is_some_and(|target| target.type_name == "AWS::CertificateManager::Certificate")
}

/// The region of the stack, where it can be told from an availability zone that a resource is put into.
fn zone_region(model: &Model<'_>) -> Option<String> {
    let paths = ["AvailabilityZone", "AvailabilityZones.*"];
    let zones = model.resources().iter().flat_map(|resource| paths.map(|path| resource.texts(path)));
    zones.flatten().find_map(|(zone, _)| {
        let region = zone.strip_suffix(|c: char| c.is_ascii_lowercase())?;
        (region.ends_with(|c: char| c.is_ascii_digit()) && region.split('-').count() == 3)
            .then(|| region.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    fn site(certificate: &str) -> String {
        format!(
            "\
Resources:
  Own: {{Type: AWS::CertificateManager::Certificate}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        ViewerCertificate:
          AcmCertificateArn: {certificate}
"
        )
    }

    #[test]
    fn an_arn_names_its_region() {
        let found = "8:30 CloudFront takes certificates from us-east-1 only, and this one is in eu-west-1";
        check(RULE, &site("arn:aws:acm:eu-west-1:1:certificate/a"), &[found]);
        check(RULE, &site("!Sub 'arn:aws:acm:eu-west-1:${AWS::AccountId}:certificate/a'"), &[found]);
        check(RULE, &site("arn:aws:acm:us-east-1:1:certificate/a"), &[]);
        check(RULE, &site("!Sub 'arn:aws:acm:${AWS::Region}:1:certificate/a'"), &[]);
        check(RULE, &site("!Ref Certificate"), &[]);
    }

    #[test]
    fn a_certificate_of_the_stack_is_where_its_zones_are() {
        let zone = |zone| {
            format!(
                "{}  Net: {{Type: AWS::EC2::Subnet, Properties: {{AvailabilityZone: {zone}}}}}\n",
                site("!Ref Own")
            )
        };
        let found = "8:30 CloudFront takes certificates from us-east-1 only, and this one is in ap-south-1";
        check(RULE, &zone("ap-south-1b"), &[found]);
        check(RULE, &zone("us-east-1a"), &[]);
        check(RULE, &zone("!Ref Zone"), &[]);
        check(RULE, &site("!Ref Own"), &[]);
    }
}
