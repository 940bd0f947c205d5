//! What REST APIs and secrets become in a template, and where their mistakes are shown.
#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod cors;
mod deployment;
mod guards;
mod keys;
mod mistakes;
mod resources;

use serde_json::Value as Json;
use stack_builder::{App, Function, FunctionRef, RestApi, Stack, Stage};
use stack_builder_assembly::Manifest;
use std::fs;

/// Synthesizes one stack for the stage `dev`.
pub(crate) fn synth(describe: impl FnOnce(&mut Stack) + 'static) -> (Manifest, Json) {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new("app").stack("items", describe);
    let manifest = app.synth_to(folder.path(), &Stage::new("dev"), &[]).unwrap();
    let template = fs::read_to_string(folder.path().join("items.template.json")).unwrap();
    (manifest, serde_json::from_str(&template).unwrap())
}

/// The template of a stack that has nothing wrong with it.
#[track_caller]
pub(crate) fn template(describe: impl FnOnce(&mut Stack) + 'static) -> Json {
    let (manifest, template) = synth(describe);
    assert_eq!(manifest.diagnostics, []);
    template
}

/// The template of a stack with two functions and the API made of them.
#[track_caller]
pub(crate) fn api(describe: impl FnOnce(&FunctionRef, &FunctionRef) -> RestApi + 'static) -> Json {
    template(|stack| {
        let list = stack.add("List", Function::rust("list"));
        let add = stack.add("Add", Function::rust("add"));
        stack.add("Api", describe(&list, &add));
    })
}

pub(crate) fn properties<'a>(template: &'a Json, id: &str) -> &'a Json {
    let resource = &template["Resources"][id];
    assert!(resource.is_object(), "there is no `{id}` among {:?}", ids(template));
    &resource["Properties"]
}

pub(crate) fn ids(template: &Json) -> Vec<&str> {
    template["Resources"].as_object().unwrap().keys().map(String::as_str).collect()
}
