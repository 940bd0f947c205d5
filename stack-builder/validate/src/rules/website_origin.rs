//! Distributions before the website endpoint of a bucket.

use super::common::distribution::{distributions, domain_name, origins};
use crate::document::Place;
use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// A distribution that fetches from the website endpoint of a bucket
    ///
    /// # Why
    /// The website endpoint speaks plain HTTP and serves public objects only, so the bucket is open to everyone who
    /// goes around CloudFront. The bucket's own endpoint with an origin access control lets it stay closed; index
    /// documents and redirects are a matter for a function.
    ///
    /// Buckets that only redirect hold nothing, and are left alone.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Site:
    ///     Type: AWS::CloudFront::Distribution
    ///     Properties:
    ///       DistributionConfig:
    ///         Enabled: true
    ///         Origins:
    ///           - Id: pages
    ///             DomainName: pages.s3-website.eu-central-1.amazonaws.com
    ///             CustomOriginConfig: {OriginProtocolPolicy: http-only}
    ///         DefaultCacheBehavior: {TargetOriginId: pages, ViewerProtocolPolicy: redirect-to-https}
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
    ///         Origins:
    ///           - Id: pages
    ///             DomainName: pages.s3.eu-central-1.amazonaws.com
    ///             OriginAccessControlId: E2QWRUHAPOMQZL
    ///             S3OriginConfig: {OriginAccessIdentity: ""}
    ///         DefaultCacheBehavior: {TargetOriginId: pages, ViewerProtocolPolicy: redirect-to-https}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html>
    "website-origin", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for origin in distributions(model).flat_map(origins) {
        let Some(name) = origin.get("DomainName") else { continue };
        if domain_name(origin).contains(".s3-website") && !redirects(model, name) || is_website(model, name) {
            findings.report(
                name,
                "the website endpoint speaks plain HTTP and needs a public bucket, which can then be read past CloudFront",
                "use the bucket's `RegionalDomainName` with an origin access control",
            );
        }
    }
}

/// Whether the name is made of the website's address of a bucket that serves objects.
fn is_website(model: &Model<'_>, name: Place<'_>) -> bool {
    let within = name.descendants();
    let asks = model.mentions().iter().filter(|mention| mention.attribute() == Some("WebsiteURL"));
    let mut asks = asks.filter(|mention| within.contains(&mention.place));
    asks.any(|mention| model.resource(mention.target()).is_some()) && !redirects(model, name)
}

fn redirects(model: &Model<'_>, name: Place<'_>) -> bool {
    let redirecting = ["WebsiteConfiguration.RedirectAllRequestsTo", "WebsiteConfiguration.RoutingRules"];
    model.targets(name).iter().any(|bucket| redirecting.iter().any(|path| !bucket.values(path).is_empty()))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(bucket: &str, name: &str, found: bool) {
        let template = format!(
            "\
Resources:
  B: {{Type: AWS::S3::Bucket, Properties: {{WebsiteConfiguration: {{{bucket}}}}}}}
  D:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Origins:
          - DomainName: {name}
"
        );
        let message = "8:25 the website endpoint speaks plain HTTP and needs a public bucket, which can then be read past CloudFront";
        check(RULE, &template, &[message][..usize::from(found)]);
    }

    #[test]
    fn an_endpoint_is_told_by_its_name_or_by_the_attribute() {
        with("", "a.s3-website-us-east-1.amazonaws.com", true);
        with("", "!Sub '${B}.s3-website.${AWS::Region}.amazonaws.com'", true);
        with("", "!Select [2, !Split [/, !GetAtt B.WebsiteURL]]", true);
        with("", "!GetAtt B.RegionalDomainName", false);
    }

    #[test]
    fn a_bucket_that_redirects_holds_nothing() {
        let redirect = "RedirectAllRequestsTo: {HostName: a}";
        with(redirect, "!Select [2, !Split [/, !GetAtt B.WebsiteURL]]", false);
        with(redirect, "!Sub '${B}.s3-website.${AWS::Region}.amazonaws.com'", false);
    }
}
