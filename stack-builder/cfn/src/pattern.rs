//! ECMAScript patterns of resource schemas, compiled once each.

use regress::Regex;
use std::cell::RefCell;
use std::collections::HashMap;

thread_local! {
    static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::default();
}

/// Whether `text` holds a match; a pattern that cannot be compiled is no constraint.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    COMPILED.with_borrow_mut(|compiled| {
        if !compiled.contains_key(pattern) {
            // Property classes need the `u` flag, under which many published patterns are malformed.
            let flags = if pattern.contains("\\p{") { "u" } else { "" };
            compiled.insert(pattern.to_owned(), Regex::with_flags(pattern, flags).ok());
        }
        compiled.get(pattern).and_then(Option::as_ref).is_none_or(|regex| regex.find(text).is_some())
    })
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
    fn an_uncompilable_pattern_is_no_check() {
        assert!(matches("(", "anything"));
    }
}
