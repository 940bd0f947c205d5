//! Asking every question of one side.

use super::case::{Case, Held, Questions, Suite};
use super::side::Side;
use super::{perform, shape};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::SystemTime;

/// Asks all, and panics with everything that is not as the cases say.
pub(super) fn all(side: &Side<'_>, suite: &Suite) {
    let mut faults = Vec::new();
    for questions in &suite.files {
        faults.extend(file(side, questions));
    }
    let number: usize = suite.files.iter().map(|file| file.cases.len()).sum();
    assert!(faults.is_empty(), "{} of {number} cases on {}:\n{}", faults.len(), side.name, faults.join("\n"));
}

fn file(side: &Side<'_>, questions: &Questions) -> Vec<String> {
    let mut names = side.names.clone();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    names.insert("Now".to_owned(), now.as_millis().to_string());
    let mut faults = Vec::new();
    for case in &questions.cases {
        let held = case.held(side.name);
        let answer = perform::ask(side, case, |value| filled(value, &names));
        for (name, pointer) in case.get("keep").as_object().into_iter().flatten() {
            names.insert(name.clone(), kept(&answer, pointer.as_str().unwrap_or_default()));
        }
        let found = judged(&held, &answer, &names);
        let said = json!({ "file": questions.name, "case": case.name(), "answer": answer });
        faults.extend(
            (!found.is_empty())
                .then(|| format!("{}\n  {}\n  {said}", title(questions, case), found.join("\n  "))),
        );
    }
    faults
}

fn title(questions: &Questions, case: &Case) -> String {
    format!("- {}: {}", questions.name, case.name())
}

fn judged(held: &Held<'_>, answer: &Value, names: &BTreeMap<String, String>) -> Vec<String> {
    let mut found = Vec::new();
    shape::faults(&filled(held.expect, names), answer, "", &mut found);
    if let Some(aws) = held.unlike {
        let mut differences = Vec::new();
        shape::faults(&filled(aws, names), answer, "", &mut differences);
        if differences.is_empty() {
            found.push("this is as AWS documents now: take the difference out of the case".to_owned());
        }
    }
    found
}

/// What a pointer such as `/body/key` or `/headers/location?code` finds; after `?` is the name in a URL's query.
fn kept(answer: &Value, pointer: &str) -> String {
    let (pointer, parameter) = pointer.split_once('?').unwrap_or((pointer, ""));
    let value = answer.pointer(pointer).unwrap_or(&Value::Null);
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if parameter.is_empty() {
        return text;
    }
    let pairs = text.split_once('?').map(|(_, query)| query.split('&')).into_iter().flatten();
    pairs
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == parameter)
        .map_or_else(String::new, |(_, value)| value.to_owned())
}

/// A value with `${Name}` in its texts replaced.
fn filled(value: &Value, names: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => Value::String(
            names
                .iter()
                .fold(text.clone(), |text, (name, value)| text.replace(&format!("${{{name}}}"), value)),
        ),
        Value::Array(items) => items.iter().map(|item| filled(item, names)).collect(),
        Value::Object(members) => {
            let text = |name: &String| filled(&json!(name), names).as_str().unwrap_or_default().to_owned();
            members.iter().map(|(name, value)| (text(name), filled(value, names))).collect()
        }
        other => other.clone(),
    }
}
