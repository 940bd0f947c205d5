//! Preflight requests that an authorizer refuses.

use super::common::text::written;
use crate::document::Place;
use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;

rule! {
    /// A CORS preflight that an authorizer swallows
    ///
    /// # Why
    /// Before a page may call an API of another origin, the browser asks by an OPTIONS request, and never sends
    /// credentials with it. An authorizer on that request refuses it, and the browser then refuses the call itself,
    /// however right its token is.
    ///
    /// In a REST API OPTIONS needs a method of its own without authorization. In an HTTP API with `CorsConfiguration`
    /// API Gateway answers OPTIONS by itself, unless a route such as `ANY /{proxy+}` or `$default` takes it first.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Api:
    ///     Type: AWS::ApiGatewayV2::Api
    ///     Properties:
    ///       Name: items
    ///       ProtocolType: HTTP
    ///       CorsConfiguration: {AllowOrigins: ["https://example.com"]}
    ///   All:
    ///     Type: AWS::ApiGatewayV2::Route
    ///     Properties:
    ///       ApiId: !Ref Api
    ///       RouteKey: ANY /{proxy+}
    ///       AuthorizationType: AWS_IAM
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
    ///       CorsConfiguration: {AllowOrigins: ["https://example.com"]}
    ///   List:
    ///     Type: AWS::ApiGatewayV2::Route
    ///     Properties:
    ///       ApiId: !Ref Api
    ///       RouteKey: GET /{proxy+}
    ///       AuthorizationType: AWS_IAM
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>
    "options-behind-authorizer", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for route in model.of_type("AWS::ApiGatewayV2::Route").filter(|route| is_guarded(route)) {
        let Some(key) = route.property("RouteKey") else { continue };
        if written(key).is_some_and(|text| route_swallows(model, route, &text)) {
            report(findings, key);
        }
    }
    for method in model.of_type("AWS::ApiGateway::Method").filter(|method| is_guarded(method)) {
        let Some(verb) = method.property("HttpMethod") else { continue };
        if verb.text().is_some_and(|text| method_swallows(model, method, text)) {
            report(findings, verb);
        }
    }
}

fn report(findings: &mut Findings<'_>, place: Place<'_>) {
    findings.report(
        place,
        "browsers send OPTIONS without credentials, and the authorizer here refuses it, so no page can call this",
        "answer OPTIONS without authorization, and name the other methods one by one",
    );
}

/// Whether whoever asks must be known, in every case.
fn is_guarded(resource: &Resource<'_>) -> bool {
    let kinds = ["AWS_IAM", "COGNITO_USER_POOLS", "CUSTOM", "JWT"];
    let kind = resource.property("AuthorizationType").and_then(Place::text);
    kind.is_some_and(|kind| kinds.contains(&kind))
}

fn same(one: &Resource<'_>, other: &Resource<'_>, property: &str) -> bool {
    let text = |resource: &Resource<'_>| resource.property(property).and_then(written);
    text(one).is_some() && text(one) == text(other)
}

fn route_swallows(model: &Model<'_>, route: &Resource<'_>, key: &str) -> bool {
    if key.starts_with("OPTIONS ") {
        return true;
    }
    let path = key.strip_prefix("ANY ").or((key == "$default").then_some("/{proxy+}"));
    let Some(path) = path else { return false };
    let api = route.property("ApiId").and_then(|place| model.target(place));
    if api.is_none_or(|api| api.property("CorsConfiguration").is_none()) {
        return false;
    }
    let answers = |other: &Resource<'_>| {
        let key = other.property("RouteKey").and_then(written).unwrap_or_default();
        let answered = key.strip_prefix("OPTIONS ");
        !is_guarded(other) && answered.is_some_and(|answered| answered == path || answered == "/{proxy+}")
    };
    !model.of_type("AWS::ApiGatewayV2::Route").any(|other| same(route, other, "ApiId") && answers(other))
}

