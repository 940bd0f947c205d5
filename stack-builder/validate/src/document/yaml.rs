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
            tag::Meaning::Plain => {
                if style == ScalarStyle::Plain && scalar::is_octal(text) {
                    self.builder.problems.push(octal(text, position));
                }
                self.builder.scalar(data(text, style), position);
            }
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

fn octal(text: &str, position: Position) -> Finding {
    let message = format!("YAML reads `{text}` as an octal number, so its value is another one");
    let hint = "put it into quotation marks; without the zero in front it is decimal";
    Finding::warning("octal-number", message).at(position).hint(hint)
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
    match hint(text, position).or_else(|| hint_for(error.info())) {
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

/// What the reader's own words mean most of the time.
fn hint_for(info: &str) -> Option<&'static str> {
    let words = [
        ("unexpected end of stream", "a quotation mark, bracket or brace is not closed"),
        ("illegal placement of ':'", "a bracket or brace above is not closed"),
        ("document start", "indent the line as the ones beside it"),
        ("while parsing a block", "indent the line as the ones beside it"),
    ];
    words.iter().find(|(part, _)| info.contains(part)).map(|(_, hint)| *hint)
}

#[cfg(test)]
mod tests {
    use crate::document::{Document, Language};
    use crate::template;

    /// The tree of `cfn` as JSON.
    fn tree(yaml: &str) -> serde_json::Value {
        let (document, findings) = Document::read(yaml.as_bytes(), Language::Yaml);
        assert_eq!(findings, [], "{yaml}");
        serde_json::to_value(template::node(document.unwrap().root())).unwrap()
    }

    #[track_caller]
    fn check(short: &str, long: &str) {
        assert_eq!(tree(&format!("x: {short}\n")), tree(&format!("x: {long}\n")));
    }

    #[test]
    fn short_forms_are_long_forms() {
        check("!Ref A", "{Ref: A}");
        check("!Condition A", "{Condition: A}");
        check("!GetAtt A.B", "{'Fn::GetAtt': [A, B]}");
        check("!GetAtt A.Outputs.B", "{'Fn::GetAtt': [A, Outputs.B]}");
        check("!GetAtt [A, B]", "{'Fn::GetAtt': [A, B]}");
        check("!Sub 'a-${B}'", "{'Fn::Sub': 'a-${B}'}");
        check("!Sub ['${x}', {x: !Ref A}]", "{'Fn::Sub': ['${x}', {x: {Ref: A}}]}");
        check("!Join [',', [a, !Ref B]]", "{'Fn::Join': [',', [a, {Ref: B}]]}");
        check("!Select [0, !GetAZs '']", "{'Fn::Select': [0, {'Fn::GetAZs': ''}]}");
        check("!Split [',', a]", "{'Fn::Split': [',', a]}");
        check("!If [A, b, !Ref AWS::NoValue]", "{'Fn::If': [A, b, {Ref: 'AWS::NoValue'}]}");
        check("!FindInMap [A, b, c]", "{'Fn::FindInMap': [A, b, c]}");
        check("!ImportValue a", "{'Fn::ImportValue': a}");
        check("!Base64 a", "{'Fn::Base64': a}");
        check("!Cidr [a, 1, 2]", "{'Fn::Cidr': [a, 1, 2]}");
        check("!Not [!Equals [a, b]]", "{'Fn::Not': [{'Fn::Equals': [a, b]}]}");
        check("!And [!Condition A, !Condition B]", "{'Fn::And': [{Condition: A}, {Condition: B}]}");
        check("!Or [!Condition A, !Condition B]", "{'Fn::Or': [{Condition: A}, {Condition: B}]}");
        check("!Transform {Name: A, Parameters: {}}", "{'Fn::Transform': {Name: A, Parameters: {}}}");
        check("!Length [a]", "{'Fn::Length': [a]}");
        check("!ToJsonString {a: b}", "{'Fn::ToJsonString': {a: b}}");
        check("!Base64\n  'Fn::Sub': a", "{'Fn::Base64': {'Fn::Sub': a}}");
    }

    #[test]
    fn what_is_in_a_name_stays_a_text() {
        check("!Ref 123", "{Ref: '123'}");
        check("!Sub 123", "{'Fn::Sub': '123'}");
        check("!!str 123", "'123'");
        check("! 123", "'123'");
    }

    #[test]
    fn yaml_1_1_as_cloudformation_reads_it() {
        check("yes", "true");
        check("2012-10-17", "'2012-10-17'");
        check("\"yes\"", "'yes'");
        check("|\n  yes\n", "\"yes\\n\"");
    }

    #[test]
    fn an_unknown_tag_is_no_function() {
        let (_, findings) = Document::read(b"a: !GetAttr A.B\nb: !!binary aGk=\n", Language::Yaml);
        let said: Vec<_> = findings.iter().map(|f| format!("{} {}", f.position, f.message)).collect();
        let expect = [
            "1:4 there is no function `!GetAttr`",
            "2:4 CloudFormation does not take the YAML type `!!binary`",
        ];
        assert_eq!(said, expect);
        assert_eq!(findings[0].hint.as_deref(), Some("did you mean `!GetAtt`?"));
    }
}
