//! Patterns of policies: `*`, `?` and variables such as `${aws:username}`.

use std::borrow::Cow;

/// Where variables get their values: the first one of a condition key, in lower case.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Char(char),
    /// `?`
    One,
    /// `*`
    Many,
    Variable {
        key: String,
        default: Option<String>,
    },
}

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    source: String,
    /// Six for an ARN, whose parts are compared one by one; else one.
    segments: Vec<Vec<Piece>>,
    /// The characters before the first wildcard or variable, which most texts do not begin with.
    start: String,
    /// Whether that is all.
    literal: bool,
}

impl Pattern {
    /// A pattern of plain text.
    pub(super) fn text(source: &str, variables: bool) -> Self {
        Self::new(source, vec![pieces(source, variables)])
    }

    /// An exact text.
    pub(super) fn exact(source: &str, variables: bool) -> Self {
        let stars = |piece| match piece {
            Piece::One => Piece::Char('?'),
            Piece::Many => Piece::Char('*'),
            piece => piece,
        };
        Self::new(source, vec![pieces(source, variables).into_iter().map(stars).collect()])
    }

    /// A pattern of ARNs: a `*` does not reach over a `:`, but in the last part.
    pub(super) fn arn(source: &str, variables: bool) -> Self {
        let whole = pieces(source, variables);
        let parts: Vec<_> = whole.splitn(6, |piece| *piece == Piece::Char(':')).map(<[_]>::to_vec).collect();
        Self::new(source, if parts.len() == 6 { parts } else { vec![whole] })
    }

    /// A pattern of actions, which know no case: the text to compare must be lower case.
    pub(super) fn action(source: &str) -> Self {
        let lower = source.to_ascii_lowercase();
        Self { source: source.to_owned(), ..Self::text(&lower, false) }
    }

    fn new(source: &str, segments: Vec<Vec<Piece>>) -> Self {
        let whole = segments.join(&Piece::Char(':'));
        let plain = |piece: &Piece| if let Piece::Char(c) = piece { Some(*c) } else { None };
        let start = whole.iter().map_while(plain).collect();
        let literal = whole.iter().all(|piece| plain(piece).is_some());
        Self { source: source.to_owned(), segments, start, literal }
    }

    /// As the policy has it.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// Whether a text fits.
    pub(super) fn matches(&self, text: &str, lookup: Lookup<'_>) -> bool {
        if self.literal || !text.starts_with(&self.start) {
            return self.literal && text == self.start;
        }
        match &self.segments[..] {
            [one] => fits(one, text, lookup),
            parts => {
                let mut texts = text.splitn(6, ':');
                parts.iter().all(|part| texts.next().is_some_and(|text| fits(part, text, lookup)))
            }
        }
    }
}

fn fits(pieces: &[Piece], text: &str, lookup: Lookup<'_>) -> bool {
    *pieces == [Piece::Many] || expand(pieces, lookup).is_some_and(|pieces| glob(&pieces, text))
}

/// Values in the place of variables; what a value holds is never a wildcard.
fn expand<'p>(pieces: &'p [Piece], lookup: Lookup<'_>) -> Option<Cow<'p, [Piece]>> {
    if !pieces.iter().any(|piece| matches!(piece, Piece::Variable { .. })) {
        return Some(Cow::Borrowed(pieces));
    }
    let mut out = Vec::with_capacity(pieces.len() + 32);
    for piece in pieces {
        match piece {
            Piece::Variable { key, default } => {
                let value = lookup(key).or_else(|| default.clone())?;
                out.extend(value.chars().map(Piece::Char));
            }
            piece => out.push(piece.clone()),
        }
    }
    Some(Cow::Owned(out))
}

