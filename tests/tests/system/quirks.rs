//! Where the emulator differs from AWS in ways the other tests rely on or work around.
//!
//! Each test fails on the day the emulator behaves like AWS, so that the workaround can go.

use serde_json::json;
use stack_builder_tests::{Credentials, Emulator};

#[test]
fn signatures_of_root_are_not_checked() {
    let emulator = Emulator::start();
    let aws = emulator.aws(&Credentials::new("root", "wrong"));
    assert!(aws.try_call("sts", "get_caller_identity", json!({})).is_ok(), "drive the tests as root again");

    let user = emulator.administrator("somebody");
    let forged = Credentials::new(user.key, "wrong");
    let refused =
        aws.try_call_as(&forged, "sts", "get_caller_identity", json!({})).expect_err("a wrong signature");
    assert_eq!(refused.code, "SignatureDoesNotMatch");
}
