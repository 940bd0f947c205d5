//! Error pages of a distribution that stands before an API.

use super::common::distribution::{distributions, domain_name, origins, paths_to};
use crate::document::Place;
use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;

rule! {
    /// An error page that replaces the errors of an API
    ///
    /// # Why
    /// `CustomErrorResponses` hold for the whole distribution and not for one origin. A page that is meant for what is
    /// absent in a bucket also takes the place of an API's own 403 and 404, so that its clients get HTML, often with
    /// status 200, where they wait for JSON.
    ///
    /// Let a function on the default behaviour answer for pages, or give the API a distribution or a name of its own.
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
    ///             DomainName: pages.s3.eu-central-1.amazonaws.com
    ///             S3OriginConfig: {}
    ///           - Id: api
    ///             DomainName: a1b2c3.execute-api.eu-central-1.amazonaws.com
    ///             CustomOriginConfig: {OriginProtocolPolicy: https-only}
    ///         DefaultCacheBehavior: {TargetOriginId: pages, ViewerProtocolPolicy: redirect-to-https}
    ///         CacheBehaviors:
    ///           - {PathPattern: /api/*, TargetOriginId: api, ViewerProtocolPolicy: https-only}
    ///         CustomErrorResponses:
    ///           - {ErrorCode: 404, ResponseCode: 200, ResponsePagePath: /index.html}
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
    ///             S3OriginConfig: {}
    ///         DefaultCacheBehavior: {TargetOriginId: pages, ViewerProtocolPolicy: redirect-to-https}
    ///         CustomErrorResponses:
    ///           - {ErrorCode: 404, ResponseCode: 404, ResponsePagePath: /error.html}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html>
    "api-errors-become-html", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for distribution in distributions(model) {
        let Some(pages) = error_pages(distribution) else { continue };
        if let Some(api) =
            origins(distribution).into_iter().find(|origin| is_api(model, distribution, *origin))
        {
            let name = api.get("Id").and_then(Place::literal).unwrap_or_default();
            findings.report(
                pages,
                format!("these pages also replace the errors of the API behind the origin `{name}`, whose clients then get HTML"),
                "answer for pages by a function on their behaviour, and remove the error pages",
            );
        }
    }
}

/// The list of error pages, if there is a page in it; not where a condition decides, which may also remove the API.
fn error_pages<'a>(distribution: &Resource<'a>) -> Option<Place<'a>> {
    let lists = distribution.values("DistributionConfig.CustomErrorResponses");
    let mut lists = lists.into_iter().filter(|list| !list.is_conditional());
    lists.find(|list| !list.values("*.ResponsePagePath").is_empty())
}

/// Whether an API answers behind `origin`: its name or its path says so.
fn is_api(model: &Model<'_>, distribution: &Resource<'_>, origin: Place<'_>) -> bool {
    const NAMES: [&str; 3] = [".execute-api.", ".lambda-url.", ".appsync-api."];
    const TYPES: [&str; 6] = [
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGatewayV2::Api",
        "AWS::AppSync::GraphQLApi",
        "AWS::Lambda::Url",
        "AWS::Serverless::Api",
        "AWS::Serverless::HttpApi",
    ];
    if origin.is_conditional() || origin.get("CustomOriginConfig").is_none() {
        return false;
    }
    let targets = origin.get("DomainName").map(|name| model.targets(name)).unwrap_or_default();
    let domain = domain_name(origin);
    NAMES.iter().any(|name| domain.contains(name))
        || targets.iter().any(|resource| TYPES.contains(&resource.type_name))
        || paths_to(distribution, origin).iter().any(|path| path.trim_start_matches('/').starts_with("api/"))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    const START: &str = "\
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        CustomErrorResponses:
          - {ErrorCode: 404, ResponsePagePath: /e.html, ResponseCode: 404}
        DefaultCacheBehavior: {TargetOriginId: a}
";

    #[track_caller]
    fn with(rest: &str, expect: &[&str]) {
        check(RULE, &format!("{START}{rest}"), expect);
    }

    const FOUND: &str = "7:9 these pages also replace the errors of the API behind the origin `a`, whose clients then get HTML";

    #[test]
    fn an_api_is_known_by_its_name_its_resource_or_its_path() {
        with(
            "        Origins: [{Id: a, DomainName: !Sub '${Api}.execute-api.${AWS::Region}.amazonaws.com', CustomOriginConfig: {}}]\n",
            &[FOUND],
        );
        with(
            "        Origins: [{Id: a, DomainName: !Select [2, !Split [/, !GetAtt Api.ApiEndpoint]], CustomOriginConfig: {}}]\n",
            &[FOUND],
        );
        with(
            "        Origins: [{Id: a, DomainName: !Ref X, CustomOriginConfig: {}}]\n        CacheBehaviors: [{PathPattern: /api/*, TargetOriginId: a}]\n",
            &[FOUND],
        );
    }

    #[test]
    fn a_web_server_may_have_error_pages() {
        with("        Origins: [{Id: a, DomainName: !GetAtt Load.DNSName, CustomOriginConfig: {}}]\n", &[]);
    }
}