fn pieces(source: &str, variables: bool) -> Vec<Piece> {
    let mut out = Vec::with_capacity(source.len());
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let end = if variables && rest.starts_with("${") { rest.find('}') } else { None };
        if let Some(end) = end {
            out.push(variable(&rest[2..end]));
            rest = &rest[end + 1..];
            continue;
        }
        out.push(match c {
            '*' => Piece::Many,
            '?' => Piece::One,
            c => Piece::Char(c),
        });
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// `${*}`, `${?}` and `${$}` are the characters themselves.
fn variable(inner: &str) -> Piece {
    if let "*" | "?" | "$" = inner {
        return Piece::Char(inner.chars().next().unwrap_or_default());
    }
    let (key, default) = inner.split_once(',').unwrap_or((inner, ""));
    let default = default.trim().strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    Piece::Variable { key: key.trim().to_ascii_lowercase(), default: default.map(str::to_owned) }
}

/// Backtracks to the last `*` only, which is enough.
fn glob(pieces: &[Piece], text: &str) -> bool {
    let (mut at, mut rest) = (0, text);
    let mut retry: Option<(usize, &str)> = None;
    loop {
        let next = rest.chars().next();
        match (pieces.get(at), next) {
            (None, None) => return true,
            (Some(Piece::Many), _) => {
                at += 1;
                retry = Some((at, rest));
                continue;
            }
            (Some(piece), Some(c)) if *piece == Piece::One || *piece == Piece::Char(c) => {
                at += 1;
                rest = &rest[c.len_utf8()..];
                continue;
            }
            _ => {}
        }
        let Some((after, from)) = retry else { return false };
        let Some(skipped) = from.chars().next() else { return false };
        (at, rest) = (after, &from[skipped.len_utf8()..]);
        retry = Some((at, rest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn wildcards() {
        let fits = |pattern: &str, text: &str| Pattern::text(pattern, true).matches(text, &nothing);
        for (pattern, text) in
            [("*", ""), ("a*c", "abbbc"), ("a?c", "aäc"), ("*a*b", "xaxab"), ("", ""), ("a**", "a")]
        {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("a?c", "ac"), ("a*c", "abcd"), ("", "a"), ("?", ""), ("A", "a"), ("*ab", "aab ")]
        {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
        assert!(Pattern::exact("a*", false).matches("a*", &nothing));
        assert!(!Pattern::exact("a*", false).matches("ab", &nothing));
        assert!(!fits(&"*a".repeat(200), &"b".repeat(20_000)));
    }

    #[test]
    fn a_star_of_an_arn_stays_in_its_part() {
        let fits = |pattern: &str, text: &str| Pattern::arn(pattern, true).matches(text, &nothing);
        assert!(fits("arn:aws:dynamodb:*:*:table/x*", "arn:aws:dynamodb:us-east-1:0:table/x/index/a:b"));
        assert!(fits("arn:aws:logs:*:*:*", "arn:aws:logs:us-east-1:0:log-group:/aws/x:log-stream:y"));
        assert!(!fits("arn:aws:s3:*:x:y", "arn:aws:s3:a:b:x:y"));
        assert!(fits("*", "arn:aws:s3:::b"));
        assert!(!fits("arn:aws:s3:::b", "arn:aws:s3:::b/k"));
    }

    #[test]
    fn variables_stand_for_themselves_only() {
        let name = |key: &str| (key == "aws:username").then(|| "a*".to_owned());
        let fits = |pattern: &str, text: &str| Pattern::arn(pattern, true).matches(text, &name);
        assert!(fits("arn:aws:s3:::b/${aws:UserName}/*", "arn:aws:s3:::b/a*/k"));
        assert!(!fits("arn:aws:s3:::b/${aws:username}/*", "arn:aws:s3:::b/ab/k"));
        assert!(!fits("arn:aws:s3:::b/${aws:absent}", "arn:aws:s3:::b/"));
        assert!(fits("arn:aws:s3:::b/${aws:absent, 'x'}", "arn:aws:s3:::b/x"));
        assert!(fits("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/*"));
        assert!(!fits("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/k"));
        let old = Pattern::arn("arn:aws:s3:::${aws:username}", false);
        assert!(old.matches("arn:aws:s3:::${aws:username}", &name));
    }
}
