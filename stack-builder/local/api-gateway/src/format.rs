//! Texts with `$context` variables: formats of access logs, bodies of gateway responses.

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Variable(String),
}

/// A text with variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Format(Vec<Piece>);

/// Variables of other families look like these, and are left as they are.
const SIGN: &str = "$context.";

impl Format {
    /// Finds the variables.
    pub(crate) fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(SIGN) {
            let after = &rest[at + SIGN.len()..];
            let name = name(after);
            let text = &rest[..at];
            if !text.is_empty() {
                pieces.push(Piece::Text(text.to_owned()));
            }
            pieces.push(Piece::Variable(name.to_owned()));
            rest = &after[name.len()..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Self(pieces)
    }

    /// Puts the values in; `absent` stands for those that there are not.
    pub(crate) fn render(&self, absent: &str, value: impl Fn(&str) -> Option<String>) -> String {
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Variable(name) => text.push_str(value(name).as_deref().unwrap_or(absent)),
            }
        }
        text
    }
}

/// A claim's name may hold a colon (`cognito:groups`).
fn name(text: &str) -> &str {
    let claim = text.starts_with("authorizer.claims.");
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-') || (claim && c == ':');
    let end = text.find(|c| !part(c)).unwrap_or(text.len());
    text[..end].trim_end_matches(['.', '-', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_values_in() {
        let check = |format, expect: &str| {
            let value = |name: &str| (!name.starts_with("no")).then(|| format!("<{name}>"));
            assert_eq!(Format::parse(format).render("-", value), expect);
        };
        check("", "");
        check("plain $input.body $", "plain $input.body $");
        check("{\"m\":$context.error.messageString}", "{\"m\":<error.messageString>}");
        check("$context.a - - [$context.b] \"$context.none\".", "<a> - - [<b>] \"-\".");
        check(
            "$context.authorizer.claims.cognito:groups: $context.a:b.",
            "<authorizer.claims.cognito:groups>: <a>:b.",
        );
    }
}
