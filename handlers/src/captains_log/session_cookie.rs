//! The cookie that carries the session id.

use super::SessionId;

/// Its name, which browsers and RFC 6265 take letter by letter.
const NAME: &str = "session-id";

/// Never read by scripts, never sent without TLS, never sent along with another site's forms; to the API and to the
/// pages alike, and to no other host.
const ATTRIBUTES: &str = "Path=/; HttpOnly; Secure; SameSite=Lax";

/// The session that a visitor's cookies name, if they agree on one.
///
/// A value may stand in one pair of double quotes, which belong to the cookie's grammar. The same value twice is one
/// value. Two values that differ are none: a cookie that somebody planted from a neighbouring host or for another path
/// can then end a session, but never swap it for another one. So is a value beside a malformed one.
pub(crate) fn session(cookies: &[(String, String)]) -> Option<SessionId> {
    let mut values = values(cookies);
    let first = values.next()?;
    values.all(|value| value == first).then(|| SessionId::parse(first))?
}

/// Every session that a visitor's cookies name, whether or not they agree; the first few of them, for each one is a call
/// to the table.
pub(crate) fn named(cookies: &[(String, String)]) -> Vec<SessionId> {
    let mut ids: Vec<_> = values(cookies).filter_map(SessionId::parse).collect();
    ids.dedup();
    ids.truncate(MOST);
    ids
}

/// More cookies of one name than a visitor's browser has reason to hold.
const MOST: usize = 4;

fn values(cookies: &[(String, String)]) -> impl Iterator<Item = &str> {
    cookies.iter().filter(|(name, _)| name == NAME).map(|(_, value)| unquoted(value))
}

fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}

/// `Set-Cookie` for a session that has just begun and lasts this many seconds.
pub(crate) fn begun(id: &SessionId, seconds: u64) -> String {
    format!("{NAME}={}; Max-Age={seconds}; {ATTRIBUTES}", id.as_str())
}

/// `Set-Cookie` that makes the browser forget the session.
pub(crate) fn ended() -> String {
    format!("{NAME}=; Max-Age=0; {ATTRIBUTES}")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::cookies;
    use proptest::prelude::*;

    pub(crate) const ID: &str = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGw";
    const OTHER: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn found(headers: &[&str]) -> Option<String> {
        session(&cookies::parse(headers.iter().copied())).map(|id| id.as_str().to_owned())
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        for header in [
            format!("session-id={ID}"),
            format!("a=1; session-id={ID}; b=2"),
            format!("a=1;session-id={ID};b"),
            format!(" session-id = \t{ID} ;"),
            format!("session-id=\"{ID}\""),
            format!("Session-Id={OTHER}; session-id={ID}; xsession-id={OTHER}; session-id2={OTHER}"),
            format!("session-id={ID}; session-id=\"{ID}\""),
        ] {
            assert_eq!(found(&[&header]).as_deref(), Some(ID), "{header}");
        }
        assert_eq!(found(&["a=1", &format!("session-id={ID}")]).as_deref(), Some(ID));
    }

    #[test]
    fn doubtful_cookies_are_none() {
        for header in [
            String::new(),
            "session-id".into(),
            "session-id=".into(),
            "session-id=\"".into(),
            format!("session-id={ID}x"),
            format!("session-id=\"{ID}"),
            format!("session-id={ID}\""),
            format!("session-id=\"\"{ID}\"\""),
            format!("session-id={ID}, {OTHER}"),
            format!("session-id={ID}; session-id={OTHER}"),
            format!("session-id={OTHER}; session-id={ID}"),
            format!("session-id=; session-id={ID}"),
            format!("SESSION-ID={ID}"),
            format!("session%2Did={ID}"),
            format!("a=\"; session-id={ID}x\""),
        ] {
            assert_eq!(found(&[&header]), None, "{header}");
        }
        assert_eq!(found(&[&format!("session-id={ID}"), &format!("session-id={OTHER}")]), None);
    }

    #[test]
    fn few_of_many_are_named() {
        let named = |header: &str| named(&cookies::parse([header])).len();
        assert_eq!(named(&format!("session-id={ID}; session-id=x; session-id=\"{OTHER}\"; a={ID}")), 2);
        let flood: Vec<_> = [ID, OTHER].repeat(200).iter().map(|id| format!("session-id={id}")).collect();
        assert_eq!(named(&flood.join("; ")), MOST);
    }

    #[test]
    fn browsers_are_told_to_keep_it_safe() {
        let id = SessionId::parse(ID).unwrap();
        assert_eq!(
            begun(&id, 60),
            format!("session-id={ID}; Max-Age=60; Path=/; HttpOnly; Secure; SameSite=Lax")
        );
        assert_eq!(ended(), "session-id=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax");
    }

    proptest! {
        #[test]
        fn no_header_panics_and_only_ids_come_out(headers in prop::collection::vec("\\PC*|(session-id=?[\"A-Za-z0-9_ ;-]{0,60}){0,3}", 0..4)) {
            let headers: Vec<_> = headers.iter().map(String::as_str).collect();
            if let Some(id) = found(&headers) {
                prop_assert!(SessionId::parse(&id).is_some());
                prop_assert!(headers.concat().contains(&id));
            }
        }

        #[test]
        fn neighbours_do_not_hide_it(before in "([a-z]{1,8}=[a-zA-Z0-9.%\"]{0,20}; ?){0,4}", after in "(; ?[a-z]{1,8}=[^;\\x00-\\x1f]{0,20}){0,4}") {
            let header = format!("{before}session-id={ID}{after}");
            prop_assert_eq!(found(&[&header]), Some(ID.to_owned()));
        }

        #[test]
        fn what_we_set_comes_back(bytes in any::<[u8; 32]>()) {
            use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
            let id = SessionId::parse(&BASE64_URL_SAFE_NO_PAD.encode(bytes)).unwrap();
            let set = begun(&id, 60);
            let sent = set.split(';').next().unwrap();
            prop_assert_eq!(found(&[sent]), Some(id.as_str().to_owned()));
        }
    }
}
