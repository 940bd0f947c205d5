//! `ListSecrets` and `ListSecretVersionIds`, page by page.

use super::{Outcome, SecretsManager, absent, seconds, text};
use crate::secret::{Secret, Version};
use crate::store::find;
use serde_json::{Value, json};
use stack_builder_local_core::{ApiCall, ApiError, Ask};

const LARGEST_PAGE: u64 = 100;

impl SecretsManager {
    pub(super) fn list(&self, call: &ApiCall, input: &Value) -> Outcome {
        self.judge(Ask::new(&call.caller, "secretsmanager:ListSecrets", "*"))?;
        let filters = filters(&input["Filters"])?;
        let descending = text(input, "SortOrder")? == Some("desc");
        let mut all: Vec<Value> = self.secrets.with(|all| {
            let wanted = |secret: &&Secret| secret.live && filters.iter().all(|filter| filter.takes(secret));
            all.iter().filter(wanted).map(listed).collect()
        });
        if descending {
            all.reverse();
        }
        page(all, input, "SecretList", json!({}))
    }

    pub(super) fn list_versions(&self, call: &ApiCall, input: &Value) -> Outcome {
        let arn = self.permitted(call, input, "secretsmanager:ListSecretVersionIds")?;
        let deprecated = input["IncludeDeprecated"].as_bool().unwrap_or(false);
        let (name, versions) = self.secrets.with(|all| {
            let secret = find(all, &arn).ok_or_else(absent)?;
            let wanted = |version: &&Version| deprecated || !version.stages.is_empty();
            let versions: Vec<_> = secret.versions.iter().filter(wanted).map(version).collect();
            Ok::<_, ApiError>((secret.name.clone(), versions))
        })?;
        page(versions, input, "Versions", json!({ "ARN": arn, "Name": name }))
    }
}

fn version(version: &Version) -> Value {
    json!({
        "VersionId": version.id,
        "VersionStages": version.stages,
        "CreatedDate": seconds(version.created),
    })
}

/// What is known of a secret without its versions.
pub(super) fn summary(secret: &Secret) -> Value {
    let tags: Vec<_> = secret.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    let mut output = json!({
        "ARN": secret.arn,
        "Name": secret.name,
        "LastChangedDate": seconds(secret.changed),
        "CreatedDate": seconds(secret.created),
        "Tags": tags,
    });
    for (name, value) in [("Description", &secret.description), ("KmsKeyId", &secret.kms_key)] {
        if let Some(value) = value {
            output[name] = json!(value);
        }
    }
    if let Some(accessed) = secret.accessed {
        output["LastAccessedDate"] = seconds(accessed);
    }
    output
}

fn listed(secret: &Secret) -> Value {
    let mut output = summary(secret);
    let labelled = secret.versions.iter().filter(|version| !version.stages.is_empty());
    output["SecretVersionsToStages"] = labelled
        .map(|version| (version.id.clone(), json!(version.stages)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    output
}

/// One page, and a token for the next: the number of items before it.
fn page(all: Vec<Value>, input: &Value, name: &str, mut output: Value) -> Outcome {
    let wanted = match &input["MaxResults"] {
        Value::Null => LARGEST_PAGE,
        value => value.as_u64().filter(|wanted| (1..=LARGEST_PAGE).contains(wanted)).ok_or_else(|| {
            ApiError::new(
                "InvalidParameterException",
                format!("MaxResults must be from 1 to {LARGEST_PAGE}."),
            )
        })?,
    };
    let from =
        match text(input, "NextToken")? {
            None => 0,
            Some(token) => token.parse().ok().filter(|from| *from <= all.len()).ok_or_else(|| {
                ApiError::new("InvalidNextTokenException", "The NextToken value is invalid.")
            })?,
        };
    let to = all.len().min(from + usize::try_from(wanted).unwrap_or(all.len()));
    if to < all.len() {
        output["NextToken"] = json!(to.to_string());
    }
    output[name] = all.into_iter().skip(from).take(to - from).collect();
    Ok(output)
}

struct Filter {
    key: String,
    values: Vec<String>,
}

fn filters(value: &Value) -> Result<Vec<Filter>, ApiError> {
    const KEYS: &[&str] = &["name", "description", "tag-key", "tag-value", "all"];
    let filter = |filter: &Value| {
        let key = filter["Key"].as_str().filter(|key| KEYS.contains(key))?.to_owned();
        let values = filter["Values"].as_array()?.iter().map(|value| Some(value.as_str()?.to_owned()));
        Some(Filter { key, values: values.collect::<Option<_>>()? })
    };
    value.as_array().into_iter().flatten().map(filter).collect::<Option<_>>().ok_or_else(|| {
        let message = format!("A filter needs a Key out of {} and Values.", KEYS.join(", "));
        ApiError::new("InvalidParameterException", message)
    })
}

impl Filter {
    /// Whether a value is the beginning of what the filter looks at; a value with `!` in front must not be.
    fn takes(&self, secret: &Secret) -> bool {
        let texts = self.texts(secret);
        self.values.iter().any(|value| match value.strip_prefix('!') {
            Some(not) => !texts.iter().any(|text| begins(text, not)),
            None => texts.iter().any(|text| begins(text, value)),
        })
    }

    fn texts<'s>(&self, secret: &'s Secret) -> Vec<&'s str> {
        let asked = |key: &str| self.key == key || self.key == "all";
        let mut texts = Vec::new();
        if asked("name") {
            texts.push(secret.name.as_str());
        }
        if asked("description") {
            texts.extend(secret.description.as_deref());
        }
        if asked("tag-key") {
            texts.extend(secret.tags.keys().map(String::as_str));
        }
        if asked("tag-value") {
            texts.extend(secret.tags.values().map(String::as_str));
        }
        texts
    }
}

/// Names are compared with case, everything else without; here without, which finds more.
fn begins(text: &str, start: &str) -> bool {
    text.to_lowercase().starts_with(&start.to_lowercase())
}
