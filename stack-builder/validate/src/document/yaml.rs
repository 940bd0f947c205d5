//! YAML becomes a document.
//!
//! CloudFormation reads YAML 1.1 without aliases, merge keys and a few tags:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>

use super::build::Builder;
use super::{Data, Document, Position, scalar, tag};
use crate::finding::Finding;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Tag};
use std::borrow::Cow;

/// Reads YAML text.
pub(super) fn read(text: &str) -> Result<(Document, Vec<Finding>), Finding> {
    let mut reader = Reader { builder: Builder::new(), short: Vec::new(), documents: 0 };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| problem(text, &error))?;
        reader.event(event, position(span.start))?;
    }
    Ok(reader.builder.finish())
}

struct Reader {
    builder: Builder,
    /// For each open collection, whether a short form put a map around it.
    short: Vec<bool>,
    documents: usize,
}

type Read = Result<(), Finding>;

impl Reader {
    fn event(&mut self, event: Event<'_>, position: Position) -> Read {
        match event {
            Event::DocumentStart(_) => self.document(position),
            Event::Alias(_) => {
                Err(Finding::error("unreadable", "CloudFormation refuses YAML aliases").at(position).hint(
                    "write the value out here, or have `aws cloudformation package` write the template anew",
                ))
            }
            Event::Scalar(text, style, _, tag) => self.scalar(&text, style, tag, position),
            Event::SequenceStart(_, tag) => self.open(Data::List(Vec::new()), tag, position),
            Event::MappingStart(_, tag) => self.open(Data::Map(Vec::new()), tag, position),
            Event::SequenceEnd | Event::MappingEnd => {
                self.close();
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
        }
    }

    fn document(&mut self, position: Position) -> Read {
        self.documents += 1;
        if self.documents > 1 {
            let message = "the file holds more than one YAML document";
            let hint = "a template is one document; move what follows `---` into a file of its own";
            return Err(Finding::error("unreadable", message).at(position).hint(hint));
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        tag: Option<Cow<'_, Tag>>,
        position: Position,
    ) -> Read {
        if self.builder.wants_key() {
            self.builder.key(text, position);
            return Ok(());
        }
        let meaning = self.meaning(tag.as_deref(), position);
        match meaning {
            tag::Meaning::Function(function) => {
                self.builder.open(Data::Map(Vec::new()), position)?;
                self.builder.key(&function, position);
                self.argument(&function, text, style, position)?;
                self.builder.close();
            }
            tag::Meaning::Text => self.builder.scalar(Data::Text(text.into()), position),
            tag::Meaning::Plain => self.builder.scalar(data(text, style), position),
        }
        Ok(())
    }

    /// `!GetAtt Table.Arn` is a list in the long form.
    fn argument(&mut self, function: &str, text: &str, style: ScalarStyle, position: Position) -> Read {
        match text.split_once('.').filter(|_| function == "Fn::GetAtt") {
            Some((id, attribute)) => {
                self.builder.open(Data::List(Vec::new()), position)?;
                self.builder.scalar(Data::Text(id.into()), position);
                self.builder.scalar(Data::Text(attribute.into()), position);
                self.builder.close();
            }
            None if matches!(function, "Ref" | "Condition" | "Fn::Sub") => {
                self.builder.scalar(Data::Text(text.into()), position);
            }
            None => self.builder.scalar(data(text, style), position),
        }
        Ok(())
    }

    fn open(&mut self, data: Data, tag: Option<Cow<'_, Tag>>, position: Position) -> Read {
        if self.builder.wants_key() {
            let message = "a key is a list or a map, and keys are texts";
            let hint = "a text that begins with `{` or `[` needs quotation marks";
            return Err(Finding::error("unreadable", message).at(position).hint(hint));
        }
        let meaning = self.meaning(tag.as_deref(), position);
        let function = if let tag::Meaning::Function(function) = meaning { Some(function) } else { None };
        if let Some(function) = &function {
            self.builder.open(Data::Map(Vec::new()), position)?;
            self.builder.key(function, position);
        }
        self.short.push(function.is_some());
        self.builder.open(data, position)
    }

    fn close(&mut self) {
        self.builder.close();
        if self.short.pop() == Some(true) {
            self.builder.close();
        }
    }

    fn meaning(&mut self, tag: Option<&Tag>, position: Position) -> tag::Meaning {
        let Some(tag) = tag else { return tag::Meaning::Plain };
        let (meaning, problem) = tag::meaning(tag);
        self.builder.problems.extend(problem.map(|problem| problem.at(position)));
        meaning
    }
}

fn data(text: &str, style: ScalarStyle) -> Data {
    if style == ScalarStyle::Plain { scalar::resolve(text) } else { Data::Text(text.into()) }
}

fn position(marker: Marker) -> Position {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Position { line: number(marker.line()).max(1), column: number(marker.col()).saturating_add(1) }
}

fn problem(text: &str, error: &ScanError) -> Finding {
    let position = position(*error.marker());
    let problem =
        Finding::error("unreadable", format!("the YAML cannot be read: {}", error.info())).at(position);
    match hint(text, position) {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

/// What is most likely wrong in the line where the reader gave up.
fn hint(text: &str, position: Position) -> Option<&'static str> {
    let line = text.lines().nth(position.line as usize - 1)?;
    let indent = &line[..line.len() - line.trim_start().len()];
    if indent.contains('\t') {
        return Some("YAML is indented by spaces, never by tabs");
    }
    let value = line.split_once(": ").map_or("", |(_, value)| value.trim_start());
    if value.contains(": ") || value.starts_with(['%', '@', '`']) || line.contains(": *") {
        return Some("put the value into quotation marks");
    }
    None
}
