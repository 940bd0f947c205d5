//! What somebody logs in with.

use crate::{
    Failure, Request,
    fields::{Fields, text},
    json_body,
};
use serde_json::Value;

/// The longest body, in bytes as it came; a lawful one has a few hundred.
const LARGEST_BODY: usize = 4 * 1024;
/// The longest user name and password, in characters.
const LONGEST_NAME: usize = 64;
const LONGEST_PASSWORD: usize = 256;

/// Without `Debug`: it must not be shown.
pub(crate) struct Credentials {
    pub(crate) user_name: String,
    pub(crate) password: String,
}

impl Credentials {
    /// Reads the body `{userName, password}`.
    ///
    /// # Errors
    /// 413 for a long body, what [`json_body::object`] refuses, and a 400 that names each field that is missing or wrong.
    pub(crate) fn read(request: &Request) -> Result<Self, Failure> {
        if request.body.len() > LARGEST_BODY {
            return Err(Failure::BodyTooLarge);
        }
        let body = json_body::object(request)?;
        let mut fields = Fields::of(&body);
        let user_name = fields.required("userName", user_name);
        let password = fields.required("password", password);
        let (Some(user_name), Some(password)) = (user_name, password) else {
            return Err(fields.into_failure());
        };
        Ok(Self { user_name: user_name.to_owned(), password: password.to_owned() })
    }
}

fn user_name(value: &Value) -> Result<&str, &'static str> {
    let name = text(value)?;
    let plain = (1..=LONGEST_NAME).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    plain.then_some(name).ok_or("must have 1 to 64 characters, none of them a control character")
}

fn password(value: &Value) -> Result<&str, &'static str> {
    let password = text(value)?;
    let fits = (1..=LONGEST_PASSWORD).contains(&password.chars().count());
    fits.then_some(password).ok_or("must have 1 to 256 characters")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: &Value) -> Result<Credentials, Failure> {
        Credentials::read(&Request { body: body.to_string(), ..Request::default() })
    }

    #[test]
    fn both_fields_are_taken_as_they_are() {
        let (name, password) = ("ä".repeat(64), " ä\n".repeat(64));
        let credentials = read(&json!({"userName": name, "password": password, "more": 1})).ok().unwrap();
        assert_eq!((credentials.user_name, credentials.password), (name, password));
    }

    #[test]
    fn missing_and_wrong_fields_are_named() {
        for (body, expect) in [
            (json!({}), vec!["userName", "password"]),
            (json!({"userName": "picard"}), vec!["password"]),
            (json!({"userName": "", "password": "x"}), vec!["userName"]),
            (json!({"userName": "a\nb", "password": ["x"]}), vec!["userName", "password"]),
            (json!({"userName": "ä".repeat(65), "password": ""}), vec!["userName", "password"]),
            (json!({"userName": "ä".repeat(64), "password": "ä".repeat(257)}), vec!["password"]),
        ] {
            let Err(Failure::Fields(problems)) = read(&body) else { panic!("{body}") };
            assert_eq!(problems.iter().map(|p| p.field).collect::<Vec<_>>(), expect);
        }
    }

    #[test]
    fn a_long_body_is_not_read() {
        let body = json!({"userName": "picard", "password": "makeitso", "x": "x".repeat(LARGEST_BODY)});
        assert!(matches!(read(&body), Err(Failure::BodyTooLarge)));
    }
}
