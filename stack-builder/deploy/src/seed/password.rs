//! Which passwords a user pool takes, so that a weak one is found before anything is written.

use super::hidden::Hidden;
use crate::call::Call;
use crate::service::Service;
use crate::{Environment, Error};
use serde_json::{Value, json};

/// A user pool's demands. Those that this does not know are left to the pool.
#[derive(Clone, Debug)]
pub(crate) struct Policy(Value);

/// Its name in a policy, what it is in words, and which characters meet it.
type Demand = (&'static str, &'static str, fn(char) -> bool);

impl Policy {
    /// One call.
    pub(crate) async fn read(environment: &Environment, pool: &str) -> Result<Self, Error> {
        let body = json!({ "UserPoolId": pool });
        let call =
            Call::target("cognito-idp:DescribeUserPool", "AWSCognitoIdentityProviderService", "1.1", &body);
        let mut answer = environment.call_json(&Service::COGNITO, call).await?;
        Ok(Self(answer["UserPool"]["Policies"]["PasswordPolicy"].take()))
    }

    /// Why the pool would refuse the password, if it would; the text does not contain it.
    pub(crate) fn fault(&self, password: &Hidden) -> Option<String> {
        let password = &password.0;
        let least = self.0["MinimumLength"].as_u64().unwrap_or_default();
        if (password.chars().count() as u64) < least {
            return Some(format!("the user pool wants passwords of at least {least} characters"));
        }
        let demands: [Demand; 4] = [
            ("RequireUppercase", "an upper-case letter", |c| c.is_ascii_uppercase()),
            ("RequireLowercase", "a lower-case letter", |c| c.is_ascii_lowercase()),
            ("RequireNumbers", "a digit", |c| c.is_ascii_digit()),
            ("RequireSymbols", "a symbol", |c| c.is_ascii_punctuation() || c == ' '),
        ];
        let unmet =
            demands.iter().find(|(demand, _, met)| self.0[*demand] == true && !password.chars().any(*met));
        unmet.map(|(_, what, _)| format!("the user pool wants {what} in a password"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(password: &str, expect: Option<&str>) {
        let policy = Policy(json!({
            "MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true, "RequireNumbers": true,
            "RequireSymbols": true,
        }));
        assert_eq!(policy.fault(&Hidden(password.to_owned())).as_deref(), expect);
    }

    #[test]
    fn a_weak_password_is_told_what_it_lacks() {
        check("Engage-1", None);
        check("Engage1", Some("the user pool wants passwords of at least 8 characters"));
        check("engage-1", Some("the user pool wants an upper-case letter in a password"));
        check("ENGAGE-1", Some("the user pool wants a lower-case letter in a password"));
        check("Engage-x", Some("the user pool wants a digit in a password"));
        check("Engage11", Some("the user pool wants a symbol in a password"));
    }

    #[test]
    fn an_unknown_policy_demands_nothing() {
        assert_eq!(Policy(Value::Null).fault(&Hidden("x".to_owned())), None);
    }
}
