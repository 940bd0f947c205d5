//! The API of Secrets Manager.

mod list;
mod read;
mod write;

use crate::Secrets;
use crate::generate::password;
use crate::secret::Secret;
use crate::store::find;
use serde_json::{Value, json};
use stack_builder_local_core::{
    Answer, Api, ApiCall, ApiError, Ask, Authorizer, Decision, Layer, Response, Span, full,
};
use std::sync::Arc;

/// Answers calls about the secrets of the application; see
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html>.
#[derive(Clone)]
pub struct SecretsManager {
    secrets: Secrets,
    authorizer: Arc<dyn Authorizer>,
}

type Outcome = Result<Value, ApiError>;

impl SecretsManager {
    /// The API over secrets.
    pub fn new(secrets: Secrets, authorizer: Arc<dyn Authorizer>) -> Self {
        Self { secrets, authorizer }
    }

    fn respond(&self, call: &ApiCall) -> Response {
        let input = input(call);
        let span = self.step(call, input.as_ref().ok());
        match input.and_then(|input| self.act(call, &input)) {
            Ok(output) => {
                span.end("200");
                full(200, "application/x-amz-json-1.1", output.to_string())
            }
            Err(error) => {
                span.end(error.code.as_str());
                error.json()
            }
        }
    }

    /// Notes the call in the trace of the request that it belongs to.
    fn step(&self, call: &ApiCall, input: Option<&Value>) -> Span {
        let id = input.and_then(|input| input["SecretId"].as_str()).unwrap_or_default();
        let resource = self.secrets.with(|all| find(all, id).map(|secret| secret.resource.clone()));
        let action: String = call.action().chars().take(64).collect();
        call.trace.step(Layer::Service, resource.as_ref(), format!("secretsmanager:{action}"))
    }

    fn act(&self, call: &ApiCall, input: &Value) -> Outcome {
        match call.action() {
            "GetSecretValue" => self.get_value(call, input),
            "PutSecretValue" => self.put_value(call, input),
            "UpdateSecret" => self.update(call, input),
            "DescribeSecret" => self.describe(call, input),
            "ListSecrets" => self.list(call, input),
            "ListSecretVersionIds" => self.list_versions(call, input),
            "GetRandomPassword" => self.random_password(call, input),
            other => {
                Err(ApiError::new("UnknownOperationException", format!("`{other}` is not answered here")))
            }
        }
    }

    fn random_password(&self, call: &ApiCall, input: &Value) -> Outcome {
        self.judge(Ask::new(&call.caller, "secretsmanager:GetRandomPassword", "*"))?;
        let password =
            password(input).map_err(|problem| ApiError::new("InvalidParameterException", problem))?;
        Ok(json!({ "RandomPassword": password }))
    }

    /// The ARN of the secret that the input names, when the caller may do this with it.
    ///
    /// Whoever may not, does not learn whether there is such a secret.
    fn permitted(&self, call: &ApiCall, input: &Value, action: &str) -> Result<String, ApiError> {
        let id = text(input, "SecretId")?.ok_or_else(|| null("secretId"))?;
        let found = self.secrets.with(|all| find(all, id).map(Known::of));
        let resource = found.as_ref().map_or(id, |known| known.arn.as_str());
        let mut ask = Ask::new(&call.caller, action, resource);
        ask.resource_policy = found.as_ref().and_then(|known| known.policy.as_deref());
        ask.context.insert("secretsmanager:secretid".to_owned(), vec![resource.to_owned()]);
        if let Some(stage) = text(input, "VersionStage")? {
            ask.context.insert("secretsmanager:versionstage".to_owned(), vec![stage.to_owned()]);
        }
        for (key, value) in found.iter().flat_map(|known| &known.tags) {
            for prefix in ["aws:resourcetag", "secretsmanager:resourcetag"] {
                ask.context.insert(format!("{prefix}/{key}").to_lowercase(), vec![value.clone()]);
            }
        }
        self.judge(ask)?;
        found.map(|known| known.arn).ok_or_else(absent)
    }

    fn judge(&self, ask: Ask<'_>) -> Result<(), ApiError> {
        match self.authorizer.judge(&ask) {
            Decision::Allowed => Ok(()),
            Decision::Denied { message, .. } => Err(ApiError::new("AccessDeniedException", message)),
        }
    }
}

/// What authorization needs of a secret.
struct Known {
    arn: String,
    policy: Option<Arc<Value>>,
    tags: Vec<(String, String)>,
}

impl Known {
    fn of(secret: &Secret) -> Self {
        let tags = secret.tags.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        Self { arn: secret.arn.clone(), policy: secret.policy.clone(), tags }
    }
}

impl Api for SecretsManager {
    fn call(&self, call: ApiCall) -> Answer<'_> {
        Box::pin(async move { self.respond(&call) })
    }
}

fn input(call: &ApiCall) -> Result<Value, ApiError> {
    let object = |value: &Value| value.is_object();
    let body: &[u8] = if call.body.is_empty() { b"{}" } else { &call.body };
    serde_json::from_slice(body)
        .ok()
        .filter(object)
        .ok_or_else(|| ApiError::new("SerializationException", "The body of the request is no JSON object"))
}

fn absent() -> ApiError {
    ApiError::new("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
}

fn null(member: &str) -> ApiError {
    let message = format!(
        "1 validation error detected: Value null at '{member}' failed to satisfy constraint: Member must not be null"
    );
    ApiError::new("ValidationException", message)
}

/// A member that is text when it is there.
fn text<'i>(input: &'i Value, name: &str) -> Result<Option<&'i str>, ApiError> {
    match &input[name] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(ApiError::new("SerializationException", format!("`{name}` is no text"))),
    }
}

/// Seconds since 1970, as JSON protocols tell times.
fn seconds(millis: u64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "exact for the next 200000 years")]
    let seconds = millis as f64 / 1000.0;
    json!(seconds)
}

#[cfg(test)]
mod tests;
