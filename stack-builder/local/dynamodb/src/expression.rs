//! Names and keys in expressions, as far as policies ask for them.

use crate::answer::Failure;
use dynoxide::DynoxideError;
use serde_json::Value;

/// Members of requests that are expressions.
const EXPRESSIONS: [&str; 5] = [
    "ProjectionExpression",
    "UpdateExpression",
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
];

/// Words of the expression language, none of which may stand for an attribute without a placeholder.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html>
const WORDS: [&str; 9] = ["SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"];

/// How many brackets and negations an expression may have: the service allows 300 operators.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>
const MOST: usize = 300;

/// How deep a request's expressions may go at most: the engine reads and evaluates them by recursion.
///
/// # Errors
/// When an expression has more operators than the service allows.
pub(crate) fn depth(part: &Value) -> Result<usize, Failure> {
    let mut deepest = 0;
    for member in EXPRESSIONS {
        let Some(expression) = part[member].as_str() else { continue };
        let deeper = |token: &&str| *token == "(" || token.eq_ignore_ascii_case("NOT");
        let depth = tokens(expression).into_iter().filter(deeper).count();
        if depth > MOST {
            let message = format!("Invalid {member}: The expression contains too many operators");
            return Err(DynoxideError::ValidationException(message).into());
        }
        deepest = deepest.max(depth);
    }
    Ok(deepest)
}

/// Parts of an expression: names, placeholders and single signs.
fn tokens(expression: &str) -> Vec<&str> {
    let of_name = |c: char| c.is_alphanumeric() || "_#:".contains(c);
    let mut rest = expression.trim_start();
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        let end =
            if of_name(first) { rest.find(|c| !of_name(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

/// The attribute that a name or a `#placeholder` means.
fn resolve<'r>(part: &'r Value, token: &'r str) -> &'r str {
    if token.starts_with('#') {
        part["ExpressionAttributeNames"][token].as_str().unwrap_or(token)
    } else {
        token
    }
}

/// The value that a query's key condition wants `key` to equal.
pub(crate) fn equal_to<'r>(part: &'r Value, key: &str) -> Option<&'r Value> {
    let tokens = tokens(part["KeyConditionExpression"].as_str()?);
    let value = tokens.windows(3).find_map(|three| match three {
        [name, "=", value] if resolve(part, name) == key => Some(*value),
        [value, "=", name] if resolve(part, name) == key => Some(*value),
        _ => None,
    })?;
    part["ExpressionAttributeValues"].get(value)
}

/// The top-level attributes that a request's expressions name.
pub(crate) fn attributes(part: &Value) -> Vec<String> {
    let expressions = EXPRESSIONS.iter().filter_map(|member| part[*member].as_str());
    expressions.flat_map(|expression| named(part, expression)).collect()
}

fn named(part: &Value, expression: &str) -> Vec<String> {
    let tokens = tokens(expression);
    let is_name = |at: usize| {
        let token = tokens[at];
        let begins = token.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '#');
        let nested = at > 0 && tokens[at - 1] == ".";
        let called = tokens.get(at + 1) == Some(&"(");
        let word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(token));
        begins && !nested && !called && !word
    };
    let names = (0..tokens.len()).filter(|at| is_name(*at));
    names.map(|at| resolve(part, tokens[at]).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_those_of_attributes_only() {
        let part = json!({
            "UpdateExpression": "SET a.b = if_not_exists(#c, :zero) + :one REMOVE d[1] ADD e :s",
            "ConditionExpression": "attribute_exists(pk) AND NOT begins_with(#f.g, :x)",
            "ExpressionAttributeNames": { "#c": "count", "#f": "full.name" },
        });
        assert_eq!(attributes(&part), ["a", "count", "d", "e", "pk", "full.name"]);
    }

    #[test]
    fn strange_text_does_no_harm() {
        for strange in ["", "=", "= = =", "é=", "a=:", "#", "((((", "a = :v AND"] {
            let part = json!({ "KeyConditionExpression": strange, "ProjectionExpression": strange });
            assert_eq!(equal_to(&part, "pk"), None);
            let _ = attributes(&part);
        }
    }
}
