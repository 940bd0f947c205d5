//! What stacks of one application have to do with each other.
#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use serde_json::{Value as Json, json};
use stack_builder::cfn::Parameter;
use stack_builder::{App, Function, Stack, Stage};
use stack_builder_assembly::{Manifest, StackInput};
use std::fs;
use std::path::Path;

fn edge(stack: &mut Stack) {
    stack.pin_to_region("us-east-1");
    let gate = stack.add("Gate", Function::rust("gate"));
    stack.output("GateArn", gate.arn());
}

fn page(stack: &mut Stack) {
    let gate = stack.input("shop-edge", "GateArn");
    let again = stack.input("shop-edge", "GateArn");
    stack.add("Page", Function::rust("page").env("GATE", gate).env("AGAIN", again));
}

fn apart(stack: &mut Stack) {
    stack.add("Apart", Function::rust("apart"));
}

fn app() -> App {
    App::new("shop").stack("shop", page).stack("shop-edge", edge).stack("apart", apart)
}

fn synth(app: App, folder: &Path, chosen: &[&str]) -> Manifest {
    app.synth_to(folder, &Stage::new("dev"), chosen).unwrap()
}

fn names(manifest: &Manifest) -> Vec<&str> {
    manifest.stacks.iter().map(|stack| stack.name.as_str()).collect()
}

#[test]
fn an_output_of_another_stack_is_a_parameter() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = synth(app(), folder.path(), &[]);
    assert_eq!(manifest.diagnostics, []);
    assert_eq!(manifest.stack("shop-edge").unwrap().region.as_deref(), Some("us-east-1"));
    let input = StackInput { stack: "shop-edge".to_owned(), output: "GateArn".to_owned() };
    let shop = manifest.stack("shop").unwrap();
    assert_eq!(shop.inputs, [("ShopEdgeGateArn".to_owned(), input)].into());
    let template: Json =
        serde_json::from_slice(&fs::read(folder.path().join(&shop.template)).unwrap()).unwrap();
    assert_eq!(template["Parameters"]["ShopEdgeGateArn"]["Type"], json!("String"));
    let variables = &template["Resources"]["Page"]["Properties"]["Environment"]["Variables"];
    assert_eq!(variables, &json!({"GATE": {"Ref": "ShopEdgeGateArn"}, "AGAIN": {"Ref": "ShopEdgeGateArn"}}));
}

#[test]
fn a_chosen_stack_brings_those_whose_outputs_it_takes() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(names(&synth(app(), folder.path(), &["shop"])), ["shop", "shop-edge"]);
    assert_eq!(names(&synth(app(), folder.path(), &["shop-edge"])), ["shop-edge"]);
    assert_eq!(names(&synth(app(), folder.path(), &[])), ["shop", "shop-edge", "apart"]);
}

#[test]
fn the_line_that_added_a_resource_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = synth(app(), folder.path(), &["apart"]);
    let source = &manifest.stacks[0].sources["ApartRole"];
    let line = include_str!("stacks.rs").lines().nth(source.line as usize - 1).unwrap();
    assert!(line[source.column as usize - 1..].starts_with("add(\"Apart\""), "{source}");
}

#[test]
fn the_line_that_declared_a_parameter_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let describe = |stack: &mut Stack| {
        stack.parameter("Seconds", Parameter::number());
        page(stack);
    };
    let manifest =
        synth(App::new("shop").stack("shop", describe).stack("shop-edge", edge), folder.path(), &[]);
    let shop = manifest.stack("shop").unwrap();
    for (name, begin) in
        [("Seconds", "parameter(\"Seconds\""), ("ShopEdgeGateArn", "input(\"shop-edge\", \"GateArn\")")]
    {
        let source = &shop.sources[name];
        let line = include_str!("stacks.rs").lines().nth(source.line as usize - 1).unwrap();
        assert!(line[source.column as usize - 1..].starts_with(begin), "{source}");
    }
}

