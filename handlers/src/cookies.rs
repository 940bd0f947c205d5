//! Cookies as a browser sends them.

/// The names and values in `Cookie` headers, in their order; a piece without `=` or without a name is left out.
///
/// White space round name and value is no part of them. Nothing is decoded or unquoted: RFC 6265 gives values no
/// encoding, so what was set comes back as it was.
pub(crate) fn parse<'a>(headers: impl IntoIterator<Item = &'a str>) -> Vec<(String, String)> {
    headers.into_iter().flat_map(|header| header.split(';')).filter_map(pair).collect()
}

fn pair(piece: &str) -> Option<(String, String)> {
    let (name, value) = piece.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    (!name.is_empty()).then(|| (name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(header: &str) -> Vec<(String, String)> {
        parse([header])
    }

    #[test]
    fn pieces_are_parted_at_semicolons_and_the_first_equals_sign() {
        let pairs = parsed("a=1;b=2; c = x=y== ;d=");
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "1"), ("b", "2"), ("c", "x=y=="), ("d", "")]);
    }

    #[test]
    fn what_is_no_cookie_is_left_out() {
        for header in ["", ";", "a", "=1", " =1; ; b", ";;;=;"] {
            assert_eq!(parsed(header), [], "{header:?}");
        }
    }

    proptest! {
        #[test]
        fn lawful_cookies_come_back_as_they_were_set(
            cookies in prop::collection::vec(("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}", "[!#-+\\--:<-\\[\\]-~]{0,40}"), 0..8),
        ) {
            let header: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            prop_assert_eq!(parse([header.join("; ").as_str()]), cookies.clone());
            prop_assert_eq!(parse(header.iter().map(String::as_str)), cookies);
        }

        #[test]
        fn nothing_is_made_up(header in any::<String>()) {
            for (name, value) in parse([header.as_str()]) {
                prop_assert!(header.contains(&name) && header.contains(&value));
                prop_assert!(!name.is_empty() && !name.contains([';', '=']) && !value.contains(';'));
            }
        }
    }
}
