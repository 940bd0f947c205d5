//! The opaque text that says where the next page of a list begins.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// The length of the tag, in bytes.
const TAG: usize = 8;

/// The longest sort key of DynamoDB is 1,024 bytes; this is the cursor of one.
const LONGEST: usize = (TAG + 1024).div_ceil(3) * 4;

/// The cursors of one user's list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursors<'a> {
    list: &'static str,
    owner: &'a str,
}

impl<'a> Cursors<'a> {
    /// Those of this list, such as `todo/items`, and this user.
    pub(crate) fn of(list: &'static str, owner: &'a str) -> Self {
        Self { list, owner }
    }

    /// The cursor after the entry with this id: a tag, then the id.
    pub(crate) fn encode(self, id: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode([&self.tag(id), id.as_bytes()].concat())
    }

    /// The id in a cursor that was made for this list and user.
    pub(crate) fn decode(self, cursor: &str) -> Option<String> {
        let text = Some(cursor).filter(|cursor| cursor.len() <= LONGEST)?;
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (found, id) = bytes.split_at_checked(TAG)?;
        let id = std::str::from_utf8(id).ok().filter(|id| !id.is_empty())?;
        (found == self.tag(id)).then(|| id.to_owned())
    }

    /// Binds a cursor to its list and user and shows damage, without a secret to keep: somebody who forges one merely
    /// chooses where in their own list to begin, because the list is always that of the token's user.
    fn tag(self, id: &str) -> [u8; TAG] {
        let digest = Sha256::new()
            .chain_update(self.list)
            .chain_update(b"/1\0")
            .chain_update(self.owner)
            .chain_update(b"\0")
            .chain_update(id)
            .finalize();
        std::array::from_fn(|index| digest[index])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ID: &str = "0b0e7a52-1f4b-4c8e-9d3a-6d3f0f7f2a11";

    fn ann() -> Cursors<'static> {
        Cursors::of("todo/items", "ann")
    }

    #[test]
    fn a_cursor_is_of_no_use_to_others_or_elsewhere() {
        assert_eq!(Cursors::of("todo/items", "bob").decode(&ann().encode(ID)), None);
        assert_eq!(Cursors::of("uploads/files", "ann").decode(&ann().encode(ID)), None);
        assert_ne!(Cursors::of("todo/items", "bob").encode(ID), ann().encode(ID));
    }

    #[test]
    fn every_change_is_noticed() {
        let cursor = ann().encode(ID);
        for index in 0..cursor.len() {
            for other in (0u8..=127).map(char::from).filter(|c| !cursor[index..].starts_with(*c)) {
                let changed = format!("{}{other}{}", &cursor[..index], &cursor[index + 1..]);
                assert_eq!(ann().decode(&changed), None, "{changed}");
            }
            assert_eq!(ann().decode(&cursor[..index]), None);
        }
    }

    #[test]
    fn nonsense_is_no_cursor() {
        let empty = BASE64_URL_SAFE_NO_PAD.encode(ann().tag(""));
        for text in ["", "AA", "=", "äöü", "{\"UserId\":\"bob\"}", ID, &empty, &"A".repeat(100_000)] {
            assert_eq!(ann().decode(text), None, "{text:.40}");
        }
    }

    proptest! {
        #[test]
        fn a_cursor_leads_back_and_fits_a_query_string(owner in "[^\0]{0,128}", id in ".{1,256}") {
            let cursors = Cursors::of("todo/items", &owner);
            let cursor = cursors.encode(&id);
            prop_assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
            prop_assert_eq!(cursors.decode(&cursor), Some(id));
        }

        #[test]
        fn what_is_read_is_what_would_be_written(text in "[A-Za-z0-9_-]{0,64}|\\PC{0,64}") {
            if let Some(id) = ann().decode(&text) {
                prop_assert_eq!(ann().encode(&id), text);
            }
        }

        #[test]
        fn owner_and_id_cannot_be_shifted(owner in "[a-c]{1,4}", id in "[a-c]{2,4}") {
            let longer = format!("{owner}{}", &id[..1]);
            let cursor = Cursors::of("todo/items", &owner).encode(&id);
            prop_assert_eq!(Cursors::of("todo/items", &longer).decode(&cursor), None);
        }
    }
}
