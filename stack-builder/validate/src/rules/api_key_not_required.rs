//! API keys that no method asks for.

use crate::document::Place;
use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;

rule! {
    /// An API key or usage plan that no method requires
    ///
    /// # Why
    /// A key does something only for methods with `ApiKeyRequired: true`, and a usage plan limits only requests that
    /// bear a key. Where no method requires one, the API answers everyone without limit, although the template looks
    /// as if it did not.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Api:
    ///     Type: AWS::ApiGateway::RestApi
    ///     Properties: {Name: items}
    ///   List:
    ///     Type: AWS::ApiGateway::Method
    ///     Properties:
    ///       RestApiId: !Ref Api
    ///       ResourceId: !GetAtt Api.RootResourceId
    ///       HttpMethod: GET
    ///       AuthorizationType: NONE
    ///       Integration: {Type: MOCK}
    ///   Key:
    ///     Type: AWS::ApiGateway::ApiKey
    ///     Properties: {Enabled: true}
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Api:
    ///     Type: AWS::ApiGateway::RestApi
    ///     Properties: {Name: items}
    ///   List:
    ///     Type: AWS::ApiGateway::Method
    ///     Properties:
    ///       RestApiId: !Ref Api
    ///       ResourceId: !GetAtt Api.RootResourceId
    ///       HttpMethod: GET
    ///       AuthorizationType: NONE
    ///       ApiKeyRequired: true
    ///       Integration: {Type: MOCK}
    ///   Key:
    ///     Type: AWS::ApiGateway::ApiKey
    ///     Properties: {Enabled: true}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html>
    "api-key-not-required", Warning, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    let methods: Vec<_> = model.of_type("AWS::ApiGateway::Method").collect();
    // What a definition elsewhere or a macro says of its methods is not known here.
    let elsewhere = model.of_type("AWS::ApiGateway::RestApi").any(has_definition) || model.is_transformed();
    if methods.is_empty() || elsewhere || methods.into_iter().any(may_require) {
        return;
    }
    for key in model.of_type("AWS::ApiGateway::ApiKey") {
        report(findings, key, "the API key");
    }
    if model.of_type("AWS::ApiGateway::ApiKey").next().is_none() {
        model.of_type("AWS::ApiGateway::UsagePlan").for_each(|plan| report(findings, plan, "the usage plan"));
    }
}

fn report(findings: &mut Findings<'_>, resource: &Resource<'_>, what: &str) {
    findings.report_key(
        resource.place,
        format!("no method requires {what} `{}`, so the API answers everyone without limit", resource.id),
        "set `ApiKeyRequired: true` on the methods, or remove keys and plans",
    );
}

fn has_definition(api: &Resource<'_>) -> bool {
    ["Body", "BodyS3Location", "CloneFrom"].iter().any(|name| api.property(name).is_some())
}

fn may_require(method: &Resource<'_>) -> bool {
    method.values("ApiKeyRequired").into_iter().any(|place| Place::boolean(place) != Some(false))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    const PLAN: &str = "  Plan: {Type: AWS::ApiGateway::UsagePlan}\n";

    fn methods(required: &str) -> String {
        format!(
            "Resources:\n  A: {{Type: AWS::ApiGateway::Method}}\n  B: {{Type: AWS::ApiGateway::Method, Properties: {{ApiKeyRequired: {required}}}}}\n{PLAN}"
        )
    }

    #[test]
    fn one_method_that_may_require_a_key_is_enough() {
        let found = "4:3 no method requires the usage plan `Plan`, so the API answers everyone without limit";
        check(RULE, &methods("false"), &[found]);
        check(RULE, &methods("true"), &[]);
        check(RULE, &methods("!Ref Closed"), &[]);
        check(RULE, &methods("!If [Closed, true, false]"), &[]);
    }

    #[test]
    fn methods_that_are_declared_elsewhere_are_not_known() {
        check(RULE, &format!("Resources:\n{PLAN}"), &[]);
        let body = "  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Body: {}}}\n";
        check(RULE, &(methods("false") + body), &[]);
    }
}
