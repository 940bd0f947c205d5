//! Reading a REST API from its resources.

use super::gateway_response::GatewayResponses;
use super::guards::{guard, guards};
use super::mock::{Mock, MockResponse, Passthrough};
use super::schema::Models;
use super::validate::Validation;
use super::{Integration, Method, RestApi};
use crate::call::Function;
use crate::exchange::Facts;
use crate::gateway::Shared;
use crate::notes::{Notes, flag, texts, whole};
use crate::pattern::Pattern;
use crate::velocity::Template;
use regex_lite::Regex;
use serde_json::Value;
use stack_builder_local_core::{Resource, Resources};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// The longest time that an integration may take unless the quota is raised, milliseconds
/// ([quotas](https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html)).
const LONGEST: u64 = 29_000;

/// Reads the API `api`.
pub(crate) fn read(
    all: &Resources,
    api: &Resource,
    facts: Facts,
    shared: Arc<Shared>,
    notes: &mut Notes,
) -> RestApi {
    let known = [
        "Name",
        "Description",
        "Tags",
        "EndpointConfiguration",
        "EndpointAccessMode",
        "SecurityPolicy",
        "BinaryMediaTypes",
        "ApiKeySourceType",
        "FailOnWarnings",
    ];
    notes.unknown(api, &known);
    let mut responses = GatewayResponses::default();
    of(all, "AWS::ApiGateway::GatewayResponse", api).for_each(|one| responses.add(&one.properties));
    let mut models = Models::default();
    for one in of(all, "AWS::ApiGateway::Model", api) {
        let unknown = models.add(&one.physical_id, one.property("Schema"));
        // A method may name a model instead of referring to it.
        if let Some(name) = one.text("Name").filter(|name| *name != one.physical_id) {
            models.add(name, one.property("Schema"));
        }
        for text in unknown {
            notes.add(one, text);
        }
    }
    let methods = methods(all, api, notes);
    let facts = Arc::new(facts);
    let stages = super::stage::read(all, api, &facts, &methods, &shared, notes);
    RestApi {
        facts,
        shared,
        stages,
        methods,
        responses,
        models,
        binary: texts(api.property("BinaryMediaTypes")),
        key_of_authorizer: api.text("ApiKeySourceType") == Some("AUTHORIZER"),
    }
}

pub(super) fn of<'a>(
    all: &'a Resources,
    kind: &'a str,
    api: &'a Resource,
) -> impl Iterator<Item = &'a Resource> {
    all.of_type(kind).filter(|one| one.text("RestApiId") == Some(&api.physical_id))
}

/// Paths by the ids of their resources.
fn paths(all: &Resources, api: &Resource) -> HashMap<String, String> {
    let root = api.attributes.get("RootResourceId").cloned().unwrap_or_default();
    let mut paths = HashMap::from([(root, String::new())]);
    let mut left: Vec<_> = of(all, "AWS::ApiGateway::Resource", api).collect();
    while !left.is_empty() {
        let before = left.len();
        left.retain(|one| {
            let Some(parent) = one.text("ParentId").and_then(|parent| paths.get(parent)) else { return true };
            let path = format!("{parent}/{}", one.text("PathPart").unwrap_or_default());
            paths.insert(one.physical_id.clone(), path);
            false
        });
        if left.len() == before {
            break;
        }
    }
    paths.into_iter().map(|(id, path)| (id, if path.is_empty() { "/".to_owned() } else { path })).collect()
}

fn methods(all: &Resources, api: &Resource, notes: &mut Notes) -> Vec<Method> {
    let paths = paths(all, api);
    let guards = guards(all, api, notes);
    let mut methods = Vec::new();
    for one in of(all, "AWS::ApiGateway::Method", api) {
        let known = [
            "RestApiId",
            "ResourceId",
            "HttpMethod",
            "AuthorizationType",
            "AuthorizerId",
            "ApiKeyRequired",
            "AuthorizationScopes",
            "Integration",
            "MethodResponses",
            "RequestModels",
            "RequestParameters",
            "RequestValidatorId",
            "OperationName",
        ];
        notes.unknown(one, &known);
        let resource_id = one.text("ResourceId").unwrap_or_default().to_owned();
        let Some(resource) = paths.get(&resource_id).cloned() else {
            notes.add(one, "the method's resource is not there");
            continue;
        };
        let verb = one.text("HttpMethod").filter(|verb| *verb != "ANY").map(str::to_owned);
        methods.push(Method {
            path: Pattern::parse(&resource),
            guard: guard(one, &guards, notes),
            api_key: flag(one.property("ApiKeyRequired")),
            validation: validation(all, one),
            integration: integration(one, notes),
            verb,
            resource,
            resource_id,
        });
    }
    methods.sort_by_key(|method| (method.path.rank(), method.resource.clone(), method.verb.is_none()));
    methods
}

