//! CORS that would lend everyone's cookies to everyone.

use crate::finding::Findings;
use crate::model::Model;
use crate::rule::rule;

rule! {
    /// CORS that allows credentials to every origin
    ///
    /// # Why
    /// A page may send cookies to an API only if the API names the page's origin: `*` does not do together with
    /// credentials. API Gateway refuses such a configuration, and browsers would too.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Api:
    ///     Type: AWS::ApiGatewayV2::Api
    ///     Properties:
    ///       Name: items
    ///       ProtocolType: HTTP
    ///       CorsConfiguration:
    ///         AllowCredentials: true
    ///         AllowOrigins: ["*"]
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Api:
    ///     Type: AWS::ApiGatewayV2::Api
    ///     Properties:
    ///       Name: items
    ///       ProtocolType: HTTP
    ///       CorsConfiguration:
    ///         AllowCredentials: true
    ///         AllowOrigins: ["https://example.com"]
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>
    "cors-credentials-for-everyone", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let types = ["AWS::ApiGatewayV2::Api", "AWS::Serverless::HttpApi"];
    for cors in
        types.into_iter().flat_map(|name| model.of_type(name)).flat_map(|api| api.values("CorsConfiguration"))
    {
        let Some(credentials) = cors.get("AllowCredentials").filter(|place| place.boolean() == Some(true))
        else {
            continue;
        };
        if cors.values("AllowOrigins.*").into_iter().any(|origin| origin.text() == Some("*")) {
            findings.report(
                credentials,
                "credentials cannot be allowed to every origin: API Gateway refuses it beside `AllowOrigins: *`",
                "name the origins, or leave out `AllowCredentials`",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn either_alone_is_fine() {
        let api = |cors| {
            format!(
                "Resources:\n  A:\n    Type: AWS::ApiGatewayV2::Api\n    Properties:\n      CorsConfiguration: {{{cors}}}\n"
            )
        };
        let found = "5:45 credentials cannot be allowed to every origin: API Gateway refuses it beside `AllowOrigins: *`";
        check(RULE, &api("AllowCredentials: true, AllowOrigins: ['*']"), &[found]);
        check(RULE, &api("AllowCredentials: false, AllowOrigins: ['*']"), &[]);
        check(RULE, &api("AllowCredentials: true, AllowOrigins: [!Ref Origin]"), &[]);
        check(RULE, &api("AllowOrigins: ['*']"), &[]);
    }
}