#[test]
fn a_description_of_several_lines_is_one_line_in_the_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let describe = |stack: &mut Stack| {
        stack.describe(format!("\n Keeps {}\r\nand more\n", "notes"));
        apart(stack);
    };
    let manifest = synth(App::new("notes").stack("notes", describe), folder.path(), &[]);
    assert_eq!(manifest.diagnostics, []);
    assert_eq!(manifest.stacks[0].description, "Keeps notes");
    let template = fs::read(folder.path().join(&manifest.stacks[0].template)).unwrap();
    let template: Json = serde_json::from_slice(&template).unwrap();
    assert_eq!(template["Description"], "\n Keeps notes\r\nand more\n");
}

#[test]
fn the_home_region_is_noted_only_when_a_stack_asks() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(synth(app().home_region("eu-west-1"), folder.path(), &[]).region, None);
    let asks = |stack: &mut Stack| {
        let region = stack.home_region();
        stack.add("Here", Function::rust("here").env("HOME", region));
    };
    let app = App::new("shop").home_region("eu-west-1").stack("here", asks);
    assert_eq!(synth(app, folder.path(), &[]).region.as_deref(), Some("eu-west-1"));
}

/// Checks the messages and hints about `app`, and that each has a line.
#[track_caller]
fn check(app: App, expect: &[(&str, Option<&str>)]) {
    let folder = tempfile::tempdir().unwrap();
    let manifest = synth(app, folder.path(), &[]);
    let found = manifest.diagnostics.iter().inspect(|found| {
        let source = found.source.as_ref().expect("a line");
        assert!(source.file.ends_with("tests/stacks.rs"), "{source}");
    });
    let found: Vec<_> = found.map(|found| (found.message.as_str(), found.hint.as_deref())).collect();
    assert_eq!(found, expect);
}

fn taking(stack: &'static str, output: &'static str) -> impl FnOnce(&mut Stack) {
    move |scope| {
        let value = scope.input(stack, output);
        let function = scope.add("F", Function::rust("f").env("VALUE", value));
        scope.output("Out", function.arn());
    }
}

#[test]
fn an_input_must_lead_somewhere() {
    check(App::new("a").stack("one", taking("two", "Out")), &[("the application has no stack `two`", None)]);
    check(
        App::new("a").stack("one", taking("shop-edge", "GateArm")).stack("shop-edge", edge),
        &[("the stack `shop-edge` has no output `GateArm`", Some("it has GateArn"))],
    );
    check(
        App::new("a").stack("one", taking("apart", "Any")).stack("apart", apart),
        &[("the stack `apart` has no output `Any`", Some("it has no outputs at all"))],
    );
}

#[test]
fn a_stack_is_pinned_to_a_region() {
    let pinned = |region: &'static str| {
        App::new("a").stack("one", move |stack: &mut Stack| {
            stack.pin_to_region(region);
            stack.add("F", Function::rust("f"));
        })
    };
    for region in ["us-east-1", "us-gov-west-1", "ap-southeast-2"] {
        check(pinned(region), &[]);
    }
    let hint = Some("write `us-east-1`");
    check(pinned("nowhere"), &[("\"nowhere\" is not the name of a region", hint)]);
    check(pinned("us east-1"), &[("\"us east-1\" is not the name of a region", hint)]);
}

#[test]
fn stacks_cannot_wait_for_each_other() {
    let hint = Some("move what both need into a third stack, or into one of them");
    check(
        App::new("a").stack("one", taking("two", "Out")).stack("two", taking("one", "Out")),
        &[
            ("the stacks `one` and `two` wait for each other", hint),
            ("the stacks `two` and `one` wait for each other", hint),
        ],
    );
    check(
        App::new("a").stack("one", taking("one", "Out")),
        &[("the stack `one` takes an input from itself", Some("use the value that its output shows"))],
    );
}
