//! Request validators of a REST API.

use super::gateway_response::{BAD_BODY, BAD_PARAMETERS};
use super::schema::Models;
use super::{Arrived, Refused};
use crate::headers;
use serde_json::Value;

/// What a method asks of requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Validation {
    /// Names of models by content type; empty when bodies are not validated.
    pub(crate) models: Vec<(String, String)>,
    /// Required ones, as `header.x`, `querystring.x` or `path.x`; empty when they are not validated.
    pub(crate) parameters: Vec<String>,
}

/// Checks parameters, then the body
/// ([validation](https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html)).
pub(super) fn check(arrived: &Arrived<'_>, models: &Models, body: &[u8]) -> Result<(), Refused> {
    let validation = &arrived.method.validation;
    let missing: Vec<_> = validation.parameters.iter().filter(|name| !present(arrived, name)).collect();
    let names: Vec<_> = missing.iter().filter_map(|name| Some(name.split_once('.')?.1)).collect();
    if !names.is_empty() {
        let message = format!("Missing required request parameters: [{}]", names.join(", "));
        return Err(Refused::new(BAD_PARAMETERS, message.clone()).saying(message));
    }
    let Some(model) = model(arrived, &validation.models) else { return Ok(()) };
    let wrong = match serde_json::from_slice::<Value>(body) {
        Ok(value) => models.check(model, &value).err(),
        Err(_) => Some("the body is no JSON".to_owned()),
    };
    wrong.map_or(Ok(()), |wrong| {
        let mut refused = Refused::new(BAD_BODY, format!("{model}: {wrong}"));
        refused.validation = Some(format!("[{wrong}]"));
        Err(refused)
    })
}

fn present(arrived: &Arrived<'_>, parameter: &str) -> bool {
    let Some((place, name)) = parameter.split_once('.') else { return true };
    match place {
        "header" => {
            headers::last(&arrived.parts.headers, &name.to_lowercase()).is_some_and(|value| !value.is_empty())
        }
        "querystring" => {
            let query = crate::percent::query(arrived.parts.uri.query().unwrap_or_default(), true);
            query.iter().any(|(other, value)| other == name && !value.is_empty())
        }
        _ => arrived.variables.iter().any(|(other, _)| other == name),
    }
}

/// The model of the body's type; a body without a type is JSON.
fn model<'a>(arrived: &Arrived<'_>, models: &'a [(String, String)]) -> Option<&'a str> {
    let kind = headers::last(&arrived.parts.headers, "content-type")
        .unwrap_or_else(|| "application/json".to_owned());
    let kind = kind.split(';').next().unwrap_or_default().trim().to_lowercase();
    let of = |wanted: &str| models.iter().find(|(known, _)| known.eq_ignore_ascii_case(wanted));
    of(&kind).or_else(|| of("$default")).map(|(_, model)| model.as_str())
}
