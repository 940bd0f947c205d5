//! Deployments that may be made before there is something to deploy.

use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;

rule! {
    /// A deployment that does not wait for any method
    ///
    /// # Why
    /// A deployment is a snapshot of the API as it is at that moment. CloudFormation makes it beside the methods unless
    /// something says otherwise, and API Gateway refuses to deploy an API without methods, or deploys half of them.
    /// Nothing in a deployment refers to methods, so `DependsOn` has to name them.
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
    ///   Deployment:
    ///     Type: AWS::ApiGateway::Deployment
    ///     Properties: {RestApiId: !Ref Api}
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
    ///       Integration: {Type: MOCK}
    ///   Deployment:
    ///     Type: AWS::ApiGateway::Deployment
    ///     DependsOn: List
    ///     Properties: {RestApiId: !Ref Api}
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html>
    "deployment-before-methods", Error, check
}

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    if model.is_transformed() {
        return;
    }
    for deployment in model.of_type("AWS::ApiGateway::Deployment") {
        let Some(api) = api_of(model, deployment) else { continue };
        let defined = ["Body", "BodyS3Location", "CloneFrom"].iter().any(|name| api.property(name).is_some());
        let methods: Vec<_> = model.of_type("AWS::ApiGateway::Method").collect();
        let has_methods =
            methods.iter().any(|method| api_of(model, method).is_some_and(|other| other.id == api.id));
        if defined || !has_methods || waits_for(model, deployment).into_iter().any(is_method) {
            continue;
        }
        findings.report_key(
            deployment.place,
            format!(
                "the deployment `{}` does not wait for the methods of `{}`, so it may find none",
                deployment.id, api.id
            ),
            "name the methods in `DependsOn`",
        );
    }
}

fn is_method(resource: &Resource<'_>) -> bool {
    resource.type_name == "AWS::ApiGateway::Method"
}

fn api_of<'m, 'a>(model: &'m Model<'a>, resource: &Resource<'a>) -> Option<&'m Resource<'a>> {
    model
        .target(resource.property("RestApiId")?)
        .filter(|target| target.type_name == "AWS::ApiGateway::RestApi")
}

/// Everything that is there before `resource` is made.
fn waits_for<'m, 'a>(model: &'m Model<'a>, resource: &Resource<'a>) -> Vec<&'m Resource<'a>> {
    let mut found = direct(model, resource);
    let mut next = 0;
    while let Some(resource) = found.get(next).copied() {
        let further = direct(model, resource);
        found.extend(
            further
                .into_iter()
                .filter(|other| !found.iter().any(|known| known.id == other.id))
                .collect::<Vec<_>>(),
        );
        next += 1;
    }
    found
}

fn direct<'m, 'a>(model: &'m Model<'a>, resource: &Resource<'a>) -> Vec<&'m Resource<'a>> {
    let depends_on = resource.attribute("DependsOn").into_iter();
    let names =
        depends_on.flat_map(|place| if place.is_list() { place.items().collect() } else { vec![place] });
    let mut found: Vec<_> = names.filter_map(|place| model.resource(place.text()?)).collect();
    found.extend(model.targets(resource.place));
    found
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    fn deployment(beside: &str) -> String {
        format!(
            "\
Resources:
  Api: {{Type: AWS::ApiGateway::RestApi}}
  Get: {{Type: AWS::ApiGateway::Method, Properties: {{RestApiId: !Ref Api}}}}
  Wait: {{Type: AWS::SNS::Topic, DependsOn: [Get]}}
  D: {{Type: AWS::ApiGateway::Deployment, Properties: {{RestApiId: !Ref Api}}{beside}}}
"
        )
    }

    #[test]
    fn waiting_may_be_indirect() {
        let found = "5:3 the deployment `D` does not wait for the methods of `Api`, so it may find none";
        check(RULE, &deployment(""), &[found]);
        check(RULE, &deployment(", DependsOn: [Api]"), &[found]);
        check(RULE, &deployment(", DependsOn: [Get]"), &[]);
        check(RULE, &deployment(", DependsOn: Wait"), &[]);
    }

    #[test]
    fn an_api_with_a_definition_has_its_methods() {
        check(RULE, &deployment("").replace("RestApi}", "RestApi, Properties: {Body: {}}}"), &[]);
    }
}
