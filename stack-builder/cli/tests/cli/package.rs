//! `package`, as far as it goes without compiling a handler.

use crate::fixture;
use crate::harness::Test;
use serde_json::json;

#[test]
fn nothing_to_package() {
    let outcome = Test::new().args(["package", "--output", "[OUT]"]).run();
    assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
    assert!(outcome.stdout.starts_with("no stack needs an asset\n"), "{}", outcome.stdout);
}

#[test]
fn stacks_with_errors_are_not_packaged() {
    let broken = fixture::manifest_with(json!([{"severity": "error", "code": "c", "message": "m"}]));
    let outcome = Test::new().manifest(&broken).exits(1).args(["package", "--output", "[OUT]"]).run();
    outcome.fails(1, &["error[c]: m", "error: cannot use the stacks: 1 error"]);
    assert!(!outcome.output.join("assets.json").exists());
}
