//! Secrets, whose values no template ever holds.

use crate::construct::Construct;
use crate::grant::Grant;
use crate::scope::Scope;
use stack_builder_cfn::secretsmanager as l1;
use stack_builder_cfn::{Attributes, IntoValue, Node, RemovalPolicy, Value, intrinsic};

/// Characters of a generated value: 238 bits of letters and digits.
const LENGTH: u32 = 40;

/// A secret of Secrets Manager, encrypted by the account's own key for it.
#[must_use = "a construct does nothing until it is added"]
pub struct Secret {
    l1: l1::Secret,
}

impl Secret {
    /// A secret without a value: `stack-builder seed` or a person gives it one after deployment.
    ///
    /// It stays when it leaves the stack unless [`removal_policy`](Self::removal_policy) says otherwise.
    #[track_caller]
    pub fn new() -> Self {
        Self { l1: l1::Secret::new().removal_policy(RemovalPolicy::RetainExceptOnCreate) }
    }

    /// A secret whose value AWS makes up: 40 letters and digits, which fit a header, an API key and an address.
    ///
    /// It goes with the stack unless [`removal_policy`](Self::removal_policy) says otherwise: another can be made up.
    #[track_caller]
    pub fn generated() -> Self {
        let l1 = l1::Secret::new()
            .generate_secret_string_with(|value| value.password_length(LENGTH).exclude_punctuation(true))
            .removal_policy(RemovalPolicy::Delete);
        Self { l1 }
    }

    /// A secret whose value AWS makes up in another form: `|value| value.password_length(64).exclude_numbers(true)`.
    #[track_caller]
    pub fn generated_as(
        form: impl FnOnce(l1::secret::GenerateSecretString) -> l1::secret::GenerateSecretString,
    ) -> Self {
        Self { l1: l1::Secret::new().generate_secret_string_with(form).removal_policy(RemovalPolicy::Delete) }
    }

    /// Says what it is for.
    #[track_caller]
    pub fn description(mut self, text: impl IntoValue<String>) -> Self {
        self.l1 = self.l1.description(text);
        self
    }

    /// What becomes of it when it leaves the stack.
    #[track_caller]
    pub fn removal_policy(mut self, policy: RemovalPolicy) -> Self {
        self.l1 = self.l1.removal_policy(policy);
        self
    }

    /// Changes the CloudFormation resource underneath.
    #[track_caller]
    pub fn l1(mut self, change: impl FnOnce(l1::Secret) -> l1::Secret) -> Self {
        self.l1 = change(self.l1);
        self
    }
}

impl Default for Secret {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl Construct for Secret {
    type Handle = SecretRef;

    fn build(self, scope: &mut Scope) -> SecretRef {
        let arn = scope.resource(self.l1).reference();
        SecretRef { granted: arn.clone(), arn }
    }
}

/// A handle on a secret.
#[derive(Clone, Debug)]
pub struct SecretRef {
    arn: Value<String>,
    /// The ARN as policies name it.
    granted: Value<String>,
}

impl SecretRef {
    /// A secret that something else made, by its ARN.
    ///
    /// Secrets Manager ends an ARN with a hyphen and six characters of its own choice. One without them names the secret
    /// too, and a grant on it then allows whichever six there are.
    ///
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html>
    pub fn from_arn(arn: impl IntoValue<String>) -> Self {
        let arn = arn.into_value();
        let granted = match arn.node() {
            Node::Text(text) if !has_suffix(text) => format!("{text}-??????").into_value(),
            _ => arn.clone(),
        };
        Self { arn, granted }
    }

    /// A secret of this account and region that something else made, by its name.
    pub fn from_name(name: impl IntoValue<String>) -> Self {
        let arn = |suffix: &str, name: Value<String>| {
            let begin =
                "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${name}";
            intrinsic::sub(&format!("{begin}{suffix}"), [("name", name)])
        };
        let name = name.into_value();
        Self { arn: arn("", name.clone()), granted: arn("-??????", name) }
    }

    /// Its ARN, by which a function asks for the value.
    pub fn arn(&self) -> Value<String> {
        self.arn.clone()
    }

    /// Its value, as a reference that CloudFormation resolves while it deploys and that no template, event or log holds.
    ///
    /// The deployment fails while the secret has no value. A value that is changed later reaches what uses it only when
    /// that is updated.
    ///
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html>
    pub fn value(&self) -> Value<String> {
        intrinsic::sub("{{resolve:secretsmanager:${arn}:SecretString}}", [("arn", self.arn())])
    }

    /// The field `key` of a value that is a JSON object, in the same way.
    pub fn field(&self, key: &str) -> Value<String> {
        let parts = [("arn", self.arn()), ("key", key.into_value())];
        intrinsic::sub("{{resolve:secretsmanager:${arn}:SecretString:${key}}}", parts)
    }

    /// Permission to read the value.
    pub fn read(&self) -> Grant {
        Grant::allow(["secretsmanager:GetSecretValue"], &self.granted)
    }
}

/// Whether an ARN ends as Secrets Manager ends them.
fn has_suffix(arn: &str) -> bool {
    arn.rsplit_once('-')
        .is_some_and(|(_, end)| end.len() == 6 && end.bytes().all(|c| c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(value: &Value<String>, expect: serde_json::Value) {
        assert_eq!(serde_json::to_value(value.node()).unwrap(), expect);
    }

    #[test]
    fn a_grant_fits_an_arn_with_and_without_its_end() {
        let arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:passwords";
        check(&SecretRef::from_arn(arn).granted, json!(format!("{arn}-??????")));
        let whole = format!("{arn}-a1B2c3");
        check(&SecretRef::from_arn(&whole).granted, json!(whole));
        let named = SecretRef::from_name("passwords").granted;
        let begin = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:passwords";
        check(&named, json!({"Fn::Sub": format!("{begin}-??????")}));
    }

    #[test]
    fn a_value_is_a_reference() {
        let secret = SecretRef::from_name("door");
        let text = "{{resolve:secretsmanager:arn:${AWS::Partition}:secretsmanager:${AWS::Region}:\
                    ${AWS::AccountId}:secret:door:SecretString:key}}";
        check(&secret.field("key"), json!({"Fn::Sub": text}));
    }
}
