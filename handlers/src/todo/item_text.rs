//! What an item says, and whether it is done, as a body gives them.

use crate::fields::text;
use serde_json::Value;

/// The most characters (Unicode scalar values) an item may have.
const LONGEST: usize = 1000;

/// The text of the field `item`: 1 to 1000 characters on one line, white space round them cut.
pub(crate) fn parse(value: &Value) -> Result<String, &'static str> {
    let item = text(value)?.trim();
    if item.is_empty() {
        Err("must not be empty")
    } else if item.chars().count() > LONGEST {
        Err("must be at most 1000 characters long")
    } else if item.chars().any(char::is_control) {
        Err("must not hold control characters")
    } else {
        Ok(item.to_owned())
    }
}

/// The field `completed`.
pub(crate) fn flag(value: &Value) -> Result<bool, &'static str> {
    value.as_bool().ok_or("must be true or false")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn ordinary_items_are_taken() {
        let longest = "ä".repeat(1000);
        for item in ["x", "Buy milk", "報告書を書く", "👩‍👩‍👧 party", "<b>&\"'", "50 %", &longest]
        {
            assert_eq!(parse(&json!(item)).as_deref(), Ok(item));
        }
        assert_eq!(parse(&json!("\t Buy milk \n")).as_deref(), Ok("Buy milk"));
    }

    #[test]
    fn other_values_are_refused() {
        for item in [
            json!(""),
            json!(" \n"),
            json!("x".repeat(1001)),
            json!("a\nb"),
            json!("a\0b"),
            json!("a\u{85}b"),
            json!("\u{1b}[2J"),
            json!(7),
            json!(["x"]),
            json!({"S": "x"}),
            json!(true),
        ] {
            assert!(parse(&item).is_err(), "{item:.40}");
        }
    }

    #[test]
    fn only_a_boolean_is_a_flag() {
        assert_eq!((flag(&json!(true)), flag(&json!(false))), (Ok(true), Ok(false)));
        for value in [json!("true"), json!(1), json!(0), json!([]), json!({"BOOL": true})] {
            assert!(flag(&value).is_err(), "{value}");
        }
    }

    proptest! {
        #[test]
        fn what_is_taken_is_short_visible_and_stays_the_same(text in any::<String>()) {
            if let Ok(item) = parse(&json!(text)) {
                prop_assert!((1..=1000).contains(&item.chars().count()) && !item.contains(char::is_control));
                prop_assert_eq!(parse(&json!(item)), Ok(text.trim().to_owned()));
            }
        }
    }
}
