//! Who may log in.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// User names with their passwords, as digests of both together.
///
/// The secret's own text is not kept, so nothing that shows this value shows a password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passwords(Vec<[u8; 32]>);

impl Passwords {
    /// Reads the secret: a JSON object, user names to passwords. A name whose value is no text has no password, and so
    /// cannot log in.
    ///
    /// # Errors
    /// When it is no JSON object. The message holds nothing of the text.
    pub fn read(secret: &str) -> Result<Self, &'static str> {
        let users: Map<String, Value> =
            serde_json::from_str(secret).map_err(|_| "the secret is not a JSON object of user names")?;
        let pairs = users.iter().filter_map(|(name, password)| Some(digest(name, password.as_str()?)));
        Ok(Self(pairs.collect()))
    }

    /// Whether nobody can log in.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this is the password of this user.
    ///
    /// The work is the same for a wrong password, an unknown user and a right one: one digest, and a comparison with
    /// every known one that takes the same time wherever they differ.
    pub fn admit(&self, user_name: &str, password: &str) -> bool {
        let asked = digest(user_name, password);
        self.0.iter().fold(Choice::from(0), |found, known| found | known.ct_eq(&asked)).into()
    }
}

/// The name's length stands in front, so that no other pair reads the same: (`ab`, `c`) is not (`a`, `bc`).
fn digest(user_name: &str, password: &str) -> [u8; 32] {
    let length = user_name.len() as u64;
    let hash = Sha256::new().chain_update(length.to_be_bytes()).chain_update(user_name);
    hash.chain_update(password).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn crew() -> Passwords {
        Passwords::read(r#"{"picard": "makeitso", "kirk": "KHAAAN!!!", "data": 1, "q": null}"#).unwrap()
    }

    #[test]
    fn each_user_has_one_password() {
        assert!(crew().admit("picard", "makeitso") && crew().admit("kirk", "KHAAAN!!!"));
        for (user, password) in [
            ("picard", "KHAAAN!!!"),
            ("picard", "Makeitso"),
            ("picard", "makeits"),
            ("picard", ""),
            ("Picard", "makeitso"),
            ("picar", "dmakeitso"),
            ("", "picardmakeitso"),
            ("data", "1"),
            ("q", "null"),
            ("riker", "makeitso"),
        ] {
            assert!(!crew().admit(user, password), "{user} {password}");
        }
    }

    #[test]
    fn without_users_nobody_is_admitted() {
        assert!(!Passwords::default().admit("", "") && Passwords::default().is_empty() && !crew().is_empty());
        assert!(!Passwords::read("{}").unwrap().admit("picard", "makeitso"));
    }

    #[test]
    fn another_secret_is_an_error_without_its_text() {
        for secret in ["", "makeitso", "[\"makeitso\"]", "{\"picard\": \"makeitso\"", "\"makeitso\""] {
            let error = Passwords::read(secret).unwrap_err();
            assert!(!error.contains("makeitso"), "{error}");
        }
        assert!(!format!("{:?}", crew()).contains("makeitso"));
    }

    proptest! {
        #[test]
        fn only_the_very_pair_is_admitted(user in "\\PC{1,8}", password in "\\PC{1,8}", other in "\\PC{1,8}") {
            let secret = Value::Object(Map::from_iter([(user.clone(), password.clone().into())])).to_string();
            let passwords = Passwords::read(&secret).unwrap();
            prop_assert!(passwords.admit(&user, &password));
            prop_assert_eq!(passwords.admit(&user, &other), other == password);
            prop_assert_eq!(passwords.admit(&other, &password), other == user);
        }
    }
}
