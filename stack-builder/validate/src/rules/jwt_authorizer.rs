//! JWT authorizers that can never accept a token.

use super::common::text::{only_reference, written};
use crate::document::Place;
use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;

rule! {
    /// A JWT authorizer whose issuer or audience cannot be right
    ///
    /// # Why
    /// API Gateway compares the token's `iss` with the issuer letter by letter and fetches the keys from there, and its
    /// `aud` or `client_id` with the audience. Of a user pool the issuer is
    /// `https://cognito-idp.{region}.amazonaws.com/{pool id}`, not the domain of its sign-in page; the audience is the
    /// id of a client, not of the pool. With anything else every request is refused, or the deployment.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Users:
    ///     Type: AWS::ApiGatewayV2::Authorizer
    ///     Properties:
    ///       ApiId: a1b2c3d4
    ///       Name: users
    ///       AuthorizerType: JWT
    ///       IdentitySource: ["$request.header.Authorization"]
    ///       JwtConfiguration:
    ///         Issuer: https://sign-in.auth.eu-central-1.amazoncognito.com
    ///         Audience: [1example23456789]
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Users:
    ///     Type: AWS::ApiGatewayV2::Authorizer
    ///     Properties:
    ///       ApiId: a1b2c3d4
    ///       Name: users
    ///       AuthorizerType: JWT
    ///       IdentitySource: ["$request.header.Authorization"]
    ///       JwtConfiguration:
    ///         Issuer: https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_example
    ///         Audience: [1example23456789]
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html>
    "jwt-authorizer", Error, check
}

const POOL: &str = "AWS::Cognito::UserPool";
const CLIENT: &str = "AWS::Cognito::UserPoolClient";

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let authorizers = model.of_type("AWS::ApiGatewayV2::Authorizer");
    for authorizer in authorizers.filter(|authorizer| authorizer.may_be("AuthorizerType", "JWT")) {
        check_issuer(model, authorizer, findings);
        for place in authorizer.values("JwtConfiguration.Audience.*") {
            if let Some(problem) = written(place).and_then(|text| audience_problem(model, &text)) {
                let hint = "name the ids of the clients: `!Ref` of each user pool client";
                findings.report(place, problem, hint);
            }
        }
    }
}

fn check_issuer(model: &Model<'_>, authorizer: &Resource<'_>, findings: &mut Findings<'_>) {
    let issuers = authorizer.values("JwtConfiguration.Issuer");
    if authorizer.property("JwtConfiguration").and_then(Place::function).is_none() && issuers.is_empty() {
        findings.report_key(
            authorizer.nearest("JwtConfiguration.Issuer"),
            format!("the JWT authorizer `{}` has no issuer", authorizer.id),
            "set `JwtConfiguration.Issuer` and `Audience`",
        );
    }
    for place in issuers {
        if let Some(problem) = written(place).and_then(|text| issuer_problem(model, &text)) {
            let hint =
                "for a user pool write `!Sub \"https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}\"`";
            findings.report(place, problem, hint);
        }
    }
}

fn issuer_problem(model: &Model<'_>, issuer: &str) -> Option<String> {
    if let Some(name) = only_reference(issuer) {
        let (id, attribute) = name.split_once('.').map_or((name, ""), |(id, attribute)| (id, attribute));
        let is_pool = model.resource(id)?.type_name == POOL;
        return (is_pool && attribute != "ProviderURL")
            .then(|| "this is the pool's id, ARN or name, and an issuer is an `https:` address".to_owned());
    }
    let Some(address) = issuer.strip_prefix("https://") else {
        return (!issuer.starts_with("${"))
            .then(|| "an issuer is an `https:` address, so no token can match".to_owned());
    };
    let (host, path) = address.split_once('/').unwrap_or((address, ""));
    if host.contains(".auth.") && host.ends_with(".amazoncognito.com") {
        return Some(
            "this is the sign-in page of a user pool, and its tokens are issued by another address"
                .to_owned(),
        );
    }
    if !host.starts_with("cognito-idp.") || host.ends_with('}') && !host.ends_with("URLSuffix}") {
        return None;
    }
    let not_a_pool =
        only_reference(path).and_then(|id| model.resource(id)).is_some_and(|target| target.type_name != POOL);
    let wrong = path.is_empty() || path.contains('/') || path.ends_with(".Arn}") || not_a_pool;
    wrong.then(|| "behind the host of an issuer comes the id of the user pool and nothing else".to_owned())
}

fn audience_problem(model: &Model<'_>, audience: &str) -> Option<String> {
    let referred = only_reference(audience).map(|name| name.split_once('.').unwrap_or((name, "")));
    match referred {
        Some((id, attribute)) => {
            let kind = model.resource(id)?.type_name;
            let wrong = kind == POOL || (kind == CLIENT && !matches!(attribute, "" | "ClientId"));
            wrong.then(|| "the audience of a user pool's token is the id of a client".to_owned())
        }
        None => (audience.starts_with("arn:") || audience.starts_with("https://cognito-idp."))
            .then(|| "the audience of a user pool's token is the id of a client".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[track_caller]
    fn with(configuration: &str, expect: &[&str]) {
        let template = format!(
            "\
Resources:
  Pool: {{Type: AWS::Cognito::UserPool}}
  Client: {{Type: AWS::Cognito::UserPoolClient}}
  A:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      AuthorizerType: JWT
      JwtConfiguration: {{{configuration}}}
"
        );
        check(RULE, &template, expect);
    }

    #[test]
    fn issuers() {
        let id = "8:34 this is the pool's id, ARN or name, and an issuer is an `https:` address";
        with("Issuer: !Ref Pool", &[id]);
        with("Issuer: !GetAtt Pool.ProviderName", &[id]);
        with("Issuer: !GetAtt Pool.ProviderURL", &[]);
        with("Issuer: !Ref Parameter", &[]);
        with("Issuer: http://a.example", &["8:34 an issuer is an `https:` address, so no token can match"]);
        let path = "8:34 behind the host of an issuer comes the id of the user pool and nothing else";
        with("Issuer: !Sub 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Client}'", &[path]);
        with("Issuer: !Sub 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}/'", &[path]);
        with("Issuer: !Sub 'https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}'", &[path]);
        with("Issuer: !Sub 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Pool}'", &[]);
        with("Issuer: !Sub 'https://cognito-idp.${AWS::Region}.amazonaws.com/${Parameter}'", &[]);
        with("Issuer: 'https://login.example.com/'", &[]);
        with("Audience: [a]", &["8:7 the JWT authorizer `A` has no issuer"]);
    }

    #[test]
    fn audiences() {
        let found = "8:87 the audience of a user pool's token is the id of a client";
        with("Issuer: 'https://login.example.com', Audience: [!Ref Client, !Ref Pool]", &[found]);
        with(
            "Issuer: 'https://login.example.com', Audience: [!Ref Client, abc, !GetAtt Client.ClientId]",
            &[],
        );
    }
}
