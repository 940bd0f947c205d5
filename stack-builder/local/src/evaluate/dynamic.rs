//! Dynamic references: `{{resolve:secretsmanager:…}}` in a property.

use serde_json::Value;
use stack_builder_local_core::{Note, Resource};

const OPEN: &str = "{{resolve:secretsmanager:";

/// Replaces references to secrets in `resources`, given what finds a secret's value by id and JSON key.
pub(crate) fn resolve_secrets(
    resources: &mut [Resource],
    find: &dyn Fn(&str, Option<&str>) -> Option<String>,
) -> Vec<Note> {
    let mut notes = Vec::new();
    for resource in resources {
        let mut missing = Vec::new();
        walk(&mut resource.properties, find, &mut missing);
        let text = |reference| format!("the dynamic reference `{reference}` finds nothing here");
        notes.extend(
            missing.into_iter().map(|missing| Note { resource: resource.id.clone(), text: text(missing) }),
        );
    }
    notes
}

fn walk(value: &mut Value, find: &dyn Fn(&str, Option<&str>) -> Option<String>, missing: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains("{{resolve:") => *text = replaced(text, find, missing),
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, find, missing)),
        Value::Object(members) => members.values_mut().for_each(|member| walk(member, find, missing)),
        _ => {}
    }
}

fn replaced(
    text: &str,
    find: &dyn Fn(&str, Option<&str>) -> Option<String>,
    missing: &mut Vec<String>,
) -> String {
    let mut made = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{resolve:") {
        let Some(length) = rest[start..].find("}}").map(|end| end + 2) else { break };
        made.push_str(&rest[..start]);
        let reference = &rest[start..start + length];
        if let Some(value) = secret(reference).and_then(|(id, key)| find(id, key)) {
            made.push_str(&value);
        } else {
            missing.push(reference.to_owned());
            made.push_str(reference);
        }
        rest = &rest[start + length..];
    }
    made + rest
}

/// The id of the secret, an ARN or a name, and the key in its JSON.
fn secret(reference: &str) -> Option<(&str, Option<&str>)> {
    let inner = reference.strip_prefix(OPEN)?.strip_suffix("}}")?;
    let (id, after) = inner.split_once(":SecretString").unwrap_or((inner, ""));
    let key = after.trim_start_matches(':').split(':').next().filter(|key| !key.is_empty());
    Some((id, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_secret_and_its_key() {
        let check = |text: &str, expect: &str| {
            let find = |id: &str, key: Option<&str>| Some(format!("<{id}|{}>", key.unwrap_or("-")));
            assert_eq!(replaced(text, &find, &mut Vec::new()), expect);
        };
        let arn = "arn:aws:secretsmanager:eu-central-1:1:secret:a-b";
        check(&format!("{{{{resolve:secretsmanager:{arn}:SecretString}}}}"), &format!("<{arn}|->"));
        check("x{{resolve:secretsmanager:a:SecretString:user}}y", "x<a|user>y");
        check("{{resolve:secretsmanager:a}}", "<a|->");
        check("{{resolve:ssm:a}}", "{{resolve:ssm:a}}");
        check("a {{resolve:secretsmanager:b", "a {{resolve:secretsmanager:b");
        check("{{resolve:secretsmanager:a}} and {{resolve:x", "<a|-> and {{resolve:x");
        check("{{resolve:secretsmanager:a:SecretString:key:AWSCURRENT}}", "<a|key>");
    }

    #[test]
    fn what_is_not_found_is_told() {
        let properties =
            serde_json::json!({ "a": ["{{resolve:ssm:x}}", { "b": "{{resolve:secretsmanager:y}}" }] });
        let mut resources = [stack_builder_local_core::Resource {
            id: stack_builder_local_core::ResourceId { stack: "s".to_owned(), logical_id: "L".to_owned() },
            kind: String::new(),
            physical_id: String::new(),
            attributes: std::collections::BTreeMap::new(),
            properties: properties.clone(),
            metadata: Value::Null,
        }];
        let notes = resolve_secrets(&mut resources, &|_, _| None);
        assert_eq!(resources[0].properties, properties);
        let texts: Vec<_> = notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(texts.len(), 2);
        assert!(texts[0].contains("`{{resolve:ssm:x}}`") && texts[1].contains("y}}`"), "{texts:?}");
    }
}
