//! A value as one text, with what is known only when deployed as `${…}` in it.

use crate::document::Place;

/// Stands for a part of which nothing is known.
const UNKNOWN: &str = "${?}";

/// The text that `place` will be: literals as they are, `Ref` as `${Name}`, an attribute as `${Name.Attribute}`,
/// `Fn::Sub` and `Fn::Join` put together, and `${?}` for a part that cannot be told; `None` where nothing can.
pub(in crate::rules) fn written(place: Place<'_>) -> Option<String> {
    let Some((function, argument)) = place.function() else { return place.literal() };
    match function {
        "Ref" => Some(format!("${{{}}}", argument.text()?)),
        "Fn::GetAtt" => attribute(argument),
        "Fn::Sub" => substituted(argument),
        "Fn::Join" => joined(argument),
        _ => None,
    }
}

fn attribute(argument: Place<'_>) -> Option<String> {
    let parts: Option<Vec<_>> = argument.items().map(Place::text).collect();
    let path = if argument.is_list() { parts?.join(".") } else { argument.text()?.to_owned() };
    Some(format!("${{{path}}}"))
}

fn substituted(argument: Place<'_>) -> Option<String> {
    if let Some(text) = argument.text() {
        return Some(text.to_owned());
    }
    let mut parts = argument.items();
    let (text, variables) = (parts.next()?.text()?.to_owned(), parts.next()?);
    let replace = |text: String, (name, value): (&str, Place<'_>)| {
        text.replace(&format!("${{{name}}}"), &written(value).unwrap_or_else(|| UNKNOWN.to_owned()))
    };
    Some(variables.entries().fold(text, replace))
}

fn joined(argument: Place<'_>) -> Option<String> {
    let mut parts = argument.items();
    let (delimiter, list) = (parts.next()?.text()?, parts.next()?);
    let known = |part| written(part).unwrap_or_else(|| UNKNOWN.to_owned());
    list.is_list().then(|| list.items().map(known).collect::<Vec<_>>().join(delimiter))
}

/// The name in a text that is one reference and nothing else: `Name` or `Name.Attribute`.
pub(in crate::rules) fn only_reference(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${")?.strip_suffix('}')?;
    (!name.contains(['$', '{', '}', '?'])).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Language};

    #[track_caller]
    fn check(value: &str, expect: Option<&str>) {
        let (document, _) = Document::read(format!("V: {value}").as_bytes(), Language::Yaml);
        let document = document.unwrap();
        let place = document.root().get("V").unwrap();
        assert_eq!(written(place).as_deref(), expect, "{value}");
    }

    #[test]
    fn functions_become_one_text() {
        check("plain", Some("plain"));
        check("!Ref A", Some("${A}"));
        check("!GetAtt A.Arn", Some("${A.Arn}"));
        check("!Sub '${A.Arn}/*'", Some("${A.Arn}/*"));
        check("!Sub ['${a}/${b}', {a: !Ref A, b: !Select [0, []]}]", Some("${A}/${?}"));
        check("!Join [':', [a, !Ref B, !ImportValue c]]", Some("a:${B}:${?}"));
        check("!Join [':', !Ref List]", None);
        check("!ImportValue c", None);
    }

    #[test]
    fn a_lone_reference_is_told_from_a_text_around_it() {
        assert_eq!(only_reference("${A.Arn}"), Some("A.Arn"));
        assert_eq!(only_reference("${A}${B}"), None);
        assert_eq!(only_reference("${A}/*"), None);
        assert_eq!(only_reference(UNKNOWN), None);
    }
}