fn validation(all: &Resources, method: &Resource) -> Validation {
    let id = method.text("RequestValidatorId").unwrap_or_default();
    let Some(validator) = all.find("AWS::ApiGateway::RequestValidator", id) else {
        return Validation::default();
    };
    let pairs = |name: &str| method.property(name).as_object().into_iter().flatten();
    let model = |(kind, model): (&String, &Value)| Some((kind.clone(), model.as_str()?.to_owned()));
    let required = |(name, required): (&String, &Value)| {
        flag(required).then(|| name.trim_start_matches("method.request.").to_owned())
    };
    let (bodies, parameters) =
        (validator.property("ValidateRequestBody"), validator.property("ValidateRequestParameters"));
    Validation {
        models: pairs("RequestModels").filter(|_| flag(bodies)).filter_map(model).collect(),
        parameters: pairs("RequestParameters").filter(|_| flag(parameters)).filter_map(required).collect(),
    }
}

fn integration(method: &Resource, notes: &mut Notes) -> Integration {
    let integration = method.property("Integration");
    let kind = integration["Type"].as_str().unwrap_or_default();
    let timeout = whole(&integration["TimeoutInMillis"]).unwrap_or(LONGEST);
    let function = Function::read(
        integration["Uri"].as_str().unwrap_or_default(),
        integration["Credentials"].as_str().filter(|role| role.contains(":role/")),
        Duration::from_millis(timeout),
    );
    let mut none = |why: String| {
        notes.add(method, format!("{why}; the method answers 500"));
        Integration::None(why)
    };
    match (kind, function) {
        ("AWS_PROXY", Some(_))
            if integration["IntegrationHttpMethod"].as_str().is_some_and(|verb| verb != "POST") =>
        {
            none("`IntegrationHttpMethod` of a function must be `POST`".to_owned())
        }
        ("AWS_PROXY", Some(function)) => Integration::Function(function),
        ("MOCK", _) => match mock(integration) {
            Ok(mock) => Integration::Mock(Box::new(mock)),
            Err(why) => none(why),
        },
        _ => none(format!("integrations of the type `{kind}` are not run here")),
    }
}

fn mock(integration: &Value) -> Result<Mock, String> {
    let passthrough = match integration["PassthroughBehavior"].as_str() {
        Some("NEVER") => Passthrough::Never,
        Some("WHEN_NO_TEMPLATES") => Passthrough::WhenNoTemplates,
        _ => Passthrough::WhenNoMatch,
    };
    let responses = integration["IntegrationResponses"].as_array().into_iter().flatten();
    Ok(Mock {
        requests: templates(&integration["RequestTemplates"])?,
        passthrough,
        responses: responses.map(mock_response).collect::<Result<_, _>>()?,
    })
}

fn mock_response(response: &Value) -> Result<MockResponse, String> {
    let pattern = response["SelectionPattern"].as_str().filter(|pattern| !pattern.is_empty());
    let pattern = pattern.map(|pattern| Regex::new(&format!("^(?:{pattern})$")));
    let headers = response["ResponseParameters"].as_object().into_iter().flatten();
    let header = |(name, value): (&String, &Value)| {
        Some((name.strip_prefix("method.response.header.")?.to_owned(), value.as_str()?.to_owned()))
    };
    let status = whole(&response["StatusCode"]).and_then(|status| u16::try_from(status).ok());
    Ok(MockResponse {
        status: status.unwrap_or(200),
        pattern: pattern.transpose().map_err(|_| "a `SelectionPattern` cannot be read here".to_owned())?,
        headers: headers.filter_map(header).collect(),
        templates: templates(&response["ResponseTemplates"])?,
    })
}

fn templates(property: &Value) -> Result<Vec<(String, Template)>, String> {
    let pairs = property.as_object().into_iter().flatten();
    let template = |(kind, text): (&String, &Value)| {
        Ok((kind.clone(), Template::parse(text.as_str().unwrap_or_default())?))
    };
    pairs.map(template).collect()
}
