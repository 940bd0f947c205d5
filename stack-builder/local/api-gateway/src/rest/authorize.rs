//! Who may use a method of a REST API.

use super::gateway_response::{ACCESS_DENIED, AUTHORIZER, UNAUTHORIZED};
use super::{Arrived, Guard, Refused, RestApi, event};
use crate::exchange::Exchange;
use crate::grant::Grant;
use crate::headers;
use crate::lambda_authorizer::{LambdaAuthorizer, Silence, Word};
use crate::percent;
use crate::policy::{self, Verdict};
use crate::token::{self, Refusal};
use regex_lite::Regex;
use serde_json::{Value, json};
use stack_builder_local_core::Layer;

impl RestApi {
    /// Lets a request pass, with what the authorizer says of the caller, or refuses it.
    pub(super) async fn authorize(&self, on: &mut Exchange, arrived: &Arrived<'_>) -> Result<(), Refused> {
        let name = match &arrived.method.guard {
            Guard::Open => return Ok(()),
            Guard::Closed(why) => return Err(Refused::new(ACCESS_DENIED, *why)),
            Guard::Token { name, .. } | Guard::Lambda { name, .. } => name,
        };
        let span = on.trace.step(Layer::Api, Some(&self.facts.resource), format!("authorizer {name}"));
        let outcome = match &arrived.method.guard {
            Guard::Lambda { authorizer, token, form, .. } => {
                self.lambda(on, arrived, authorizer, *token, form.as_ref()).await
            }
            _ => self.token(on, arrived).map_err(unauthorized),
        };
        match outcome {
            Ok(grant) => {
                span.end("allowed");
                on.grant = Some(grant);
                Ok(())
            }
            Err(refused) => {
                span.end(format!("refused: {}", refused.why));
                on.failed.authorizer = Some(refused.why.clone());
                Err(refused)
            }
        }
    }

    /// A token of a user pool: an id token, or an access token where the method names scopes
    /// ([user pools](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html)).
    fn token(&self, on: &Exchange, arrived: &Arrived<'_>) -> Result<Grant, Refusal> {
        let Guard::Token { header, issuers, form, scopes, .. } = &arrived.method.guard else {
            return Err(Refusal::Missing);
        };
        let value = headers::last(&arrived.parts.headers, header).filter(|value| !value.is_empty());
        let value = value.ok_or(Refusal::Missing)?;
        if form.as_ref().is_some_and(|form| !form.is_match(&value)) {
            return Err(Refusal::Malformed);
        }
        let claims = self.shared.verifier.verify(token::bearer(&value), issuers, on.at / 1000)?;
        let access = claims.get("token_use").and_then(Value::as_str) == Some("access");
        if scopes.is_empty() {
            return if access {
                Err(Refusal::Scope)
            } else {
                Ok(Grant::Token { claims, scopes: Vec::new() })
            };
        }
        let held = token::scopes_of(&claims, scopes);
        if access && !held.is_empty() {
            Ok(Grant::Token { claims, scopes: held })
        } else {
            Err(Refusal::Scope)
        }
    }

    async fn lambda(
        &self,
        on: &Exchange,
        arrived: &Arrived<'_>,
        authorizer: &LambdaAuthorizer,
        by_token: bool,
        form: Option<&Regex>,
    ) -> Result<Grant, Refused> {
        let query = percent::query(arrived.parts.uri.query().unwrap_or_default(), true);
        let (headers, stage) = (&arrived.parts.headers, &arrived.stage.variables);
        let values = authorizer.sources.iter().map(|source| source.value(headers, &query, stage, on));
        let identity = values.collect::<Option<Vec<_>>>();
        // Without a cache, a request authorizer is asked even when something is missing.
        let needed = by_token || authorizer.ttl > 0;
        let identity = match identity {
            Some(identity) => identity,
            None if needed => {
                return Err(Refused::new(UNAUTHORIZED, "what identifies the caller is missing"));
            }
            None => Vec::new(),
        };
        if form.is_some_and(|form| identity.first().is_none_or(|value| !form.is_match(value))) {
            return Err(Refused::new(UNAUTHORIZED, "the token is not of the expected form"));
        }
        let key = (!identity.is_empty()).then(|| json!(identity).to_string());
        let kept = key.as_deref().and_then(|key| authorizer.kept(key, on.at));
        let word = if let Some(word) = kept {
            word
        } else {
            let event = event_of(on, arrived, &identity, by_token);
            authorizer.ask(&self.shared.invoker, event, key.as_deref(), on).await.map_err(silent)?
        };
        grant(&word, &arn(on, arrived))
    }
}

fn unauthorized(refusal: Refusal) -> Refused {
    let refused = Refused::new(UNAUTHORIZED, refusal.to_string());
    if refusal == Refusal::Expired { refused.saying("The incoming token has expired") } else { refused }
}

fn silent(silence: Silence) -> Refused {
    match silence {
        Silence::Unauthorized => Refused::new(UNAUTHORIZED, "the authorizer said `Unauthorized`"),
        Silence::Broken(why) => Refused::new(AUTHORIZER, why),
    }
}

fn grant(word: &Word, arn: &str) -> Result<Grant, Refused> {
    let Word::Policy { principal, policy, context, key } = word else {
        return Err(Refused::new(AUTHORIZER, "the authorizer's answer is malformed"));
    };
    match policy::judge(policy, arn) {
        Some(Verdict::Allowed) => {
            let (principal, context, key) = (Some(principal.clone()), context.clone(), key.clone());
            Ok(Grant::Lambda { principal, context, key })
        }
        Some(Verdict::Denied) => {
            let refused = Refused::new(ACCESS_DENIED, "the authorizer's policy denies it");
            Err(refused.saying("User is not authorized to access this resource with an explicit deny"))
        }
        _ => Err(Refused::new(ACCESS_DENIED, "the authorizer's policy does not allow it")),
    }
}

/// ARN of this very request, for a policy.
fn arn(on: &Exchange, arrived: &Arrived<'_>) -> String {
    on.facts.arn(&format!("{}/{}{}", on.stage, on.method, arrived.path))
}

fn event_of(on: &Exchange, arrived: &Arrived<'_>, identity: &[String], by_token: bool) -> Value {
    if by_token {
        let token = identity.first().map_or("", String::as_str);
        return json!({ "type": "TOKEN", "methodArn": arn(on, arrived), "authorizationToken": token });
    }
    let mut event = event::request(on, arrived);
    event["type"] = "REQUEST".into();
    event["methodArn"] = arn(on, arrived).into();
    event
}
