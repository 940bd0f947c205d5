//! The `Condition` element of a statement.

use super::facts::Facts;
use super::pattern::Pattern;
use crate::calendar::parse_extended;
use serde_json::Value;
use std::net::IpAddr;

/// One operator on one key.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// In lower case.
    key: String,
    set: Set,
    if_exists: bool,
    negated: bool,
    tests: Vec<Test>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    One,
    All,
    Any,
}

#[derive(Clone, Debug)]
enum Test {
    Text(Pattern),
    /// In lower case.
    Folded(Pattern),
    Number(Order, f64),
    Date(Order, i64),
    Flag(bool),
    Network(IpAddr, u8),
    /// `true`: the key must be absent.
    Null(bool),
}

#[derive(Clone, Copy, Debug)]
enum Order {
    Same,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// Compiles a whole `Condition` element.
///
/// # Errors
/// What is no condition.
pub(super) fn conditions(element: &Value, variables: bool) -> Result<Vec<Condition>, String> {
    let Value::Object(operators) = element else {
        return if element.is_null() { Ok(Vec::new()) } else { Err("`Condition` is no object".to_owned()) };
    };
    let mut out = Vec::new();
    for (operator, keys) in operators {
        let keys = keys.as_object().ok_or_else(|| format!("`Condition.{operator}` is no object"))?;
        for (key, values) in keys {
            out.push(condition(operator, key, values, variables)?);
        }
    }
    Ok(out)
}

fn condition(operator: &str, key: &str, values: &Value, variables: bool) -> Result<Condition, String> {
    let (set, rest) = match operator.split_once(':') {
        Some(("ForAllValues", rest)) => (Set::All, rest),
        Some(("ForAnyValue", rest)) => (Set::Any, rest),
        Some(_) => return Err(format!("condition operator `{operator}` is not known")),
        None => (Set::One, operator),
    };
    let (name, if_exists) = rest.strip_suffix("IfExists").map_or((rest, false), |name| (name, true));
    let (name, negated) = plain(name);
    let values = match values {
        Value::Array(values) => values.iter().collect(),
        value => vec![value],
    };
    let test = |value: &&Value| {
        let text = text(value).ok_or_else(|| format!("`{operator}` of `{key}` is no text"))?;
        test(&name, &text, variables)
            .ok_or_else(|| format!("condition `{operator}` cannot compare with `{text}`"))
    };
    let tests = values.iter().map(test).collect::<Result<_, _>>()?;
    Ok(Condition { key: key.to_ascii_lowercase(), set, if_exists, negated, tests })
}

/// The operator without its negation: `StringNotLike` is `StringLike`, negated.
fn plain(name: &str) -> (String, bool) {
    match name.find("Not") {
        Some(at) => (format!("{}{}", &name[..at], &name[at + 3..]), true),
        None => (name.to_owned(), false),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn test(operator: &str, value: &str, variables: bool) -> Option<Test> {
    Some(match operator {
        "StringEquals" | "BinaryEquals" => Test::Text(Pattern::exact(value, variables)),
        "StringEqualsIgnoreCase" => Test::Folded(Pattern::exact(&value.to_lowercase(), variables)),
        "StringLike" => Test::Text(Pattern::text(value, variables)),
        "ArnEquals" | "ArnLike" => Test::Text(Pattern::arn(value, variables)),
        "Bool" => Test::Flag(flag(value)?),
        "Null" => Test::Null(flag(value)?),
        "IpAddress" => network(value)?,
        other => return ordered(other, value),
    })
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

fn ordered(operator: &str, value: &str) -> Option<Test> {
    let order = |name: &str| match name {
        "Equals" => Some(Order::Same),
        "LessThan" => Some(Order::Less),
        "LessThanEquals" => Some(Order::AtMost),
        "GreaterThan" => Some(Order::More),
        "GreaterThanEquals" => Some(Order::AtLeast),
        _ => None,
    };
    if let Some(name) = operator.strip_prefix("Numeric") {
        return Some(Test::Number(order(name)?, value.parse().ok()?));
    }
    Some(Test::Date(order(operator.strip_prefix("Date")?)?, parse_extended(value)?))
}

fn network(value: &str) -> Option<Test> {
    let (address, bits) =
        value.split_once('/').map_or((value, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = bits.map_or(Some(most), |bits| bits.parse().ok())?;
    (bits <= most).then_some(Test::Network(address, bits))
}

impl Condition {
    /// Whether it holds for a call.
    pub(super) fn holds(&self, facts: &Facts<'_>) -> bool {
        let values = facts.values(&self.key);
        if let Some(Test::Null(absent)) = self.tests.first() {
            return values.is_empty() == *absent;
        }
        if values.is_empty() && self.if_exists {
            return true;
        }
        let lookup = |key: &str| facts.first(key);
        let fits = |value: &str| self.tests.iter().any(|test| test.fits(value, &lookup));
        let mut each = values.iter().map(|value| fits(value) != self.negated);
        match self.set {
            Set::All => each.all(|good| good),
            Set::Any => each.any(|good| good),
            // A negation holds without the key too, and must hold for every value.
            Set::One if self.negated => each.all(|good| good),
            Set::One => each.any(|good| good),
        }
    }
}

impl Test {
    fn fits(&self, value: &str, lookup: super::pattern::Lookup<'_>) -> bool {
        match self {
            Self::Text(pattern) => pattern.matches(value, lookup),
            Self::Folded(pattern) => {
                let folded = |key: &str| lookup(key).map(|value| value.to_lowercase());
                pattern.matches(&value.to_lowercase(), &folded)
            }
            Self::Number(order, wanted) => {
                value.parse::<f64>().is_ok_and(|value| order.holds(&value, wanted))
            }
            Self::Date(order, wanted) => {
                parse_extended(value).is_some_and(|value| order.holds(&value, wanted))
            }
            Self::Flag(wanted) => flag(value) == Some(*wanted),
            Self::Network(network, bits) => value.parse().is_ok_and(|value| within(value, *network, *bits)),
            Self::Null(_) => false,
        }
    }
}

impl Order {
    fn holds<T: PartialOrd>(self, value: &T, wanted: &T) -> bool {
        match self {
            Self::Same => value == wanted,
            Self::Less => value < wanted,
            Self::AtMost => value <= wanted,
            Self::More => value > wanted,
            Self::AtLeast => value >= wanted,
        }
    }
}

fn within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let number = |address| match address {
        IpAddr::V4(v4) => (u128::from(u32::from(v4)) << 96, true),
        IpAddr::V6(v6) => (u128::from(v6), false),
    };
    let ((one, four), (other, also_four)) = (number(address), number(network));
    four == also_four && (bits == 0 || (one ^ other) >> (128 - u32::from(bits)) == 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use stack_builder_local_core::{Ask, Caller};

    fn holds(element: Value, context: &[(&str, &[&str])]) -> bool {
        let mut ask = Ask::new(&Caller::Anonymous, "a:B", "*");
        for (key, values) in context {
            ask.context.insert((*key).to_owned(), values.iter().map(|value| (*value).to_owned()).collect());
        }
        let facts = Facts { ask: &ask, account: "000000000000", region: "us-east-1", now: 1_000_000_000 };
        let conditions = conditions(&element, true).expect("conditions");
        conditions.iter().all(|condition| condition.holds(&facts))
    }

    #[test]
    fn operators_hold_for_what_they_name() {
        let cases = [
            (json!({"StringEquals": {"a:K": ["x", "y"]}}), "y", "Y"),
            (json!({"StringNotEquals": {"a:k": "x"}}), "y", "x"),
            (json!({"StringEqualsIgnoreCase": {"a:k": "Ä"}}), "ä", "a"),
            (json!({"StringNotEqualsIgnoreCase": {"a:k": "X"}}), "y", "x"),
            (json!({"StringLike": {"a:k": "x/*"}}), "x/1", "y/1"),
            (json!({"StringNotLike": {"a:k": "x/*"}}), "y/1", "x/1"),
            (json!({"ArnLike": {"a:k": "arn:aws:s3:::*"}}), "arn:aws:s3:::b", "arn:aws:sns:::b"),
            (json!({"ArnEquals": {"a:k": "arn:aws:s3:::b*"}}), "arn:aws:s3:::b1", "arn:aws:s3:::a"),
            (json!({"ArnNotEquals": {"a:k": "arn:aws:s3:::b"}}), "arn:aws:s3:::c", "arn:aws:s3:::b"),
            (json!({"Bool": {"a:k": true}}), "true", "false"),
            (json!({"NumericLessThan": {"a:k": 10}}), "9.5", "10"),
            (json!({"NumericLessThanEquals": {"a:k": "10"}}), "10", "11"),
            (json!({"NumericGreaterThan": {"a:k": "10"}}), "11", "x"),
            (json!({"NumericGreaterThanEquals": {"a:k": "10"}}), "10", "9"),
            (json!({"NumericEquals": {"a:k": "10"}}), "10.0", "9"),
            (json!({"NumericNotEquals": {"a:k": "10"}}), "9", "10"),
            (json!({"DateLessThan": {"a:k": "2026-01-01"}}), "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"),
            (json!({"DateGreaterThanEquals": {"a:k": "2026-01-01T00:00:00Z"}}), "1767225600", "1767225599"),
            (json!({"IpAddress": {"a:k": "10.0.0.0/8"}}), "10.255.0.1", "11.0.0.1"),
            (json!({"NotIpAddress": {"a:k": "2001:db8::/32"}}), "10.0.0.1", "2001:db8::1"),
            (json!({"IpAddress": {"a:k": "0.0.0.0/0"}}), "1.2.3.4", "::1"),
            (json!({"BinaryEquals": {"a:k": "QmlvIQ=="}}), "QmlvIQ==", "x"),
        ];
        for (element, good, bad) in cases {
            assert!(holds(element.clone(), &[("a:k", &[good])]), "{element} {good}");
            assert!(!holds(element.clone(), &[("a:k", &[bad])]), "{element} {bad}");
        }
    }

    #[test]
    fn an_absent_key_fails_what_is_not_negated() {
        assert!(!holds(json!({"StringEquals": {"a:k": "x"}}), &[]));
        assert!(holds(json!({"StringEqualsIfExists": {"a:k": "x"}}), &[]));
        assert!(!holds(json!({"StringEqualsIfExists": {"a:k": "x"}}), &[("a:k", &["y"])]));
        assert!(holds(json!({"StringNotEquals": {"a:k": "x"}}), &[]));
        assert!(holds(json!({"Null": {"a:k": "true"}}), &[]));
        assert!(!holds(json!({"Null": {"a:k": "false"}}), &[]));
        assert!(holds(json!({"Null": {"a:k": false}}), &[("a:k", &["x"])]));
    }

    #[test]
    fn sets_ask_all_or_any_value() {
        let all = json!({"ForAllValues:StringLike": {"a:k": ["x*", "y"]}});
        assert!(holds(all.clone(), &[]));
        assert!(holds(all.clone(), &[("a:k", &["x1", "y"])]));
        assert!(!holds(all, &[("a:k", &["x1", "z"])]));
        let any = json!({"ForAnyValue:StringEquals": {"a:k": "y"}});
        assert!(!holds(any.clone(), &[]));
        assert!(holds(any, &[("a:k", &["x", "y"])]));
        assert!(!holds(json!({"StringNotEquals": {"a:k": "y"}}), &[("a:k", &["x", "y"])]));
        assert!(holds(json!({"ForAnyValue:StringNotEquals": {"a:k": "y"}}), &[("a:k", &["x", "y"])]));
    }

    #[test]
    fn general_keys_are_known() {
        assert!(holds(json!({"Bool": {"aws:SecureTransport": "true"}}), &[]));
        assert!(holds(json!({"DateGreaterThan": {"aws:CurrentTime": "2001-09-09T01:46:39Z"}}), &[]));
        assert!(!holds(json!({"DateGreaterThan": {"aws:CurrentTime": "2001-09-09T01:46:40Z"}}), &[]));
        assert!(holds(json!({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}), &[]));
    }

    #[test]
    fn nonsense_is_told() {
        for element in [
            json!([]),
            json!({"StringSimilar": {"a:k": "x"}}),
            json!({"ForSomeValues:StringLike": {"a:k": "x"}}),
            json!({"Bool": {"a:k": "maybe"}}),
            json!({"NumericEquals": {"a:k": "ten"}}),
            json!({"IpAddress": {"a:k": "10.0.0.0/33"}}),
            json!({"StringEquals": "x"}),
            json!({"StringEquals": {"a:k": {}}}),
        ] {
            assert!(conditions(&element, true).is_err(), "{element}");
        }
    }
}
