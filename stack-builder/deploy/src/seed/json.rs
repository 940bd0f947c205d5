//! JSON as it is written: numbers keep their digits, and no name may stand twice in one object.
//!
//! `serde_json::Value` makes a 64-bit float of a long number, and takes the last of two fields of one name.

use std::fmt;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    Array(Vec<Json>),
    Object(Fields),
}

/// The fields of an object, in the order in which they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(pub(crate) Vec<(String, Json)>);

impl Fields {
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

/// Why a text cannot be taken.
#[derive(Debug)]
pub(crate) enum Fault {
    /// It is no JSON.
    Syntax(serde_json::Error),
    /// Fields whose name is there before, each with the object that they are in, such as `tables.Logs[2]`.
    Twice(Vec<(String, String)>),
}

impl Json {
    pub(crate) fn read(text: &str) -> Result<Self, Fault> {
        // It judges the grammar and the depth; what follows can take both for granted.
        serde_json::from_str::<serde_json::Value>(text).map_err(Fault::Syntax)?;
        let mut reader = Reader { rest: text, twice: Vec::new() };
        let value = reader.value("");
        if reader.twice.is_empty() { Ok(value) } else { Err(Fault::Twice(reader.twice)) }
    }

    /// The same with the fields of each object by name, for comparing.
    pub(crate) fn sorted(self) -> Self {
        match self {
            Self::Array(values) => Self::Array(values.into_iter().map(Self::sorted).collect()),
            Self::Object(Fields(fields)) => {
                let mut fields: Vec<_> =
                    fields.into_iter().map(|(name, value)| (name, value.sorted())).collect();
                fields.sort_by(|a, b| a.0.cmp(&b.0));
                Self::Object(Fields(fields))
            }
            plain => plain,
        }
    }
}

/// Without blanks.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(truth) => write!(f, "{truth}"),
            Self::Number(digits) => f.write_str(digits),
            Self::Text(text) => quoted(f, text),
            Self::Array(values) => {
                f.write_str("[")?;
                for (n, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if n == 0 { "" } else { "," })?;
                }
                f.write_str("]")
            }
            Self::Object(Fields(fields)) => {
                f.write_str("{")?;
                for (n, (name, value)) in fields.iter().enumerate() {
                    f.write_str(if n == 0 { "" } else { "," })?;
                    quoted(f, name)?;
                    write!(f, ":{value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    write!(f, "{}", serde_json::Value::from(text))
}

/// Reads a text that is known to be JSON.
struct Reader<'a> {
    rest: &'a str,
    twice: Vec<(String, String)>,
}

impl Reader<'_> {
    /// The value at `place` of the document.
    fn value(&mut self, place: &str) -> Json {
        self.rest = self.rest.trim_start();
        match self.rest.as_bytes().first() {
            Some(b'{') => self.object(place),
            Some(b'[') => self.array(place),
            Some(b'"') => Json::Text(self.text()),
            _ => match self.word() {
                "true" => Json::Bool(true),
                "false" => Json::Bool(false),
                "null" => Json::Null,
                number => Json::Number(number.to_owned()),
            },
        }
    }

    fn object(&mut self, place: &str) -> Json {
        let mut fields = Fields::default();
        self.rest = &self.rest[1..];
        while !self.ends_with('}') {
            self.rest = self.rest.trim_start();
            let name = self.text();
            // The colon.
            self.rest = &self.rest.trim_start()[1..];
            let below = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            let value = self.value(&below);
            if fields.get(&name).is_some() {
                self.twice.push((place.to_owned(), name));
            } else {
                fields.0.push((name, value));
            }
        }
        Json::Object(fields)
    }

    fn array(&mut self, place: &str) -> Json {
        let mut values = Vec::new();
        self.rest = &self.rest[1..];
        while !self.ends_with(']') {
            let value = self.value(&format!("{place}[{}]", values.len()));
            values.push(value);
        }
        Json::Array(values)
    }

    /// Goes past a comma, or past `end`, and says whether it was that.
    fn ends_with(&mut self, end: char) -> bool {
        self.rest = self.rest.trim_start();
        let ends = self.rest.starts_with(end);
        if ends || self.rest.starts_with(',') {
            self.rest = &self.rest[1..];
        }
        ends
    }

    /// A text, which begins here.
    fn text(&mut self) -> String {
        let mut escaped = false;
        let end = self.rest.bytes().skip(1).position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        let (text, rest) = self.rest.split_at(end.map_or(self.rest.len(), |end| end + 2));
        self.rest = rest;
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Up to the end of a number or a name.
    fn word(&mut self) -> &str {
        let ends = |c: char| !c.is_ascii_alphanumeric() && !"+-.".contains(c);
        let (word, rest) = self.rest.split_at(self.rest.find(ends).unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(Json::read(text).unwrap().to_string(), expect);
    }

    #[test]
    fn what_is_read_is_what_is_written() {
        check(" [ ] ", "[]");
        check("{ }", "{}");
        check(
            r#" { "a b" : [ 1 , -0.10e+5 , [ true , false ] , null ] , "c" : { "d" : "" } }"#,
            r#"{"a b":[1,-0.10e+5,[true,false],null],"c":{"d":""}}"#,
        );
        check(r#""\"\\\u00e9\ud83d\ude00\n, ]}\\""#, "\"\\\"\\\\é😀\\n, ]}\\\\\"");
        check("1234567890123456789012345", "1234567890123456789012345");
        check("[0.1234567890123456789]", "[0.1234567890123456789]");
    }

    #[test]
    fn it_agrees_with_serde() {
        let text = r#"{"x": [{"y": "a\tb", "z": [[], {}, "é"]}, 1.5, -2, true], "": {"": null}}"#;
        let again: serde_json::Value = serde_json::from_str(&Json::read(text).unwrap().to_string()).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(text).unwrap());
    }

    #[test]
    fn names_that_stand_twice_are_all_found() {
        let Err(Fault::Twice(twice)) = Json::read(r#"{"a": [0, {"b": 1, "b": 2}], "c": {}, "c": {}}"#) else {
            panic!("taken")
        };
        let expect = [("a[1]", "b"), ("", "c")];
        assert_eq!(twice, expect.map(|(place, name)| (place.to_owned(), name.to_owned())));
    }

    #[test]
    fn what_is_no_json_and_what_is_too_deep_is_refused() {
        for text in ["", "{", "[1 2]", "01", "\"a", "1 1", &"[".repeat(100_000)] {
            assert!(matches!(Json::read(text), Err(Fault::Syntax(_))), "{text:.10}");
        }
    }

    #[test]
    fn the_order_of_fields_does_not_count_when_sorted() {
        let sorted = |text| Json::read(text).unwrap().sorted();
        assert_eq!(sorted(r#"[{"a": 1, "b": {"c": 1, "d": 2}}]"#), sorted(r#"[{"b":{"d":2,"c":1},"a":1}]"#));
        assert_ne!(sorted("[1,2]"), sorted("[2,1]"));
    }
}
