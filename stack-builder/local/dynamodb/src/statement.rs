//! The table that a `PartiQL` statement is about, for judging who may run it.

/// What a statement does.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// As IAM has it, without `dynamodb:`.
    pub(crate) action: &'static str,
    /// The table.
    pub(crate) table: String,
    /// The index that is read.
    pub(crate) index: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    /// A keyword, or a name without quotes.
    Word(String),
    /// A name in double quotes.
    Quoted(String),
    Other(char),
}

impl Token {
    fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    fn name(&self) -> Option<&str> {
        match self {
            Self::Word(name) | Self::Quoted(name) => Some(name),
            Self::Other(_) => None,
        }
    }
}

/// Reads as much of a statement as is needed; `None` when it names no table where one belongs.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html>
pub(crate) fn target(statement: &str) -> Option<Target> {
    let tokens = tokens(statement);
    let first = tokens.first()?;
    let (action, before) = if first.is("SELECT") || first.is("EXISTS") {
        ("PartiQLSelect", "FROM")
    } else if first.is("INSERT") {
        ("PartiQLInsert", "INTO")
    } else if first.is("UPDATE") {
        ("PartiQLUpdate", "UPDATE")
    } else if first.is("DELETE") {
        ("PartiQLDelete", "FROM")
    } else {
        return None;
    };
    let at = tokens.iter().position(|token| token.is(before))? + 1;
    let table = tokens.get(at)?.name()?.to_owned();
    let index = match tokens.get(at + 1..at + 3) {
        Some([Token::Other('.'), index]) => Some(index.name()?.to_owned()),
        _ => None,
    };
    Some(Target { action, table, index })
}

fn tokens(statement: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = statement.chars().peekable();
    while let Some(first) = rest.next() {
        match first {
            '\'' => while rest.next().is_some_and(|next| next != '\'') {},
            '"' => tokens.push(Token::Quoted(rest.by_ref().take_while(|next| *next != '"').collect())),
            letter if letter.is_alphanumeric() || letter == '_' => {
                let mut word = String::from(letter);
                while let Some(next) = rest.next_if(|next| next.is_alphanumeric() || "_-".contains(*next)) {
                    word.push(next);
                }
                tokens.push(Token::Word(word));
            }
            space if space.is_whitespace() => {}
            other => tokens.push(Token::Other(other)),
        }
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(statement: &str, expected: &str) {
        let seen = target(statement).map_or_else(String::new, |target| {
            let index = target.index.map(|index| format!(".{index}")).unwrap_or_default();
            format!("{} {}{index}", target.action, target.table)
        });
        assert_eq!(seen, expected, "{statement}");
    }

    #[test]
    fn finds_the_table() {
        check("SELECT * FROM \"my-table\" WHERE id = 'FROM x'", "PartiQLSelect my-table");
        check("select a, 'FROM y' from things.byOwner", "PartiQLSelect things.byOwner");
        check("SELECT \"FROM\" FROM \"t.x\".\"i\"", "PartiQLSelect t.x.i");
        check("INSERT INTO Music VALUE {'Artist':'Acme'}", "PartiQLInsert Music");
        check("UPDATE \"Music\" SET a = 1 WHERE b = 2", "PartiQLUpdate Music");
        check("DELETE FROM Music WHERE b = 2", "PartiQLDelete Music");
        check("EXISTS(SELECT * FROM Music WHERE a = 1)", "PartiQLSelect Music");
        for broken in ["", "SELECT", "DROP TABLE x", "SELECT * FROM", "SELECT * FROM 'x'", "\"SELECT\""] {
            check(broken, "");
        }
    }
}
