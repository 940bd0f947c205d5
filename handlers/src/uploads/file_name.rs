//! A file name that is safe in an object key, on a page and on the disk it is saved to.

use std::ops::RangeInclusive;

/// The longest name in bytes of UTF-8, which is what common file systems take.
const LONGEST: usize = 255;

/// A name of 1 to 255 bytes, without path separators, control characters or characters that cannot be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileName(String);

impl FileName {
    /// Checks a name; surrounding white space is the caller's to trim.
    pub(crate) fn parse(name: &str) -> Result<Self, &'static str> {
        match fault(name) {
            Some(fault) => Err(fault),
            None => Ok(Self(name.to_owned())),
        }
    }

    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn fault(name: &str) -> Option<&'static str> {
    if name.trim().is_empty() {
        Some("must not be empty")
    } else if name.len() > LONGEST {
        Some("must be at most 255 bytes long")
    } else if name.trim() != name {
        Some("must not begin or end with white space")
    } else if name == "." || name == ".." {
        Some("must not be `.` or `..`")
    } else if name.contains(['/', '\\']) {
        Some("must not hold a slash or backslash")
    } else if name.chars().any(|c| c.is_control() || is_invisible(c)) {
        Some("must not hold control, invisible or text-direction characters")
    } else {
        None
    }
}

/// Whether a character can make a name look like another one: `evil<U+202E>gpj.exe` reads as `evilexe.jpg`.
fn is_invisible(c: char) -> bool {
    INVISIBLE.iter().any(|range| range.contains(&c))
}

/// Unicode's default-ignorable code points (DerivedCoreProperties.txt), line separators and non-characters; but not the
/// variation selectors U+FE00–FE0F, which ordinary emoji carry.
const INVISIBLE: &[RangeInclusive<char>] = &[
    '\u{00AD}'..='\u{00AD}',   // soft hyphen
    '\u{034F}'..='\u{034F}',   // combining grapheme joiner
    '\u{061C}'..='\u{061C}',   // Arabic letter mark
    '\u{115F}'..='\u{1160}',   // Hangul fillers
    '\u{17B4}'..='\u{17B5}',   // Khmer inherent vowels
    '\u{180B}'..='\u{180F}',   // Mongolian selectors and vowel separator
    '\u{200B}'..='\u{200F}',   // zero-width space and joiners, direction marks
    '\u{2028}'..='\u{202E}',   // line and paragraph separator, bidi embeddings and overrides
    '\u{2060}'..='\u{206F}',   // word joiner, invisible operators, bidi isolates
    '\u{3164}'..='\u{3164}',   // Hangul filler
    '\u{FEFF}'..='\u{FEFF}',   // byte order mark
    '\u{FFA0}'..='\u{FFA0}',   // half-width Hangul filler
    '\u{FFF0}'..='\u{FFFB}',   // interlinear annotation
    '\u{FFFE}'..='\u{FFFF}',   // non-characters
    '\u{1BCA0}'..='\u{1BCA3}', // shorthand format controls
    '\u{1D173}'..='\u{1D17A}', // musical beams
    '\u{E0000}'..='\u{E0FFF}', // tags and further selectors
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_taken() {
        let longest = "x".repeat(255);
        for name in [
            "a",
            "a.png",
            ".env",
            "...",
            "a..b",
            "Grüße an Zoë.txt",
            "報告書.pdf",
            "a b (1).tar.gz",
            "~",
            "%2e%2e%2f",
            "a:b?.txt",
            "😀.png",
            "❤\u{FE0F}.png",
            "-rf",
            "\"quoted\".txt",
            &longest,
        ] {
            assert_eq!(FileName::parse(name).map(|name| name.0).as_deref(), Ok(name));
        }
    }

    #[test]
    fn hostile_names_are_refused() {
        let (long, umlauts) = ("x".repeat(256), "ä".repeat(128));
        for name in [
            "",
            " ",
            "\t\n",
            "\u{3000}",
            ".",
            "..",
            "../x",
            "a/b",
            "/etc/passwd",
            "..\\x",
            "C:\\x",
            "a\\",
            "/",
            " a",
            "a ",
            "a\0b",
            "a\nb",
            "a\r\nb",
            "\u{1b}[2J",
            "a\u{7f}",
            "a\u{85}b",
            "evil\u{202e}gpj.exe",
            "a\u{200b}",
            "\u{200d}",
            "\u{feff}a",
            "a\u{2066}b",
            "a\u{2028}b",
            "a\u{ad}b",
            "\u{61c}a",
            "a\u{e0041}",
            "\u{3164}",
            "a\u{ffff}",
            &long,
            &umlauts,
        ] {
            assert!(FileName::parse(name).is_err(), "{name:?}");
        }
    }

    /// Every character, alone between two letters: what is taken is neither a control nor a separator.
    #[test]
    fn every_character_is_judged_alone() {
        let taken = |c: char| FileName::parse(&format!("a{c}b")).is_ok();
        for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
            assert_eq!(taken(c), !(c.is_control() || matches!(c, '/' | '\\') || is_invisible(c)), "{c:?}");
        }
        assert!(INVISIBLE.is_sorted_by(|a, b| a.end() < b.start()));
    }
}
