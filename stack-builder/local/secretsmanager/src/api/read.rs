//! `GetSecretValue` and `DescribeSecret`.

use super::{Outcome, SecretsManager, absent, seconds, text};
use crate::secret::{CURRENT, Payload};
use crate::store::{find, find_mut};
use serde_json::{Map, Value, json};
use stack_builder_local_core::{ApiCall, ApiError};

const DAY: u64 = 86_400_000;

impl SecretsManager {
    pub(super) fn get_value(&self, call: &ApiCall, input: &Value) -> Outcome {
        let (id, stage) = (text(input, "VersionId")?, text(input, "VersionStage")?);
        let arn = self.permitted(call, input, "secretsmanager:GetSecretValue")?;
        let today = self.secrets.world().clock.millis() / DAY * DAY;
        self.secrets.with(|all| {
            let secret = find_mut(all, &arn).ok_or_else(absent)?;
            secret.accessed = Some(today);
            let version = secret.version(id, stage).ok_or_else(|| no_version(id, stage))?;
            let mut output = json!({
                "ARN": secret.arn,
                "Name": secret.name,
                "VersionId": version.id,
                "VersionStages": version.stages,
                "CreatedDate": seconds(version.created),
            });
            match &version.payload {
                Payload::Text(text) => output["SecretString"] = json!(text),
                Payload::Binary(base64) => output["SecretBinary"] = json!(base64),
            }
            Ok(output)
        })
    }

    pub(super) fn describe(&self, call: &ApiCall, input: &Value) -> Outcome {
        let arn = self.permitted(call, input, "secretsmanager:DescribeSecret")?;
        self.secrets.with(|all| {
            let secret = find(all, &arn).ok_or_else(absent)?;
            let stages: Map<_, _> = secret
                .versions
                .iter()
                .filter(|version| !version.stages.is_empty())
                .map(|version| (version.id.clone(), json!(version.stages)))
                .collect();
            let mut output = super::list::summary(secret);
            output["VersionIdsToStages"] = stages.into();
            Ok(output)
        })
    }
}

fn no_version(id: Option<&str>, stage: Option<&str>) -> ApiError {
    let which = match (id, stage) {
        (Some(id), _) => format!("VersionId: {id}"),
        (None, stage) => format!("staging label: {}", stage.unwrap_or(CURRENT)),
    };
    let message = format!("Secrets Manager can't find the specified secret value for {which}");
    ApiError::new("ResourceNotFoundException", message)
}
