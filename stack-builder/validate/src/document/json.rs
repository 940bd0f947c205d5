//! JSON becomes a document.

use super::build::{Builder, Cursor};
use super::{Data, Document};
use crate::finding::Finding;
use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged as _;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

/// JSON as CloudFormation reads it: nothing beyond the standard.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads JSON text.
pub(super) fn read(text: &str) -> Result<(Document, Vec<Finding>), Finding> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT);
    let parsed = parsed.map_err(|error| problem(text, &error))?;
    let Some(value) = parsed.value else {
        return Err(Finding::error("unreadable", "the file is empty"));
    };
    let mut walk = Walk { builder: Builder::new(), cursor: Cursor::new(text) };
    walk.value(&value)?;
    Ok(walk.builder.finish())
}

struct Walk<'a> {
    builder: Builder,
    cursor: Cursor<'a>,
}

impl Walk<'_> {
    fn value(&mut self, value: &Value<'_>) -> Result<(), Finding> {
        let position = self.cursor.position(value.range().start);
        match value {
            Value::Object(object) => {
                self.builder.open(Data::Map(Vec::new()), position)?;
                for property in &object.properties {
                    let at = self.cursor.position(property.name.range().start);
                    self.builder.key(property.name.as_str(), at);
                    self.value(&property.value)?;
                }
                self.builder.close();
            }
            Value::Array(array) => {
                self.builder.open(Data::List(Vec::new()), position)?;
                for element in &array.elements {
                    self.value(element)?;
                }
                self.builder.close();
            }
            Value::StringLit(text) => self.builder.scalar(Data::Text(text.value.as_ref().into()), position),
            Value::NumberLit(number) => self.builder.scalar(self::number(number.value), position),
            Value::BooleanLit(boolean) => self.builder.scalar(Data::Bool(boolean.value), position),
            Value::NullKeyword(_) => self.builder.scalar(Data::Null, position),
        }
        Ok(())
    }
}

fn number(text: &str) -> Data {
    match text.parse() {
        Ok(whole) => Data::Int(whole),
        Err(_) => Data::Float(text.parse().unwrap_or(f64::NAN)),
    }
}

fn problem(text: &str, error: &ParseError) -> Finding {
    let (message, hint) = say(error.kind());
    let position = Cursor::new(text).position(error.range().start.min(text.len()));
    let problem = Finding::error("unreadable", format!("the JSON cannot be read: {message}")).at(position);
    if hint.is_empty() { problem } else { problem.hint(hint) }
}

/// What is wrong, in our words, and what to do.
fn say(kind: &ParseErrorKind) -> (String, &'static str) {
    use ParseErrorKind as Kind;
    let (message, hint) = match kind {
        Kind::CommentsNotAllowed | Kind::UnterminatedCommentBlock => {
            ("JSON has no comments", "remove the comment, or write the template in YAML")
        }
        Kind::TrailingCommasNotAllowed => ("a comma stands before the closing bracket", "remove the comma"),
        Kind::ExpectedComma => ("a comma is missing", "put a comma behind this"),
        Kind::ExpectedColonAfterObjectKey => ("a colon is missing after the key", ""),
        Kind::ExpectedStringObjectProperty => {
            ("a key has no quotation marks", "write the key in double quotes")
        }
        Kind::SingleQuotedStringsNotAllowed => {
            ("a string stands in single quotes", "write it in double quotes")
        }
        Kind::MultipleRootJsonValues => ("something follows after the end of the template", "remove it"),
        Kind::UnterminatedArray => ("a list is not closed", "add the missing `]`"),
        Kind::UnterminatedObject => ("an object is not closed", "add the missing `}`"),
        Kind::NestingDepthExceeded => ("it is nested too deeply", ""),
        other => return (lower(&other.to_string()), ""),
    };
    (message.to_owned(), hint)
}

fn lower(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}
