//! Lists in pages, and the filter of `ListUsers`.

use super::{AdminCall, Handlers};
use crate::definition::texts;
use crate::errors::{Result, invalid};
use crate::input::Input;
use crate::user::User;
use serde_json::{Value, json};

pub(super) const HANDLERS: Handlers<AdminCall> = &[("ListUsers", list_users)];

/// Entries of one page, at most.
const MOST: usize = 60;

/// One page of a list. The token is the number of entries before the page.
pub(super) fn page(
    input: &Input,
    name: &str,
    all: Vec<Value>,
    (limit, token): (&str, &str),
) -> Result<Value> {
    let limit = input.limit(limit, MOST)?;
    let start = match input.optional(token) {
        None => 0,
        Some(text) => text.parse::<usize>().map_err(|_| invalid("Invalid pagination token."))?,
    };
    let end = start.saturating_add(limit).min(all.len());
    let mut answer = json!({ name: all.get(start..end).unwrap_or_default() });
    if end < all.len() && start < end {
        answer[token] = json!(end.to_string());
    }
    Ok(answer)
}

fn list_users(call: &AdminCall) -> Result<Value> {
    let filter =
        call.input.optional("Filter").filter(|text| !text.is_empty()).map(Filter::parse).transpose()?;
    let wanted = texts(&call.input.0["AttributesToGet"]);
    let users = call.pool.users();
    let chosen = users.iter().filter(|user| filter.as_ref().is_none_or(|filter| filter.matches(user)));
    let shape = |user: &User| {
        let mut shape = user.shape("Attributes");
        if !wanted.is_empty() {
            shape["Attributes"] = user.attribute_list(|name| wanted.contains(name));
        }
        shape
    };
    page(&call.input, "Users", chosen.map(shape).collect(), ("Limit", "PaginationToken"))
}

/// `name = "value"` or `name ^= "beginning"`.
#[derive(Debug, PartialEq, Eq)]
struct Filter {
    name: String,
    value: String,
    is_prefix: bool,
}

/// What users can be searched by:
/// <https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html>.
const SEARCHABLE: &[&str] = &[
    "username",
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "cognito:user_status",
    "status",
    "sub",
];

impl Filter {
    fn parse(text: &str) -> Result<Self> {
        let broken = || invalid("Error while parsing filter");
        let (name, value) = text.split_once('=').ok_or_else(broken)?;
        let (name, is_prefix) = name.strip_suffix('^').map_or((name, false), |name| (name, true));
        let name = name.trim().trim_matches('"').to_owned();
        let value =
            value.trim().strip_prefix('"').and_then(|value| value.strip_suffix('"')).ok_or_else(broken)?;
        if !SEARCHABLE.contains(&name.as_str()) {
            return Err(invalid(format!("Invalid search attribute: {name}")));
        }
        Ok(Self { name, value: value.replace("\\\"", "\""), is_prefix })
    }

    fn matches(&self, user: &User) -> bool {
        let held = match self.name.as_str() {
            "username" => Some(user.username.as_str()),
            "sub" => Some(user.sub.as_str()),
            "cognito:user_status" => Some(user.status.name()),
            "status" => Some(if user.is_enabled { "Enabled" } else { "Disabled" }),
            name => user.attributes.get(name).map(String::as_str),
        };
        held.is_some_and(
            |held| if self.is_prefix { held.starts_with(&self.value) } else { held == self.value },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_filters() {
        let filter = |text| Filter::parse(text).map(|f| (f.name, f.value, f.is_prefix)).ok();
        let parsed =
            |name: &str, value: &str, is_prefix| Some((name.to_owned(), value.to_owned(), is_prefix));
        assert_eq!(filter(r#"email = "a@b.c""#), parsed("email", "a@b.c", false));
        assert_eq!(filter(r#""name"^="An\"n""#), parsed("name", "An\"n", true));
        for bad in ["", "email", "email = a@b.c", r#"custom:x = "1""#, r#"email ="a"#] {
            assert_eq!(filter(bad), None, "{bad}");
        }
    }

    #[test]
    fn pages_meet_without_gaps() {
        let all: Vec<Value> = (0..130).map(Value::from).collect();
        let (mut seen, mut token) = (0, Value::Null);
        loop {
            let input = Input(json!({ "NextToken": token }));
            let answer = page(&input, "All", all.clone(), ("Limit", "NextToken")).unwrap();
            seen += answer["All"].as_array().unwrap().len();
            token = answer["NextToken"].clone();
            if token.is_null() {
                break;
            }
        }
        assert_eq!(seen, 130);
        for bad in [json!({ "Limit": 61 }), json!({ "NextToken": "-1" }), json!({ "Limit": "x" })] {
            assert!(page(&Input(bad), "All", Vec::new(), ("Limit", "NextToken")).is_err());
        }
    }
}
