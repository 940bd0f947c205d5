//! An item's id.

use crate::{Failure, Problem, Request};
use uuid::Uuid;

const LONGEST: usize = 64;

/// 1 to 64 ASCII letters, digits, `_` and `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemId(String);

impl ItemId {
    /// A new random one, a version 4 UUID.
    pub(crate) fn random() -> Self {
        Self(Uuid::new_v4().to_string())
    }

    /// The placeholder `{id}` of the route.
    ///
    /// # Errors
    /// A 400 that names `id`, when it is not of this form.
    pub(crate) fn of(request: &Request) -> Result<Self, Failure> {
        let id = request.path.get("id").ok_or(crate::failure::MISSING);
        let id = id.and_then(|id| Self::parse(id));
        id.map_err(|problem| Failure::Fields(vec![Problem { field: "id", problem: problem.into() }]))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Result<Self, &'static str> {
        let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let fits = (1..=LONGEST).contains(&text.len()) && text.bytes().all(word);
        let problem = "must be 1 to 64 letters, digits, `_` or `-`";
        if fits { Ok(Self(text.to_owned())) } else { Err(problem) }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A request for this user and the item with this id.
    pub(crate) fn request(user: &str, id: &str) -> Request {
        let path = [("id".to_owned(), id.to_owned())].into();
        Request { username: Some(user.into()), path, ..Request::default() }
    }

    #[test]
    fn random_ids_are_version_4_and_lawful() {
        for _ in 0..100 {
            let id = ItemId::random();
            assert_eq!(ItemId::parse(id.as_str()), Ok(id.clone()));
            assert_eq!(id.as_str().as_bytes()[14], b'4', "{id:?}");
        }
    }

    #[test]
    fn a_route_without_an_id_is_a_fault_of_the_request() {
        assert_eq!(ItemId::of(&Request::default()).unwrap_err().code(), "missing_fields");
        assert_eq!(ItemId::of(&request("ann", "a b")).unwrap_err().code(), "invalid_fields");
        assert_eq!(ItemId::of(&request("ann", "a_b-7")).unwrap().as_str(), "a_b-7");
    }

    #[test]
    fn nothing_else_is_an_id() {
        let long = "x".repeat(65);
        for id in
            ["", " ", ".", "..", "a/b", "%61", "a%2fb", "../a", "a\n", "a\0", "ä", "٣", "a.b", "a+b", &long]
        {
            assert!(ItemId::parse(id).is_err(), "{id:?}");
        }
    }

    proptest! {
        #[test]
        fn words_are_ids(text in "[A-Za-z0-9_-]{1,64}") {
            prop_assert!(ItemId::parse(&text).is_ok());
        }

        #[test]
        fn whatever_is_taken_is_a_word_and_unchanged(text in ".{0,70}|[\\w-]{0,70}") {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            let lawful = (1..=64).contains(&text.chars().count()) && text.chars().all(word);
            prop_assert_eq!(ItemId::parse(&text).ok().map(|id| id.0), lawful.then_some(text));
        }
    }
}