fn method_swallows(model: &Model<'_>, method: &Resource<'_>, verb: &str) -> bool {
    if verb != "ANY" {
        return verb == "OPTIONS";
    }
    let options = model
        .of_type("AWS::ApiGateway::Method")
        .filter(|other| same(method, other, "RestApiId") && other.may_be("HttpMethod", "OPTIONS"));
    let options: Vec<_> = options.collect();
    // Pages call the API if it answers OPTIONS elsewhere, or puts the headers of CORS on its errors.
    let has_cors =
        !options.is_empty() || model.of_type("AWS::ApiGateway::GatewayResponse").any(allows_origins);
    has_cors && !options.into_iter().any(|other| same(method, other, "ResourceId"))
}

fn allows_origins(response: &Resource<'_>) -> bool {
    let headers = response.property("ResponseParameters").map(Place::entries).into_iter().flatten();
    headers.into_iter().any(|(name, _)| name.to_ascii_lowercase().ends_with("access-control-allow-origin"))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    const MESSAGE: &str = "browsers send OPTIONS without credentials, and the authorizer here refuses it, so no page can call this";

    #[track_caller]
    fn routes(routes: &[(&str, &str)], expect: &[u32]) {
        let start = "Resources:\n  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {CorsConfiguration: {AllowOrigins: [a]}}}\n";
        let route = |(index, (key, kind)): (usize, &(&str, &str))| {
            format!(
                "  R{index}:\n    Type: AWS::ApiGatewayV2::Route\n    Properties: {{RouteKey: '{key}', ApiId: !Ref Api, AuthorizationType: {kind}}}\n"
            )
        };
        let template = start.to_owned() + &routes.iter().enumerate().map(route).collect::<String>();
        let expect: Vec<_> = expect.iter().map(|line| format!("{line}:28 {MESSAGE}")).collect();
        check(RULE, &template, &expect.iter().map(String::as_str).collect::<Vec<_>>());
    }

    #[test]
    fn a_route_that_takes_everything_takes_options_too() {
        routes(&[("ANY /{proxy+}", "JWT")], &[5]);
        routes(&[("$default", "CUSTOM")], &[5]);
        routes(&[("OPTIONS /a", "JWT")], &[5]);
        routes(&[("ANY /{proxy+}", "NONE")], &[]);
        routes(&[("GET /a", "JWT")], &[]);
        routes(&[("ANY /a", "JWT"), ("OPTIONS /a", "NONE")], &[]);
        routes(&[("$default", "JWT"), ("OPTIONS /{proxy+}", "NONE")], &[]);
        routes(&[("ANY /a", "JWT"), ("OPTIONS /b", "NONE")], &[5]);
    }

    #[test]
    fn without_cors_nobody_asks() {
        let template = "\
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api}
  R: {Type: AWS::ApiGatewayV2::Route, Properties: {RouteKey: $default, ApiId: !Ref Api, AuthorizationType: JWT}}
  M: {Type: AWS::ApiGateway::Method, Properties: {HttpMethod: ANY, AuthorizationType: AWS_IAM}}
";
        check(RULE, template, &[]);
    }

    #[test]
    fn a_method_of_its_own_answers() {
        let template = "\
Resources:
  Any:
    Type: AWS::ApiGateway::Method
    Properties: {HttpMethod: ANY, RestApiId: !Ref A, ResourceId: !Ref R, AuthorizationType: COGNITO_USER_POOLS}
  Options:
    Type: AWS::ApiGateway::Method
    Properties: {HttpMethod: OPTIONS, RestApiId: !Ref A, ResourceId: !Ref R, AuthorizationType: NONE}
  Other:
    Type: AWS::ApiGateway::Method
    Properties: {HttpMethod: ANY, RestApiId: !Ref A, ResourceId: !Ref S, AuthorizationType: COGNITO_USER_POOLS}
";
        check(RULE, template, &[&format!("10:30 {MESSAGE}")]);
    }
}
