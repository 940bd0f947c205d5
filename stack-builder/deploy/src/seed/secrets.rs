//! Values for secrets.

use super::hidden::Hidden;
use super::json::Json;
use crate::call::Call;
use crate::service::Service;
use crate::{Environment, Error, token};
use serde_json::{Value, json};

/// Gives the secret its value, and says whether it had another; one call when not, else two.
pub(crate) async fn set(environment: &Environment, secret: &str, value: &Hidden) -> Result<bool, Error> {
    if current(environment, secret).await?.is_some_and(|current| is_same(&current.0, &value.0)) {
        return Ok(false);
    }
    let body = json!({ "SecretId": secret, "SecretString": value.0, "ClientRequestToken": token::fresh() });
    let answer = call(environment, "secretsmanager:PutSecretValue", &body).await;
    answer.map(|_| true).map_err(|error| value.taken_out_of(error))
}

/// Each new version counts against a limit, so that the same value is not written again.
///
/// Whoever may write a secret may not always read it; then it is written.
async fn current(environment: &Environment, secret: &str) -> Result<Option<Hidden>, Error> {
    match call(environment, "secretsmanager:GetSecretValue", &json!({ "SecretId": secret })).await {
        Ok(answer) => Ok(answer["SecretString"].as_str().map(|text| Hidden(text.to_owned()))),
        // It has no value yet.
        Err(Error::Service { code, .. }) if code == "ResourceNotFoundException" => Ok(None),
        Err(Error::AccessDenied { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The same text, or the same JSON.
fn is_same(a: &str, b: &str) -> bool {
    let json = |text: &str| Json::read(text).ok().map(Json::sorted);
    a == b || json(a).is_some_and(|a| json(b) == Some(a))
}

async fn call(environment: &Environment, action: &'static str, body: &Value) -> Result<Value, Error> {
    environment.call_json(&Service::SECRETS, Call::target(action, "secretsmanager", "1.1", body)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_json_is_the_same_secret() {
        assert!(is_same(r#"{"a":1,"b":2}"#, r#"{ "b": 2, "a": 1 }"#));
        assert!(is_same("text", "text"));
        assert!(!is_same("text", "other"));
        assert!(!is_same(r#"{"a":1}"#, r#"{"a":2}"#));
        assert!(!is_same("12345678901234567891", "12345678901234567892"));
    }
}
