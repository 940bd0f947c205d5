//! `PutSecretValue` and `UpdateSecret`.

use super::{Outcome, SecretsManager, absent, text};
use crate::generate::version_id;
use crate::secret::{CURRENT, Payload, Secret};
use crate::store::find_mut;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use stack_builder_local_core::{ApiCall, ApiError};

/// Bytes of a value, at most.
const LARGEST: usize = 65_536;
/// Labels of a version, at most.
const MOST_STAGES: usize = 20;

impl SecretsManager {
    pub(super) fn put_value(&self, call: &ApiCall, input: &Value) -> Outcome {
        let arn = self.permitted(call, input, "secretsmanager:PutSecretValue")?;
        let payload = payload(input)?
            .ok_or_else(|| invalid("You must provide either SecretString or SecretBinary."))?;
        let (id, stages) = (token(input)?, stages(&input["VersionStages"])?);
        let now = self.secrets.world().clock.millis();
        let output = self.secrets.with(|all| {
            let secret = find_mut(all, &arn).ok_or_else(absent)?;
            put(secret, &id, payload, stages, now)?;
            let held = secret.versions.iter().find(|version| version.id == id);
            let held = held.map(|version| version.stages.clone()).unwrap_or_default();
            Ok(json!({ "ARN": secret.arn, "Name": secret.name, "VersionId": id, "VersionStages": held }))
        })?;
        self.kept(output)
    }

    pub(super) fn update(&self, call: &ApiCall, input: &Value) -> Outcome {
        let arn = self.permitted(call, input, "secretsmanager:UpdateSecret")?;
        let (payload, id) = (payload(input)?, token(input)?);
        let (description, key) = (text(input, "Description")?, text(input, "KmsKeyId")?);
        let now = self.secrets.world().clock.millis();
        let output = self.secrets.with(|all| {
            let secret = find_mut(all, &arn).ok_or_else(absent)?;
            let mut output = json!({ "ARN": secret.arn, "Name": secret.name });
            if let Some(payload) = payload {
                put(secret, &id, payload, vec![CURRENT.to_owned()], now)?;
                output["VersionId"] = json!(id);
            }
            secret.description = description.map(str::to_owned).or_else(|| secret.description.take());
            secret.kms_key = key.map(str::to_owned).or_else(|| secret.kms_key.take());
            secret.changed = now;
            Ok::<_, ApiError>(output)
        })?;
        self.kept(output)
    }

    fn kept(&self, output: Value) -> Outcome {
        self.secrets.save().map(|()| output).map_err(|error| ApiError {
            status: 500,
            code: "InternalServiceError".to_owned(),
            message: format!("The secret could not be kept: {error}"),
        })
    }
}

/// Adds a version; the same request a second time changes nothing.
fn put(
    secret: &mut Secret,
    id: &str,
    payload: Payload,
    stages: Vec<String>,
    now: u64,
) -> Result<(), ApiError> {
    match secret.versions.iter().find(|version| version.id == id) {
        Some(version) if version.payload == payload => Ok(()),
        Some(_) => {
            let message = format!(
                "You can't use ClientRequestToken {id} because that value is already in use for a version of secret {}.",
                secret.arn
            );
            Err(ApiError::new("ResourceExistsException", message))
        }
        None => {
            secret.put(id.to_owned(), payload, stages, now);
            Ok(())
        }
    }
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new("InvalidParameterException", message)
}

fn payload(input: &Value) -> Result<Option<Payload>, ApiError> {
    let (payload, length) = match (text(input, "SecretString")?, text(input, "SecretBinary")?) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            return Err(invalid("You can't specify both a binary secret value and a string secret value."));
        }
        (Some(text), None) => (Payload::Text(text.to_owned()), text.len()),
        (None, Some(text)) => {
            let bytes = STANDARD
                .decode(text)
                .map_err(|_| ApiError::new("SerializationException", "`SecretBinary` is no base64"))?;
            (Payload::Binary(text.to_owned()), bytes.len())
        }
    };
    if length > LARGEST {
        return Err(invalid(format!(
            "The secret value is {length} bytes long, more than the limit of {LARGEST}."
        )));
    }
    Ok(Some(payload))
}

/// The id of the new version: what the client chose, so that it can try again, or a random one.
fn token(input: &Value) -> Result<String, ApiError> {
    match text(input, "ClientRequestToken")? {
        None => Ok(version_id()),
        Some(token) if (32..=64).contains(&token.len()) => Ok(token.to_owned()),
        Some(_) => Err(invalid("You must specify a ClientRequestToken from 32 to 64 characters long.")),
    }
}

fn stages(value: &Value) -> Result<Vec<String>, ApiError> {
    if value.is_null() {
        return Ok(vec![CURRENT.to_owned()]);
    }
    let all: Option<Vec<String>> =
        value.as_array().and_then(|list| list.iter().map(|stage| Some(stage.as_str()?.to_owned())).collect());
    let fits = |stages: &Vec<String>| {
        (1..=MOST_STAGES).contains(&stages.len())
            && stages.iter().all(|stage| (1..=256).contains(&stage.len()))
    };
    all.filter(fits).ok_or_else(|| {
        invalid(format!("VersionStages must be 1 to {MOST_STAGES} labels of 1 to 256 characters."))
    })
}
