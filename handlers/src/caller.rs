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
}
