//! One run of `stack-builder local` for all tests that are under way at the same time.

use serde_json::{Value, json};
use stack_builder_tests::{Aws, Credentials, Local};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The running applications. The last test that lets go ends them: a `static` would never be dropped, and leave them
/// running.
pub(super) fn local() -> Arc<Local> {
    static SHARED: Mutex<Weak<Local>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let fresh = Arc::new(Local::start(&["--seed"]));
        *shared = Arc::downgrade(&fresh);
        fresh
    })
}

/// boto3, speaking to the applications' AWS as the administrator.
pub(super) fn aws(local: &Local) -> Aws {
    let variables = [
        ("AWS_ENDPOINT_URL", local.endpoint()),
        ("AWS_DEFAULT_REGION", text(&local.ready()["environment"]["AWS_REGION"])),
    ];
    Aws::new(&variables, Credentials::new("local", "local"))
}

/// The addresses of an application whose users are in a user pool.
pub(super) fn urls(local: &Local, stack: &str) -> Value {
    json!({ "site": local.url(stack, "SiteUrl"), "domain": local.url(stack, "SignInDomain") })
}

/// Answers a script that asks for the code in a mail.
#[track_caller]
pub(super) fn code(local: &Local, need: &Value) -> Value {
    assert_eq!(need["what"], "code", "{need}");
    json!({ "code": local.code_for(need["to"].as_str().unwrap_or_default()) })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
