//! A stack whose answer no XML can hold keeps nothing from the others; no emulator and no AWS at hand gives such a one.

use crate::fixture;
use crate::harness::Test;
use crate::stub::{field, identity, result, serve};
use serde_json::{Value, json};

/// Three stacks, of which `odd` takes outputs of `base`.
fn manifest() -> Value {
    let mut manifest = fixture::manifest();
    let stack = |name: &str| {
        json!({
            "name": name, "stackName": format!("{name}-dev"), "template": "notes.template.json", "resources": {},
        })
    };
    manifest["stacks"] = json!([stack("base"), stack("odd"), stack("fine")]);
    manifest["stacks"][1]["inputs"] = json!({"Url": {"stack": "base", "output": "Url"}});
    manifest
}

/// `odd-dev` has an output with a control character, and `fine-dev` is not there if `gone`.
fn cloudformation(gone: bool) -> String {
    serve(move |_, body| {
        match (field(body, "Action"), field(body, "StackName")) {
        ("GetCallerIdentity", _) => identity(),
        ("DescribeStacks", "fine-dev") if gone => (
            "400 Bad Request",
            "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack does not exist</Message></Error></ErrorResponse>".to_owned(),
        ),
        ("DescribeStacks", name) => {
            let value = if name == "odd-dev" { "\u{1b}[31m" } else { "https://a.example" };
            let stack = format!(
                "<StackName>{name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus>\
                 <CreationTime>2026-11-20T10:00:00Z</CreationTime><Outputs><member><OutputKey>Url</OutputKey>\
                 <OutputValue>{value}</OutputValue></member></Outputs>"
            );
            result("DescribeStacks", &format!("<Stacks><member>{stack}</member></Stacks>"))
        }
        // Whatever else is asked for, it is more than a look at the stacks.
        (action, _) => ("400 Stub", format!("<Error><Code>No{action}</Code></Error>")),
    }
    })
}

#[test]
fn outputs_of_the_others_are_shown() {
    let outcome = Test::new().manifest(&manifest()).args(["outputs"]).cloud(&cloudformation(false)).run();
    outcome.fails(
        1,
        &[
            "warning: stack `odd-dev` cannot be read and is left out",
            "error: `cloudformation:DescribeStacks` failed",
        ],
    );
    for shown in ["base in eu-west-1", "fine in eu-west-1", "https://a.example"] {
        assert!(outcome.stdout.contains(shown), "{}", outcome.stdout);
    }
}

#[test]
fn the_others_are_destroyed_but_for_what_it_stands_on() {
    let test = Test::new().manifest(&manifest()).args(["destroy", "--yes"]);
    test.cloud(&cloudformation(true)).run().fails(
        1,
        &[
            "nothing to destroy: there is no stack `fine-dev` in eu-west-1",
            "warning: stack `odd-dev` cannot be read and is left out",
            "warning: stack `base-dev` stays, for a stack that is left out takes outputs of it",
            "error: `cloudformation:DescribeStacks` failed",
        ],
    );
}
