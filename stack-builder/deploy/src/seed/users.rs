//! Users who can sign in.

use super::document::User;
use crate::call::Call;
use crate::service::Service;
use crate::{Environment, Error};
use serde_json::{Value, json};

/// Makes the user, unless there is one of this name, and gives it its attributes and its password; says whether it is
/// new. Two calls, three for a user who was there. No mail is sent.
pub(crate) async fn set(environment: &Environment, pool: &str, user: &User) -> Result<bool, Error> {
    let result = create_and_sign(environment, pool, user).await;
    result.map_err(|error| user.password.taken_out_of(error))
}

async fn create_and_sign(environment: &Environment, pool: &str, user: &User) -> Result<bool, Error> {
    let attributes: Vec<Value> =
        user.attributes.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect();
    let of = |more: Value| {
        let mut body = json!({ "UserPoolId": pool, "Username": user.name });
        more.as_object().into_iter().flatten().for_each(|(key, value)| body[key] = value.clone());
        body
    };
    let body = of(json!({ "UserAttributes": attributes, "MessageAction": "SUPPRESS" }));
    let is_new = match call(environment, "cognito-idp:AdminCreateUser", &body).await {
        Ok(_) => true,
        Err(Error::Service { code, .. }) if code == "UsernameExistsException" => false,
        Err(error) => return Err(error),
    };
    if !is_new && !attributes.is_empty() {
        let body = of(json!({ "UserAttributes": attributes }));
        call(environment, "cognito-idp:AdminUpdateUserAttributes", &body).await?;
    }
    let body = of(json!({ "Password": user.password.0, "Permanent": true }));
    call(environment, "cognito-idp:AdminSetUserPassword", &body).await?;
    Ok(is_new)
}

async fn call(environment: &Environment, action: &'static str, body: &Value) -> Result<Value, Error> {
    let call = Call::target(action, "AWSCognitoIdentityProviderService", "1.1", body);
    environment.call_json(&Service::COGNITO, call).await
}
