//! Filter patterns of text: terms, phrases, `?one` `?or` `?another`, and `-not`.
//!
//! See <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>.

/// Characters of a pattern, at most.
const LONGEST: usize = 1024;

/// A compiled pattern.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pattern {
    all: Vec<String>,
    any: Vec<String>,
    none: Vec<String>,
}

impl Pattern {
    /// Compiles a pattern; the empty one takes every line.
    ///
    /// # Errors
    /// When it is no pattern, or one of the kinds that look into a line's structure.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text.trim();
        if rest.chars().count() > LONGEST {
            return Err(format!("The filter pattern is longer than {LONGEST} characters"));
        }
        structured(rest)?;
        let mut out = Self::default();
        while !rest.is_empty() {
            let (list, after) = match rest.chars().next() {
                Some('?') => (&mut out.any, &rest[1..]),
                Some('-') => (&mut out.none, &rest[1..]),
                _ => (&mut out.all, rest),
            };
            let (term, after) = term(after)?;
            list.push(term);
            rest = after.trim_start();
        }
        // Optional terms beside others have no effect.
        if !(out.all.is_empty() && out.none.is_empty()) {
            out.any.clear();
        }
        Ok(out)
    }

    /// Whether a line fits.
    pub(crate) fn takes(&self, line: &str) -> bool {
        self.all.iter().all(|term| line.contains(term))
            && !self.none.iter().any(|term| line.contains(term))
            && (self.any.is_empty() || self.any.iter().any(|term| line.contains(term)))
    }
}

fn structured(text: &str) -> Result<(), String> {
    let kind = match text.chars().next() {
        Some('{') => "JSON properties",
        Some('[') => "columns",
        Some('%') => "regular expressions",
        _ => return Ok(()),
    };
    Err(format!(
        "Filter patterns of {kind} are not evaluated here; use terms, such as `ERROR \"timed out\" -DEBUG`"
    ))
}

/// The next term, and what follows it.
fn term(text: &str) -> Result<(String, &str), String> {
    if let Some(quoted) = text.strip_prefix('"') {
        return phrase(quoted);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (term, rest) = text.split_at(end);
    if term.is_empty() || !term.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Err(format!("Invalid character(s) in term '{term}'"));
    }
    Ok((term.to_owned(), rest))
}

/// A phrase up to its closing quote; `\"` is a quote in it.
fn phrase(text: &str) -> Result<(String, &str), String> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((out, &text[at + 1..])),
            '\\' => out.extend(chars.next().map(|(_, escaped)| escaped)),
            c => out.push(c),
        }
    }
    Err("A phrase in the filter pattern has no closing quote".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(pattern: &str, line: &str) -> bool {
        Pattern::parse(pattern).expect("a pattern").takes(line)
    }

    #[test]
    fn terms_are_all_there() {
        assert!(takes("", "anything"));
        assert!(takes("ERROR code", "[ERROR] the code"));
        assert!(!takes("ERROR code", "[ERROR] the word"));
        assert!(!takes("error", "[ERROR]"), "case counts");
        assert!(takes("\"timed out\"", "Task timed out"));
        assert!(!takes("\"timed out\"", "out, timed"));
        assert!(takes(r#""say \"hi\"""#, "they say \"hi\""));
        assert!(takes("straße", "die straße"));
    }

    #[test]
    fn or_and_not() {
        assert!(takes("?ERROR ?WARN", "WARN x"));
        assert!(!takes("?ERROR ?WARN", "INFO x"));
        assert!(!takes("ERROR -retry", "ERROR retry"));
        assert!(takes("ERROR -\"the end\"", "ERROR the start"));
        assert!(takes("ERROR ?WARN", "ERROR"), "optional terms beside others have no effect");
    }

    #[test]
    fn nonsense_is_told() {
        for pattern in ["{ $.a = 1 }", "[a, b]", "%x%", "a:b", "\"open", "- x", "?", "-"] {
            assert!(Pattern::parse(pattern).is_err(), "{pattern}");
        }
        assert!(Pattern::parse(&"x".repeat(2000)).is_err());
    }
}
