//! What a static site becomes, and which mistakes in one are found.
#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod made;
mod mistakes;

use serde_json::Value as Json;
use stack_builder::{App, Certificate, Domain, HostedZone, Stack, Stage, StaticSite};
use stack_builder_assembly::Manifest;
use std::fs;

pub(crate) fn synth(describe: impl FnOnce(&mut Stack) + 'static) -> (Manifest, Json) {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new("app").stack("notes", describe);
    let manifest = app.synth_to(folder.path(), &Stage::new("dev"), &[]).unwrap();
    let template = fs::read_to_string(folder.path().join("notes.template.json")).unwrap();
    (manifest, serde_json::from_str(&template).unwrap())
}

/// The resources of a stack that has nothing wrong with it.
#[track_caller]
pub(crate) fn resources(describe: impl FnOnce(&mut Stack) + 'static) -> Json {
    let (manifest, mut template) = synth(describe);
    assert_eq!(manifest.diagnostics, []);
    template["Resources"].take()
}

/// The distribution that `site` becomes.
#[track_caller]
pub(crate) fn distribution(site: impl FnOnce() -> StaticSite + 'static) -> Json {
    let resources = resources(|stack| {
        stack.add("Site", site());
    });
    resources["Site"]["Properties"]["DistributionConfig"].clone()
}

pub(crate) fn site() -> StaticSite {
    StaticSite::from_dir("site/notes")
}

pub(crate) const CERTIFICATE: &str =
    "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";

pub(crate) fn at_home() -> Domain {
    let zone = HostedZone::existing("Z0123456789ABCDEFGHIJ", "example.org");
    Domain::new("log.example.org", &zone, &Certificate::existing(CERTIFICATE))
}
