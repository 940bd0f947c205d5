//! Numbers as `DynamoDB` keeps them.

/// The most significant digits
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html>).
const DIGITS: usize = 38;
/// The least and the greatest power of ten that the first digit stands for; the same page.
const POWERS: (i64, i64) = (-130, 125);

/// A number by its value: `10`, `10.0` and `1e1` are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    negative: bool,
    /// Without zeros at either end.
    digits: String,
    /// The power of ten that the first digit stands for.
    power: i64,
}

impl Number {
    /// Reads a number of JSON.
    pub(crate) fn of(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.trim_start_matches('-').split_once('.').unwrap_or_else(|| {
            let whole = mantissa.trim_start_matches('-');
            (whole, "")
        });
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let leading = i64::try_from(all.len() - digits.len()).unwrap_or(i64::MAX);
        let whole = i64::try_from(whole.len()).unwrap_or(i64::MAX);
        // An exponent that no `i64` can hold is far out of range either way.
        let far = if exponent.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
        let power = exponent.parse().unwrap_or(far).saturating_add(whole - 1 - leading);
        let digits = digits.trim_end_matches('0').to_owned();
        let zero = digits.is_empty();
        Self { negative: text.starts_with('-') && !zero, digits, power: if zero { 0 } else { power } }
    }

    /// Why `DynamoDB` would not keep it as it is.
    pub(crate) fn fault(&self) -> Option<String> {
        let (least, greatest) = POWERS;
        if self.digits.len() > DIGITS {
            Some(format!("has {} significant digits, and DynamoDB keeps {DIGITS}", self.digits.len()))
        } else if self.power < least || self.power > greatest {
            Some(format!("is not between 1E{least} and 1E{}, as DynamoDB has them", greatest + 1))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_one_value_is_one_number() {
        for (a, b) in [("10", "10.0"), ("10", "1e1"), ("-0.0", "0"), ("0.05", "5E-2"), ("-1.50", "-15e-1")] {
            assert_eq!(Number::of(a), Number::of(b), "{a} {b}");
        }
        for (a, b) in [("1", "-1"), ("1", "10"), ("0.1", "0.01"), ("1e2", "1e-2")] {
            assert_ne!(Number::of(a), Number::of(b), "{a} {b}");
        }
    }

    #[test]
    fn thirty_eight_digits_are_kept_and_not_one_more() {
        let long = "1234567890".repeat(3) + "12345678";
        assert_eq!(Number::of(&long).fault(), None);
        assert_eq!(Number::of(&format!("-0.00{long}000")).fault(), None);
        let longer = format!("{long}1");
        assert_eq!(
            Number::of(&longer).fault().as_deref(),
            Some("has 39 significant digits, and DynamoDB keeps 38")
        );
    }

    #[test]
    fn the_range_is_that_of_dynamodb() {
        for good in ["0", "0e999", "1e-130", "9.9e125", "0.1e126"] {
            assert_eq!(Number::of(good).fault(), None, "{good}");
        }
        for bad in ["1e-131", "1e126", "-10e125", "1e-99999999999999999999"] {
            assert!(Number::of(bad).fault().unwrap().starts_with("is not between"), "{bad}");
        }
    }
}
