//! JSON as YAML that every reader takes for the same values, those of YAML 1.1 included.
//!
//! YAML 1.1, which CloudFormation's and Python's readers follow, takes the plain scalars `2012-10-17`, `yes`, `1:30`
//! and `012` for a date, a boolean, and two numbers. The libraries at hand quote by the rules of YAML 1.2 and leave
//! these plain, so this module writes the little of YAML that a template needs, and quotes whatever is not plainly a
//! word.

use serde_json::Value;
use std::fmt::Write as _;

/// Words that some reader takes for a boolean or nothing (<https://yaml.org/type/bool.html>, `null.html`).
const NOT_STRINGS: &[&str] = &["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// A document, with a final newline.
pub(crate) fn to_string(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => mapping(&mut text, map, 0),
        Value::Array(items) if !items.is_empty() => sequence(&mut text, items, 0),
        scalar => text += &inline(scalar, 0),
    }
    text.trim_start_matches('\n').to_owned() + "\n"
}

/// Each entry begins with a newline, so that it can follow its key.
fn mapping(text: &mut String, map: &serde_json::Map<String, Value>, depth: usize) {
    for (key, value) in map {
        let _ = write!(text, "\n{:1$}{key}:", "", depth * 2, key = string(key));
        match value {
            Value::Object(inner) if !inner.is_empty() => mapping(text, inner, depth + 1),
            Value::Array(items) if !items.is_empty() => sequence(text, items, depth + 1),
            scalar => {
                let _ = write!(text, " {}", inline(scalar, depth + 1));
            }
        }
    }
}

/// A nested collection starts on the line of its dash.
fn sequence(text: &mut String, items: &[Value], depth: usize) {
    for item in items {
        let _ = write!(text, "\n{:1$}- ", "", depth * 2);
        let mut inner = String::new();
        match item {
            Value::Object(map) if !map.is_empty() => mapping(&mut inner, map, depth + 1),
            Value::Array(items) if !items.is_empty() => sequence(&mut inner, items, depth + 1),
            scalar => inner += &inline(scalar, depth + 1),
        }
        *text += inner.trim_start();
    }
}

fn inline(scalar: &Value, depth: usize) -> String {
    match scalar {
        Value::String(text) if is_block(text) => block(text, depth),
        Value::String(text) => string(text),
        Value::Number(number) => self::number(&number.to_string()),
        // `null`, booleans, `{}` and `[]` are the same in both languages.
        other => other.to_string(),
    }
}

/// YAML 1.1 wants a point before an exponent: `1.0e+30` is a number, `1e+30` a string.
fn number(json: &str) -> String {
    match json.split_once('e') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0e{exponent}"),
        _ => json.to_owned(),
    }
}

/// Plain if nobody can mistake it, else as in JSON, whose strings are YAML's double-quoted ones.
fn string(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { escape(&Value::from(text).to_string()) }
}

/// Escapes what JSON leaves as it is, but YAML does not count as printable.
fn escape(json: &str) -> String {
    json.chars().fold(String::new(), |mut text, c| {
        let _ = if is_printable(c) { write!(text, "{c}") } else { write!(text, "\\u{:04x}", u32::from(c)) };
        text
    })
}

