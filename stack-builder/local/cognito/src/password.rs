//! What a password must be like.

use crate::definition::whole;
use crate::errors::{Result, invalid};
use crate::random;
use serde_json::Value;
use stack_builder_local_core::ApiError;

/// Characters that count as symbols, and a space between others:
/// <https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html>.
const SYMBOLS: &str = "^$*.[]{}()?-\"!@#%&/\\,><':;|_~`+=";

#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the four kinds of characters that the template switches on and off"
)]
pub(crate) struct Policy {
    minimum: usize,
    upper: bool,
    lower: bool,
    number: bool,
    symbol: bool,
    /// Days that a temporary password lasts.
    pub(crate) temporary_days: u64,
}

impl Policy {
    /// Without a policy, Cognito asks for eight characters of all four kinds.
    pub(crate) fn new(policy: &Value) -> Self {
        let asks = |name| if policy.is_null() { true } else { crate::definition::is_true(&policy[name]) };
        Self {
            minimum: usize::try_from(whole(&policy["MinimumLength"]).unwrap_or(8)).unwrap_or(8),
            upper: asks("RequireUppercase"),
            lower: asks("RequireLowercase"),
            number: asks("RequireNumbers"),
            symbol: asks("RequireSymbols"),
            temporary_days: whole(&policy["TemporaryPasswordValidityDays"]).unwrap_or(7),
        }
    }

    /// Refuses a weak password.
    pub(crate) fn check(&self, password: &str) -> Result<()> {
        let has = |kind: fn(char) -> bool| password.chars().any(kind);
        let lacks = [
            (password.chars().count() < self.minimum, "not long enough"),
            (self.lower && !has(char::is_lowercase), "must have lowercase characters"),
            (self.upper && !has(char::is_uppercase), "must have uppercase characters"),
            (self.number && !has(|c| c.is_ascii_digit()), "must have numeric characters"),
            (self.symbol && !has_symbol(password), "must have symbol characters"),
        ];
        if password.chars().count() > 256 {
            return Err(invalid(
                "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length \
                 less than or equal to 256",
            ));
        }
        if password.trim() != password {
            return Err(refused("Password must not begin or end with a space"));
        }
        let lack = lacks.iter().find(|(is_lacking, _)| *is_lacking);
        lack.map_or(Ok(()), |(_, what)| Err(refused(&format!("Password {what}"))))
    }

    /// What the policy asks for, in a sentence for people.
    pub(crate) fn sentence(&self) -> String {
        let kinds = [(self.lower, "a lower-case letter"), (self.upper, "an upper-case letter")];
        let kinds = kinds.into_iter().chain([(self.number, "a digit"), (self.symbol, "a symbol")]);
        let kinds: Vec<&str> = kinds.filter(|(asked, _)| *asked).map(|(_, kind)| kind).collect();
        let with = match kinds.split_last() {
            None => String::new(),
            Some((only, [])) => format!(", with {only}"),
            Some((last, rest)) => format!(", with {} and {last}", rest.join(", ")),
        };
        format!("At least {} characters{with}.", self.minimum)
    }

    /// A password that the policy accepts.
    pub(crate) fn generate(&self) -> String {
        let kinds: [&[u8]; 4] =
            [b"abcdefghjkmnpqrstuvwxyz", b"ABCDEFGHJKMNPQRSTUVWXYZ", b"23456789", b"-!@#%&"];
        let length = self.minimum.clamp(12, 256).div_ceil(4);
        (0..length).map(|_| kinds.map(|kind| random::text(kind, 1)).concat()).collect()
    }
}

fn has_symbol(password: &str) -> bool {
    // A space inside counts; outside it was refused.
    password.chars().any(|c| SYMBOLS.contains(c) || c == ' ')
}

fn refused(why: &str) -> ApiError {
    ApiError::new("InvalidPasswordException", format!("Password did not conform with policy: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(policy: &Policy, password: &str, expected: &str) {
        let message = policy.check(password).err().map(|error| error.message).unwrap_or_default();
        assert_eq!(message.rsplit(": ").next().unwrap_or_default(), expected, "{password}");
    }

    #[test]
    fn tells_what_a_password_lacks() {
        let policy = Policy::new(&Value::Null);
        check(&policy, "Aa1-", "Password not long enough");
        check(&policy, "AAAAAAA1-", "Password must have lowercase characters");
        check(&policy, "aaaaaaa1-", "Password must have uppercase characters");
        check(&policy, "aaaaAAAA-", "Password must have numeric characters");
        check(&policy, "aaaaAAAA1", "Password must have symbol characters");
        check(&policy, " aaaAAAA1-", "Password must not begin or end with a space");
        check(&policy, "aaa AAAA1", "");
        check(&policy, "aaaaAAA1-", "");
    }

    #[test]
    fn asks_for_no_more_than_it_was_told() {
        let policy = Policy::new(&json!({ "MinimumLength": "6", "RequireNumbers": true }));
        check(&policy, "aaaaa1", "");
        check(&policy, "aaaaaa", "Password must have numeric characters");
        assert_eq!(policy.sentence(), "At least 6 characters, with a digit.");
    }

    #[test]
    fn what_it_makes_is_accepted() {
        let policy = Policy::new(&Value::Null);
        check(&policy, &policy.generate(), "");
        assert_ne!(policy.generate(), policy.generate());
    }
}
