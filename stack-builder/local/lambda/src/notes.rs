//! What templates ask of Lambda that is done differently here, or not at all.

use crate::variables;
use serde_json::Value;
use stack_builder_local_core::{Note, Resource, Resources};

/// Properties of a function without effect here, and what that means.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    ("CodeSigningConfigArn", "code is not checked for a signature"),
    ("DeadLetterConfig", "failed asynchronous calls go nowhere"),
    ("FileSystemConfigs", "no file system is mounted"),
    ("ImageConfig", "container images are not run"),
    ("KmsKeyArn", "environment variables are not encrypted"),
    ("Layers", "layers are not loaded"),
    ("SnapStart", "every environment starts from the beginning"),
    ("VpcConfig", "the function is in this machine's network"),
];

/// Resources that are not run, and what that means.
const NOT_RUN: &[(&str, &str)] = &[
    ("AWS::Lambda::EventInvokeConfig", "an asynchronous call is tried once, and its result goes nowhere"),
    ("AWS::Lambda::EventSourceMapping", "the function is not called for this source's events"),
    ("AWS::Lambda::LayerVersion", "layers are not loaded"),
    ("AWS::Lambda::Url", "the function has no URL of its own"),
];

/// All of them.
pub(crate) fn notes(resources: &Resources) -> Vec<Note> {
    let functions = resources.of_type("AWS::Lambda::Function").flat_map(function);
    let versions = resources.of_type("AWS::Lambda::Version");
    let versions = versions.map(|version| note(version, "a version runs the function's current code"));
    let others = NOT_RUN
        .iter()
        .flat_map(|(kind, text)| resources.of_type(kind).map(move |resource| note(resource, *text)));
    functions.chain(versions).chain(others).chain(organisations(resources)).collect()
}

fn function(resource: &Resource) -> Vec<Note> {
    let unused = WITHOUT_EFFECT.iter().filter(|(property, _)| !resource.property(property).is_null());
    let mut notes: Vec<_> =
        unused.map(|(property, text)| note(resource, format!("`{property}`: {text}"))).collect();
    let mut add = |text: String| notes.push(note(resource, text));
    if resource.property("TracingConfig")["Mode"] == "Active" {
        add("`TracingConfig`: nothing is sent to X-Ray; requests are traced here".to_owned());
    }
    if !resource.property("EphemeralStorage").is_null() {
        add("`EphemeralStorage`: `/tmp` is this machine's and has no limit".to_owned());
    }
    if let Some(architecture) = foreign_architecture(resource) {
        add(format!("`Architectures`: runs on this machine's processor instead of {architecture}"));
    }
    let own = resource.property("Environment")["Variables"].as_object().into_iter().flatten();
    for (name, _) in own.filter(|(name, _)| variables::is_reserved(name)) {
        add(format!("`{name}` is a variable that Lambda sets itself; it refuses to deploy this function"));
    }
    notes
}

fn foreign_architecture(resource: &Resource) -> Option<&str> {
    let wanted = resource.property("Architectures")[0].as_str()?;
    let here = if std::env::consts::ARCH == "aarch64" { "arm64" } else { std::env::consts::ARCH };
    (wanted != here).then_some(wanted)
}

fn organisations(resources: &Resources) -> impl Iterator<Item = Note> {
    let permissions = resources.of_type("AWS::Lambda::Permission");
    let limited = permissions.filter(|one| *one.property("PrincipalOrgID") != Value::Null);
    limited.map(|one| note(one, "`PrincipalOrgID`: there is no organisation, so this permits nobody"))
}

fn note(resource: &Resource, text: impl Into<String>) -> Note {
    Note { resource: resource.id.clone(), text: text.into() }
}
