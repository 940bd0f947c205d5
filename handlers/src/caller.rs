//! Who is asking.

use crate::{Failure, Request};

/// The verified user behind a request: the token's `sub`, fit to be the first segment of an object key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller(String);

impl Caller {
    /// The caller, from the authorizer's claim and from nowhere else.
    ///
    /// # Errors
    /// [`Failure::NoCaller`] without a claim, or with one that could reach outside the caller's prefix. Cognito's
    /// `sub` is a UUID; other issuers use forms such as `auth0|5f7c`, so visible ASCII without slashes is taken.
    pub fn of(request: &Request) -> Result<Self, Failure> {
        let subject = request.subject.as_deref().filter(|subject| is_segment(subject));
        subject.map(|subject| Self(subject.to_owned())).ok_or(Failure::NoCaller)
    }

    /// The `sub` claim.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The verified user's name in the user pool: the token's `cognito:username`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserName(String);

impl UserName {
    /// The name, from the authorizer's claim and from nowhere else.
    ///
    /// # Errors
    /// [`Failure::NoCaller`] without a claim, or with one that Cognito would not give: its names have 1 to 128
    /// characters, any letters, marks, symbols, numbers and punctuation.
    /// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html>
    pub fn of(request: &Request) -> Result<Self, Failure> {
        let name = request.username.as_deref().filter(|name| is_name(name));
        name.map(|name| Self(name.to_owned())).ok_or(Failure::NoCaller)
    }

    /// The `cognito:username` claim.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_name(name: &str) -> bool {
    let visible = |c: char| !c.is_control() && !c.is_whitespace();
    (1..=128).contains(&name.chars().count()) && name.chars().all(visible)
}

fn is_segment(subject: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'/' && byte != b'\\';
    (1..=128).contains(&subject.len()) && subject.bytes().all(plain) && subject != "." && subject != ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(subject: &str) -> Result<Caller, Failure> {
        Caller::of(&Request { subject: Some(subject.into()), ..Request::default() })
    }

    #[test]
    fn a_claim_is_needed() {
        assert_eq!(Caller::of(&Request::default()), Err(Failure::NoCaller));
    }

    #[test]
    fn ordinary_subjects_are_taken() {
        for subject in ["c0ffee00-0000-4000-8000-000000000001", "auth0|5f7c", "a@b.example", &"x".repeat(128)]
        {
            assert_eq!(caller(subject).unwrap().as_str(), subject);
        }
    }

    #[test]
    fn a_subject_cannot_leave_its_prefix() {
        for subject in ["", ".", "..", "a/b", "a\\b", "../x", "a b", "a\0", "ä", "a\n", &"x".repeat(129)] {
            assert_eq!(caller(subject), Err(Failure::NoCaller), "{subject:?}");
        }
    }

    fn user(name: &str) -> Result<UserName, Failure> {
        UserName::of(&Request { username: Some(name.into()), ..Request::default() })
    }

    #[test]
    fn the_user_pools_names_are_taken() {
        assert_eq!(
            UserName::of(&Request { subject: Some("ann".into()), ..Request::default() }),
            Err(Failure::NoCaller)
        );
        for name in
            ["c0ffee00-0000-4000-8000-000000000001", "ann@example.org", "Zoë", "a/b", "報", &"ä".repeat(128)]
        {
            assert_eq!(user(name).unwrap().as_str(), name);
        }
        for name in ["", " ", "a b", "a\0", "a\n", "a\u{a0}b", &"x".repeat(129)] {
            assert_eq!(user(name), Err(Failure::NoCaller), "{name:?}");
        }
    }
}
