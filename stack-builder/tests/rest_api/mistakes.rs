//! Where mistakes are shown.

use crate::synth;
use serde_json::json;
use stack_builder::cfn::Parameter;
use stack_builder::{Cors, Function, HttpApi, RestApi, Stack, UsagePlan, Value, get, post};

/// Checks the findings: code, and the text of the line from the column on.
#[track_caller]
fn check_findings(describe: impl FnOnce(&mut Stack) + 'static, expect: &[(&str, &str)]) {
    let (manifest, _) = synth(describe);
    let here = include_str!("mistakes.rs").lines().collect::<Vec<_>>();
    let found: Vec<_> = manifest
        .diagnostics
        .iter()
        .map(|found| {
            let source = found.source.as_ref().expect("a line");
            assert!(source.file.ends_with("tests/rest_api/mistakes.rs"), "{source} is not the user's");
            assert!(found.hint.is_some(), "{found}");
            (found.code.as_str(), &here[source.line as usize - 1][source.column as usize - 1..])
        })
        .collect();
    assert_eq!(found.len(), expect.len(), "{found:#?}");
    for ((code, text), (expected_code, begin)) in found.iter().zip(expect) {
        assert_eq!(code, expected_code);
        assert!(text.starts_with(begin), "{code} is said to stand at {text:?}");
    }
}

#[test]
fn illegal_routes_are_shown_where_they_are_written() {
    check_findings(
        |stack| {
            let work = stack.add("Work", Function::rust("work"));
            let api = RestApi::new()
                .route("items", get(&work))
                .route("/a//b", get(&work))
                .route("/a{id}", get(&work))
                .route("/x", get(&work).get(&work))
                .route("/x", get(&work).post(&work))
                .route("/y-z", get(&work))
                .route("/y/z", post(&work))
                .route("/v/{id}", get(&work))
                .route("/v/{name}/w", get(&work));
            stack.add("Api", api);
        },
        &[
            ("illegal-route", "get(&work))"),
            ("illegal-route", "get(&work))"),
            ("illegal-route", "get(&work))"),
            ("illegal-route", "get(&work))"),
            ("illegal-route", "get(&work).post(&work))"),
            ("illegal-route", "post(&work))"),
            ("illegal-route", "get(&work));"),
        ],
    );
}

#[test]
fn an_api_without_routes_cannot_be_deployed() {
    check_findings(
        |stack| {
            stack.add("Api", RestApi::new());
        },
        &[("illegal-route", r#"add("Api", RestApi::new());"#)],
    );
}

#[test]
fn what_a_kind_of_api_cannot_check_is_shown_where_it_is_asked() {
    check_findings(
        |stack| {
            let work = stack.add("Work", Function::rust("work"));
            let api =
                HttpApi::new().route("/item", get(&work).require_query("q").post(&work).body(json!({})));
            stack.add("Http", api);
            let api = RestApi::new().route("/item", post(&work).get(&work).body(json!({})));
            stack.add("Rest", api);
            stack.add("Odd", RestApi::new().route("/item", post(&work).body(json!(["type"]))));
        },
        &[
            ("unsupported-validation", "require_query("),
            ("unsupported-validation", "body(json!({})))"),
            ("unsupported-validation", "body(json!({})))"),
            ("illegal-schema", "body(json!([\"type\"])))"),
        ],
    );
}

#[test]
fn mistakes_around_the_stage_are_shown_where_they_are_made() {
    check_findings(
        |stack| {
            let work = stack.add("Work", Function::rust("work"));
            let plan = UsagePlan::new().per_day(5);
            let api = RestApi::new()
                .stage_name("a/b")
                .access_log_format("$context.status $context.identity.apiKey")
                .usage_plan(plan)
                .route("/item", get(&work));
            stack.add("Api", api);
        },
        &[
            ("illegal-name", "stage_name("),
            ("illegal-log-format", "access_log_format("),
            ("plain-secret", "access_log_format("),
            ("unused-usage-plan", "UsagePlan::new().per_day(5)"),
        ],
    );
}

#[test]
fn a_key_in_plain_text_is_refused() {
    check_findings(
        |stack| {
            let work = stack.add("Work", Function::rust("work"));
            let key = "0123456789abcdef0123456789abcdef";
            stack.add("Api", RestApi::new().require_key(key).route("/item", get(&work)));
            stack.add("Raw", RestApi::new().require_key(Value::raw(key)).route("/item", get(&work)));
        },
        &[("plain-secret", "require_key(key)"), ("plain-secret", "require_key(Value::raw(key))")],
    );
}

#[test]
fn origins_are_what_browsers_send_and_written_one_by_one() {
    check_findings(
        |stack| {
            let work = stack.add("Work", Function::rust("work"));
            let pages = stack.parameter("Pages", Parameter::list());
            let route = get(&work);
            let cors = Cors::origins(["https://example.org/"]);
            stack.add("Http", HttpApi::new().cors(cors).route("/item", route.clone()));
            let cors = Cors::origins(["https://example.org/app", "*"]);
            stack.add("Rest", RestApi::new().cors(cors).route("/item", route.clone()));
            let cors = Cors::origins(pages);
            stack.add("Listed", RestApi::new().cors(cors).route("/item", route));
        },
        &[
            ("illegal-origin", "Cors::origins([\"https://example.org/\"])"),
            ("illegal-origin", "Cors::origins([\"https://example.org/app\""),
            ("illegal-origin", "Cors::origins(pages)"),
        ],
    );
}
