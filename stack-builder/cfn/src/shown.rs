//! How names are shown in messages: not too many of them, and none that moves the cursor.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Names of a list that are shown.
const MOST: usize = 12;
/// Names at either end of a long chain that are shown.
const ENDS: usize = 4;

/// `a, b, c`, or the first of them and how many more there are.
pub(crate) fn some(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let names: Vec<_> = names.into_iter().collect();
    let shown = if names.len() <= MOST + 1 { names.len() } else { MOST };
    let listed = names[..shown].iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match names.len() - shown {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

/// `a -> b -> c`, or both ends of it and how many lie between.
pub(crate) fn chain(names: &[&str]) -> String {
    if names.len() <= 2 * ENDS + 1 {
        return names.join(" -> ");
    }
    let (start, end) = (&names[..ENDS], &names[names.len() - ENDS..]);
    format!("{} -> … {} more … -> {}", start.join(" -> "), names.len() - 2 * ENDS, end.join(" -> "))
}

/// The text with control characters written as `\u{1b}`, so that none of them reaches a terminal.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return text.into();
    }
    let written = text.chars().fold(String::new(), |mut written, c| {
        if c.is_control() {
            let _ = write!(written, "{}", c.escape_debug());
        } else {
            written.push(c);
        }
        written
    });
    written.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_shortened() {
        assert_eq!(some(["a", "b"]), "a, b");
        assert_eq!(some((0..20).map(|n| n.to_string())), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more");
    }

    #[test]
    fn long_chains_are_shortened() {
        assert_eq!(chain(&["a", "b", "a"]), "a -> b -> a");
        let names: Vec<_> = "abcdefghijklm".split("").filter(|name| !name.is_empty()).collect();
        assert_eq!(chain(&names), "a -> b -> c -> d -> … 5 more … -> j -> k -> l -> m");
    }

    #[test]
    fn control_characters_are_seen() {
        assert_eq!(escaped("a\u{1b}[31m\nb\tc\0é"), "a\\u{1b}[31m\\nb\\tc\\0é");
        assert_eq!(escaped("plain"), "plain");
    }
}
