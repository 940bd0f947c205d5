//! ECMAScript patterns of resource schemas, compiled once each.

use regress::Regex;
use std::cell::RefCell;
use std::collections::HashMap;

thread_local! {
    static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
}

/// Whether `text` holds a match; a pattern that cannot be compiled is no constraint.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    if text.is_ascii()
        && let Some(narrowed) = ascii_only(pattern)
    {
        return search(&narrowed, text);
    }
    search(pattern, text)
}

fn search(pattern: &str, text: &str) -> bool {
    COMPILED.with_borrow_mut(|compiled| {
        if !compiled.contains_key(pattern) {
            // Property classes need the `u` flag, under which many published patterns are malformed.
            let unicode = pattern.contains("\\p{") || pattern.contains("\\P{");
            let flags = if unicode { "u" } else { "" };
            compiled.insert(pattern.to_owned(), Regex::with_flags(pattern, flags).ok());
        }
        compiled.get(pattern).and_then(Option::as_ref).is_none_or(|regex| regex.find(text).is_some())
    })
}

/// The ASCII members of Unicode categories, as they stand within brackets.
const CATEGORIES: [(&str, &str); 8] = [
    ("L", "a-zA-Z"),
    ("Lu", "A-Z"),
    ("Ll", "a-z"),
    ("M", ""),
    ("N", "0-9"),
    ("P", "!-#%-*,-\\/:;?@\\[-\\]_\\{\\}"),
    ("S", "$+<->\\^`|~"),
    ("Z", " "),
];

/// The same pattern for ASCII text: to compile a Unicode category takes longer than all the rest of a check.
///
/// `None` where there is no category, or one that is not listed or not within brackets.
fn ascii_only(pattern: &str) -> Option<String> {
    if !pattern.contains("\\p{") {
        return None;
    }
    let mut narrowed = String::new();
    let mut bracketed = false;
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        if let Some(class) = rest.strip_prefix("\\p{") {
            let (category, behind) = class.split_once('}')?;
            let (_, members) = CATEGORIES.iter().find(|(known, _)| *known == category && bracketed)?;
            narrowed.push_str(members);
            rest = behind;
            continue;
        }
        let taken =
            if c == '\\' { 1 + rest[1..].chars().next().map_or(0, char::len_utf8) } else { c.len_utf8() };
        match c {
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ => {}
        }
        narrowed.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    Some(narrowed)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_are_ecmascript() {
        assert!(matches("^[a-z]+$", "abc"));
        assert!(!matches("^[a-z]+$", "aBc"));
        assert!(matches("^(?!aws)[a-z]+$", "data"));
        assert!(!matches("^(?!aws)[a-z]+$", "awsdata"));
        assert!(matches("^[\\p{L}]+$", "Überraschung"));
    }

    #[test]
    fn ascii_text_is_judged_as_unicode_text_is() {
        for category in ["L", "Lu", "Ll", "M", "N", "P", "S", "Z"] {
            let pattern = format!("^[\\p{{{category}}}]$");
            assert!(super::ascii_only(&pattern).is_some(), "{category}");
            for c in (0..128_u8).map(char::from) {
                let text = c.to_string();
                assert_eq!(matches(&pattern, &text), super::search(&pattern, &text), "{category} {c:?}");
            }
        }
    }

    #[test]
    fn a_category_outside_brackets_stays() {
        assert_eq!(super::ascii_only("^\\p{L}+$"), None);
        assert_eq!(super::ascii_only("[\\]\\p{L}]\\p{N}"), None);
        assert_eq!(super::ascii_only("[\\p{Greek}]"), None);
        assert_eq!(super::ascii_only("[\\]\\p{Ll}]"), Some("[\\]a-z]".to_owned()));
    }

    #[test]
    fn an_uncompilable_pattern_is_no_check() {
        assert!(matches("(", "anything"));
    }
}
