//! Who may use a route of an HTTP API.

use super::{Arrived, Guard, HttpApi, Refused, event};
use crate::exchange::Exchange;
use crate::grant::Grant;
use crate::headers::joined;
use crate::lambda_authorizer::{LambdaAuthorizer, Silence, Source, Word};
use crate::percent;
use crate::policy::{self, Verdict};
use crate::token::{self, Refusal};
use serde_json::{Value, json};
use stack_builder_local_core::Layer;
use std::sync::Arc;

impl HttpApi {
    /// Lets a request pass, with what the authorizer says of the caller, or refuses it.
    pub(super) async fn authorize(&self, on: &mut Exchange, arrived: &Arrived<'_>) -> Result<(), Refused> {
        let name = match &arrived.route.guard {
            Guard::Open => return Ok(()),
            Guard::Closed(why) => return Err(Refused::new(403, "Forbidden", *why)),
            Guard::Token { name, .. } | Guard::Lambda { name, .. } => name,
        };
        let span = on.trace.step(Layer::Api, Some(&self.facts.resource), format!("authorizer {name}"));
        let outcome = match &arrived.route.guard {
            Guard::Lambda { authorizer, modern, .. } => self.lambda(on, arrived, authorizer, *modern).await,
            _ => self.token(on, arrived).map_err(|refusal| challenge(refusal, arrived)),
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

    fn token(&self, on: &Exchange, arrived: &Arrived<'_>) -> Result<Grant, Refusal> {
        let Guard::Token { token: source, issuer, audience, scopes, .. } = &arrived.route.guard else {
            return Err(Refusal::Missing);
        };
        let value = match source {
            // Two headers make one value with a comma, which is no token.
            Source::Header(name) => joined(&arrived.parts.headers, name),
            other => value(other, on, arrived),
        };
        let value = value.ok_or(Refusal::Missing)?;
        let claims = self.shared.verifier.verify(token::bearer(&value), issuer, on.at / 1000)?;
        if !token::is_for(&claims, audience) {
            return Err(Refusal::Audience);
        }
        let held = token::scopes_of(&claims, scopes);
        if held.is_empty() && !scopes.is_empty() {
            return Err(Refusal::Scope);
        }
        Ok(Grant::Token { claims, scopes: held })
    }

    async fn lambda(
        &self,
        on: &Exchange,
        arrived: &Arrived<'_>,
        authorizer: &LambdaAuthorizer,
        modern: bool,
    ) -> Result<Grant, Refused> {
        let sources = authorizer.sources.iter().map(|source| value(source, on, arrived));
        let Some(identity) = sources.collect::<Option<Vec<_>>>() else {
            return Err(unauthorized("what identifies the caller is missing"));
        };
        // A policy is about one route, a plain yes about all of them.
        let key = (!identity.is_empty()).then(|| json!(identity).to_string());
        let kept = key.as_deref().and_then(|key| authorizer.kept(key, on.at));
        let word = if let Some(word) = kept {
            word
        } else {
            let event = event_of(on, arrived, &identity, modern);
            authorizer.ask(&self.shared.invoker, event, key.as_deref(), on).await.map_err(silent)?
        };
        grant(&word, &arn(on, arrived))
    }
}

fn value(source: &Source, on: &Exchange, arrived: &Arrived<'_>) -> Option<String> {
    let query = percent::query(arrived.parts.uri.query().unwrap_or_default(), false);
    source.value(&arrived.parts.headers, &query, &arrived.stage.variables, on)
}

fn unauthorized(why: &str) -> Refused {
    Refused::new(401, "Unauthorized", why)
}

fn silent(silence: Silence) -> Refused {
    match silence {
        Silence::Unauthorized => unauthorized("the authorizer said `Unauthorized`"),
        Silence::Broken(why) => super::broken(why),
    }
}

/// Words of [RFC 6750](https://www.rfc-editor.org/rfc/rfc6750#section-3), as an HTTP API sets them out.
fn challenge(refusal: Refusal, arrived: &Arrived<'_>) -> Refused {
    let Guard::Token { scopes, .. } = &arrived.route.guard else { return unauthorized("") };
    let scopes = scopes.join(" ");
    let mut refused = match refusal {
        Refusal::Scope => Refused::new(403, "Forbidden", refusal.to_string()),
        _ => unauthorized(&refusal.to_string()),
    };
    let error = if refusal == Refusal::Scope { "insufficient_scope" } else { "invalid_token" };
    refused.challenge = Some(match refusal {
        Refusal::Missing => "Bearer".to_owned(),
        _ => format!("Bearer scope=\"{scopes}\" error=\"{error}\" error_description=\"{refusal}\""),
    });
    refused
}

fn grant(word: &Arc<Word>, arn: &str) -> Result<Grant, Refused> {
    let (allowed, principal, context) = match &**word {
        Word::Simple { allowed, context } => (*allowed, None, context),
        Word::Policy { principal, policy, context, .. } => {
            (policy::judge(policy, arn) == Some(Verdict::Allowed), Some(principal.clone()), context)
        }
    };
    if allowed {
        return Ok(Grant::Lambda { principal, context: context.clone(), key: None });
    }
    Err(Refused::new(403, "Forbidden", "the authorizer does not allow it"))
}

/// ARN of this very request, for a policy.
fn arn(on: &Exchange, arrived: &Arrived<'_>) -> String {
    let path = arrived.parts.uri.path();
    let path = path.strip_prefix(&format!("/{}", on.stage)).unwrap_or(path);
    on.facts.arn(&format!("{}/{}{path}", on.stage, on.method))
}

fn event_of(on: &Exchange, arrived: &Arrived<'_>, identity: &[String], modern: bool) -> Value {
    let mut event = if modern { event::format_2(on, arrived, 0) } else { event::format_1(on, arrived, 0) };
    event["type"] = "REQUEST".into();
    if modern {
        event["routeArn"] = arn(on, arrived).into();
        event["identitySource"] = identity.into();
    } else {
        event["methodArn"] = arn(on, arrived).into();
        event["identitySource"] = identity.join(",").into();
        event["authorizationToken"] = identity.join(",").into();
    }
    event
}
