//! What a plain scalar is in YAML 1.1, which CloudFormation reads.

use super::Data;

/// The value that `text` stands for where it has no quotation marks.
///
/// Dates stay texts: CloudFormation takes `Version: 2012-10-17` as it is written.
pub(super) fn resolve(text: &str) -> Data {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Data::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Data::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Data::Bool(false),
        _ => {}
    }
    number(text).unwrap_or_else(|| Data::Text(text.into()))
}

fn number(text: &str) -> Option<Data> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let whole = whole(unsigned);
    if let Some(whole) = whole {
        return Some(Data::Int(if text.starts_with('-') { -whole } else { whole }));
    }
    // `1.2.3` and `1e3` are texts in YAML 1.1: a number has one point before its exponent.
    let float = unsigned.contains('.')
        && unsigned.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'));
    if float { text.parse().ok().map(Data::Float) } else { None }
}

/// Decimal, octal (`0755`), hexadecimal or binary; underscores group digits. Numbers to the base of sixty
/// (`22:22`) are left as texts, which is what they are meant to be.
fn whole(unsigned: &str) -> Option<i64> {
    let digits: String = unsigned.chars().filter(|c| *c != '_').collect();
    let (digits, radix) = match digits.as_bytes() {
        [b'0', b'x', ..] => (&digits[2..], 16),
        [b'0', b'b', ..] => (&digits[2..], 2),
        [b'0', _, ..] => (&digits[1..], 8),
        _ => (&digits[..], 10),
    };
    if digits.starts_with(['+', '-']) { None } else { i64::from_str_radix(digits, radix).ok() }
}

/// Whether a plain scalar looks decimal and is read as octal, as an account's number with a zero in front.
pub(super) fn is_octal(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && text.bytes().all(|b| matches!(b, b'0'..=b'7'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(format!("{:?}", resolve(text)), expect, "{text}");
    }

    #[test]
    fn words() {
        check("yes", "Bool(true)");
        check("Off", "Bool(false)");
        check("~", "Null");
        check("y", "Text(\"y\")");
        check("nO", "Text(\"nO\")");
    }

    #[test]
    fn numbers() {
        check("80", "Int(80)");
        check("-3", "Int(-3)");
        check("0755", "Int(493)");
        check("0x1F", "Int(31)");
        check("1_000", "Int(1000)");
        check("1.5", "Float(1.5)");
        check("1.0e+3", "Float(1000.0)");
    }

    #[test]
    fn octal() {
        assert!(is_octal("012345670123"));
        for text in ["0", "10", "0x1F", "089", "0.5", "00a"] {
            assert!(!is_octal(text), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number() {
        for text in
            ["2012-10-17", "1e3", "1.2.3", "22:22", "089", "-", "+-3", ".", "12a", "99999999999999999999"]
        {
            check(text, &format!("Text({text:?})"));
        }
    }
}
