//! The small object of a page's own that is kept with a file.

use serde_json::{Map, Value};

/// Its largest size as compact JSON, in bytes.
const LARGEST: usize = 4 * 1024;
/// How many objects and arrays may stand inside one another, the outermost included.
const DEEPEST: usize = 4;
/// The longest name of a field, in bytes.
const LONGEST_NAME: usize = 64;
/// The magnitudes that a DynamoDB number can have, zero apart.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html>
const MAGNITUDES: std::ops::Range<f64> = 1e-130..1e126;

/// Checks that the value is an object that DynamoDB can hold as a map, small enough to be read with every list.
pub(crate) fn parse(value: &Value) -> Result<Map<String, Value>, &'static str> {
    let object = value.as_object().ok_or("must be an object")?;
    if value.to_string().len() > LARGEST {
        return Err("must be at most 4096 bytes of JSON");
    }
    check(value, DEEPEST)?;
    Ok(object.clone())
}

fn check(value: &Value, depth: usize) -> Result<(), &'static str> {
    match value {
        Value::Array(_) | Value::Object(_) if depth == 0 => Err("must be nested at most 4 deep"),
        Value::Array(values) => values.iter().try_for_each(|value| check(value, depth - 1)),
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            check_name(name)?;
            check(value, depth - 1)
        }),
        Value::Number(number) => check_number(number.as_f64()),
        _ => Ok(()),
    }
}

/// `__proto__` would change what an object is, should a page copy it field by field.
fn check_name(name: &str) -> Result<(), &'static str> {
    let plain = (1..=LONGEST_NAME).contains(&name.len()) && !name.chars().any(char::is_control);
    let fault = "must have field names of 1 to 64 bytes without control characters, none of them `__proto__`";
    if plain && name != "__proto__" { Ok(()) } else { Err(fault) }
}

fn check_number(number: Option<f64>) -> Result<(), &'static str> {
    let storable = |number: f64| number == 0.0 || MAGNITUDES.contains(&number.abs());
    if number.is_some_and(storable) { Ok(()) } else { Err("must hold only numbers that DynamoDB can store") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn nested(levels: usize) -> Value {
        (1..levels)
            .fold(json!({}), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({"a": inner}) })
    }

    fn outer(levels: usize) -> Value {
        json!({"o": nested(levels - 1)})
    }

    #[test]
    fn small_objects_are_taken() {
        for value in [
            json!({}),
            json!({"a": null, "b": [true, "", -1, 0, 0.0, 1.5e125, 1e-130, u64::MAX], "ä b": {"c": []}}),
            outer(4),
            json!({"x".repeat(64): "y".repeat(4000)}),
        ] {
            assert_eq!(parse(&value).map(Value::Object), Ok(value));
        }
    }

    #[test]
    fn other_values_are_refused() {
        for value in [
            json!([]),
            json!("x"),
            json!(1),
            json!({"": 1}),
            json!({"__proto__": {}}),
            json!({"a": [{"__proto__": 1}]}),
            json!({"a\n": 1}),
            json!({"x".repeat(65): 1}),
            json!({"a": 1e126}),
            json!({"a": -1e300}),
            json!({"a": [1e-131]}),
            json!({"a": "x".repeat(4096)}),
            outer(5),
            outer(60),
        ] {
            assert!(parse(&value).is_err(), "{value:.60}");
        }
    }

    #[test]
    fn the_size_is_that_of_compact_json() {
        let of = |length: usize| json!({"a": "x".repeat(length - 8)});
        assert!(parse(&of(LARGEST)).is_ok());
        assert!(parse(&of(LARGEST + 1)).is_err());
    }
}
