//! The opaque text that says where the next page of a list begins.

use crate::Caller;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// The length of the tag, in bytes.
const TAG: usize = 8;

/// The longest sort key of DynamoDB is 1,024 bytes; this is the cursor of one.
const LONGEST: usize = (TAG + 1024).div_ceil(3) * 4;

/// The cursor after this file of this caller: a tag over both, then the file id.
pub(crate) fn encode(caller: &Caller, file_id: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode([&tag(caller, file_id), file_id.as_bytes()].concat())
}

/// The file id of a cursor that was made for this caller.
pub(crate) fn decode(caller: &Caller, cursor: &str) -> Option<String> {
    let bytes = Some(cursor).filter(|cursor| cursor.len() <= LONGEST)?;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(bytes).ok()?;
    let (found, file_id) = bytes.split_at_checked(TAG)?;
    let file_id = std::str::from_utf8(file_id).ok().filter(|id| !id.is_empty())?;
    (found == tag(caller, file_id)).then(|| file_id.to_owned())
}

/// Binds a cursor to its caller and shows damage, without a secret to keep: somebody who forges one merely chooses
/// where in their own list to begin, because the list is always that of the token's user.
fn tag(caller: &Caller, file_id: &str) -> [u8; TAG] {
    let digest = Sha256::new()
        .chain_update(b"uploads/files/1\0")
        .chain_update(caller.as_str())
        .chain_update(b"\0")
        .chain_update(file_id)
        .finalize();
    std::array::from_fn(|index| digest[index])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Request;

    const ID: &str = "0b0e7a52-1f4b-4c8e-9d3a-6d3f0f7f2a11";

    fn caller(subject: &str) -> Caller {
        Caller::of(&Request { subject: Some(subject.into()), ..Request::default() }).unwrap()
    }

    #[test]
    fn a_cursor_leads_back_and_fits_a_query_string() {
        for id in [ID, "x", &"x".repeat(1024)] {
            let cursor = encode(&caller("ann"), id);
            assert_eq!(decode(&caller("ann"), &cursor).as_deref(), Some(id));
            assert!(
                cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
                "{cursor}"
            );
        }
    }

    #[test]
    fn a_cursor_is_of_no_use_to_others() {
        assert_eq!(decode(&caller("bob"), &encode(&caller("ann"), ID)), None);
        assert_ne!(encode(&caller("bob"), ID), encode(&caller("ann"), ID));
    }

    #[test]
    fn every_change_is_noticed() {
        let cursor = encode(&caller("ann"), ID);
        for index in 0..cursor.len() {
            for other in (0u8..=127).map(char::from).filter(|c| !cursor[index..].starts_with(*c)) {
                let changed = format!("{}{other}{}", &cursor[..index], &cursor[index + 1..]);
                assert_eq!(decode(&caller("ann"), &changed), None, "{changed}");
            }
            assert_eq!(decode(&caller("ann"), &cursor[..index]), None);
        }
    }

    #[test]
    fn nonsense_is_no_cursor() {
        let empty = BASE64_URL_SAFE_NO_PAD.encode(tag(&caller("ann"), ""));
        for text in ["", "AA", "=", "äöü", "{\"UserId\":\"bob\"}", ID, &empty, &"A".repeat(100_000)] {
            assert_eq!(decode(&caller("ann"), text), None, "{text:.40}");
        }
    }
}