/// YAML's printable characters, less the separators of lines that some readers fold.
fn is_printable(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

/// Starts with a letter, holds nothing with a meaning, and is none of [`NOT_STRINGS`].
fn is_plain(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let inside = |c: char| c.is_ascii_alphanumeric() || "-_./+@$*() ".contains(c);
    // `AWS::S3::Bucket`: a colon means something only before a space or at the end.
    let colons = text.replace("::", "").contains(':') || text.ends_with(':') || text.contains(": ");
    let word = text.to_ascii_lowercase();
    starts
        && text.chars().all(|c| c == ':' || inside(c))
        && !colons
        && !text.ends_with(' ')
        && !NOT_STRINGS.contains(&word.as_str())
}

/// Lines that a literal block keeps as they are.
fn is_block(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    body.contains('\n')
        && !body.starts_with([' ', '\n'])
        && !body.ends_with('\n')
        && body.lines().all(|line| !line.ends_with(' '))
        && body.chars().all(|c| c == '\n' || is_printable(c))
}

/// `|` keeps one final newline, `|-` none.
fn block(text: &str, depth: usize) -> String {
    let mut block = if text.ends_with('\n') { "|".to_owned() } else { "|-".to_owned() };
    for line in text.lines() {
        block.push('\n');
        if !line.is_empty() {
            let _ = write!(block, "{:1$}{line}", "", depth * 2);
        }
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(value: &Value, expect: &str) {
        let yaml = to_string(value);
        assert_eq!(yaml, expect);
        assert_eq!(&serde_yaml::from_str::<Value>(&yaml).unwrap(), value, "what was written is read back");
    }

    #[test]
    fn a_template() {
        let template = json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {
                "Rules": [{"Id": "a", "Days": 30, "On": true}, {"Id": "b"}, [1, [2]], {}, []],
                "Empty": {}, "Nothing": null,
            }}},
        });
        let expect = "\
AWSTemplateFormatVersion: \"2010-09-09\"
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      Rules:
        - Id: a
          Days: 30
          \"On\": true
        - Id: b
        - - 1
          - - 2
        - {}
        - []
      Empty: {}
      Nothing: null
";
        check(&template, expect);
    }

    /// As Python's reader reads them plain: dates, booleans, octal, sexagesimal and other numbers, nothing, a merge key.
    #[test]
    fn what_yaml_1_1_would_take_for_something_else_is_quoted() {
        for text in [
            "2012-10-17",
            "yes",
            "No",
            "ON",
            "off",
            "y",
            "N",
            "true",
            "False",
            "null",
            "Null",
            "~",
            "",
            "012",
            "0o14",
            "0x1F",
            "0b101",
            "1e3",
            "1_000",
            "1:30",
            "190:20:30.15",
            ".inf",
            "-.INF",
            ".nan",
            "+1",
            "-1",
            "1.",
            "=",
            "<<",
            "!x",
            "&a",
            "*",
            "- a",
            "? b",
            "a: b",
            "a:",
            "a #b",
            "#a",
            "@a",
            "`a",
            "%a",
            "[a]",
            "{a}",
            "a, b",
            "'a'",
            "\"a\"",
            " a",
            "a ",
            "|",
            ">",
            "---",
            "...",
            "a\tb",
            "\u{85}",
            "\u{feff}",
            "2001-12-14t21:59:43.10-05:00",
        ] {
            check(&json!(text), &format!("{}\n", escape(&Value::from(text).to_string())));
        }
    }

    #[test]
    fn what_yaml_cannot_hold_is_escaped() {
        check(&json!("\u{85}\u{7f}\u{feff}\u{2028}"), "\"\\u0085\\u007f\\ufeff\\u2028\"\n");
        check(&json!("Ünïts 😀"), "\"Ünïts 😀\"\n");
    }

    #[test]
    fn plain_words_stay_plain() {
        for text in ["AWS::DynamoDB::Table", "notes-list", "index.handler", "x86_64", "s3:GetObject", "e3"] {
            let plain = if text.contains("s3:") { Value::from(text).to_string() } else { text.to_owned() };
            check(&json!(text), &format!("{plain}\n"));
        }
    }

    #[test]
    fn numbers_have_a_point_before_the_exponent() {
        check(&json!([1, -1.5, 1e30, 1e-7, 2.5e-9]), "- 1\n- -1.5\n- 1.0e+30\n- 1.0e-7\n- 2.5e-9\n");
    }

    #[test]
    fn several_lines_are_a_block() {
        check(&json!({"Code": "a: 1\n\n  b\n"}), "Code: |\n  a: 1\n\n    b\n");
        check(&json!({"Code": ["a\nb"]}), "Code:\n  - |-\n    a\n    b\n");
        check(&json!(" a\nb"), "\" a\\nb\"\n");
        check(&json!("a \nb"), "\"a \\nb\"\n");
        check(&json!("a\n\n"), "\"a\\n\\n\"\n");
        check(&json!("a\r\nb"), "\"a\\r\\nb\"\n");
    }
}
