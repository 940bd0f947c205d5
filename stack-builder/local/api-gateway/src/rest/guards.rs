//! Reading the authorizers of a REST API.

use super::Guard;
use super::read::of;
use crate::call::Function;
use crate::lambda_authorizer::{LambdaAuthorizer, Source};
use crate::notes::{Notes, texts, whole};
use regex_lite::Regex;
use stack_builder_local_core::{Resource, Resources};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// An authorizer may take as long as an integration.
const TIMEOUT: Duration = Duration::from_secs(29);
/// Seconds for which an authorizer's answer holds when nothing is said.
const TTL: u64 = 300;

/// Authorizers, by id.
pub(super) fn guards(all: &Resources, api: &Resource, notes: &mut Notes) -> HashMap<String, Guard> {
    let mut guards = HashMap::new();
    for one in of(all, "AWS::ApiGateway::Authorizer", api) {
        let known = [
            "RestApiId",
            "Name",
            "Type",
            "AuthType",
            "IdentitySource",
            "IdentityValidationExpression",
            "ProviderARNs",
            "AuthorizerUri",
            "AuthorizerCredentials",
            "AuthorizerResultTtlInSeconds",
        ];
        notes.unknown(one, &known);
        let form = one.text("IdentityValidationExpression").map(|form| Regex::new(&format!("^(?:{form})$")));
        let guard = match form.transpose() {
            Err(_) => None,
            Ok(form) if one.text("Type") == Some("COGNITO_USER_POOLS") => token(one, form),
            Ok(form) => lambda(one, form),
        };
        match guard {
            Some(guard) => drop(guards.insert(one.physical_id.clone(), guard)),
            None => notes.add(one, "the authorizer cannot be read; its methods answer 403"),
        }
    }
    guards
}

fn token(one: &Resource, form: Option<Regex>) -> Option<Guard> {
    let Source::Header(header) = Source::parse(one.text("IdentitySource")?)? else { return None };
    let issuers = texts(one.property("ProviderARNs")).iter().map(|arn| issuer(arn)).collect::<Option<_>>()?;
    let name = one.text("Name").unwrap_or("cognito").to_owned();
    Some(Guard::Token { name, header, issuers, form, scopes: Vec::new() })
}

/// The issuer of `arn:aws:cognito-idp:<region>:<account>:userpool/<id>`.
fn issuer(arn: &str) -> Option<String> {
    let region = arn.split(':').nth(3)?;
    let (_, pool) = arn.split_once(":userpool/")?;
    Some(format!("https://cognito-idp.{region}.amazonaws.com/{pool}"))
}

fn lambda(one: &Resource, form: Option<Regex>) -> Option<Guard> {
    let token = one.text("Type") == Some("TOKEN");
    let function = Function::read(one.text("AuthorizerUri")?, one.text("AuthorizerCredentials"), TIMEOUT)?;
    let sources = one.text("IdentitySource").unwrap_or_default();
    let sources = sources.split(',').filter(|source| !source.trim().is_empty());
    let authorizer = LambdaAuthorizer {
        id: one.physical_id.clone(),
        function,
        sources: sources.map(Source::parse).collect::<Option<_>>()?,
        ttl: whole(one.property("AuthorizerResultTtlInSeconds")).unwrap_or(TTL),
        simple: false,
        kept: std::sync::Mutex::default(),
    };
    let name = one.text("Name").unwrap_or("function").to_owned();
    Some(Guard::Lambda { name, authorizer: Arc::new(authorizer), token, form })
}

/// Who may use a method.
pub(super) fn guard(method: &Resource, guards: &HashMap<String, Guard>, notes: &mut Notes) -> Guard {
    let mut guard = match method.text("AuthorizationType") {
        None | Some("NONE") => return Guard::Open,
        Some("AWS_IAM") => {
            notes.add(method, "signatures of callers are not checked here; the method answers 403");
            return Guard::Closed("authorization by IAM is not run here");
        }
        Some(_) => method.text("AuthorizerId").and_then(|id| guards.get(id)).cloned(),
    };
    if let Some(Guard::Token { scopes, .. }) = &mut guard {
        *scopes = texts(method.property("AuthorizationScopes"));
    }
    guard.unwrap_or(Guard::Closed("the method's authorizer is not there"))
}
