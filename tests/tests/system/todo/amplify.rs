//! The stage whose page Amplify serves, as far as it goes without Amplify, which the emulator lacks.
//!
//! The template is golden; what the engine does to Amplify is played by the stub of `stack-builder-deploy`.

use crate::inventory::inventory;
use crate::world::World;
use serde_json::Value;
use stack_builder_tests::Workspace;
use std::fs::{self, File};
use std::path::Path;

/// One archive with the whole site is made, and meant for the app's branch.
#[test]
fn todo_is_packaged_for_amplify() {
    let workspace = Workspace::open();
    workspace.stack_builder(["package", "todo", "--stage", "amplify"]).run().success();
    let folder = workspace.root().join("target/assembly");
    let manifest = fs::read_to_string(folder.join("manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    let sites = manifest["stacks"][0]["sites"].as_array().expect("sites");
    let [site] = sites.as_slice() else { panic!("not one site: {sites:?}") };
    assert_eq!(site["target"]["app"], "AmplifyApp", "{site}");
    assert!(site["target"]["branch"].is_string(), "{site}");
    let names = names_in_the_site(&folder.join("assets"));
    assert!(names.iter().any(|name| name == "config.js.hbs"), "rendered when it is deployed: {names:?}");
}

fn names_in_the_site(assets: &Path) -> Vec<String> {
    let files = fs::read_dir(assets).expect("assets").flatten();
    let mut archives = files.map(|file| {
        let file = File::open(file.path()).expect("an asset");
        let mut archive = zip::ZipArchive::new(file).expect("an archive");
        let length = archive.len();
        let name = |index| archive.by_index(index).expect("a file").name().expect("a name").into_owned();
        (0..length).map(name).collect::<Vec<String>>()
    });
    archives.find(|names| names.iter().any(|name| name == "index.html")).expect("the site's archive")
}

/// CloudFormation's word on it is passed on, and nothing is left behind.
#[test]
fn todo_on_amplify_is_not_for_the_emulator() {
    let world = World::bootstrapped_for("amplify");
    let bare = inventory(&world.aws);
    let failed = world.stack_builder(["deploy", "todo", "--yes"]).run().exits_with(1);
    failed.complains_once().says("AWS::Amplify::App");
    world.stack_builder(["destroy", "todo", "--yes"]).run().success();
    assert_eq!(inventory(&world.aws), bare, "the failed stack left something behind");
}
