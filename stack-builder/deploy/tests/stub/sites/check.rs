//! What is wrong with a site is told before its stack is touched.

use super::{FILES, assembly};
use crate::regions;
use crate::server::Server;
use stack_builder_assembly::{SiteTarget, write_json};
use stack_builder_deploy::{Error, check_sites};

/// Checks a site of `files`, whose stack declares the output `Url`.
async fn checked(files: &[(&str, &str)]) -> Result<(), Error> {
    let (server, folder) = (Server::start().await, tempfile::tempdir().expect("a folder"));
    let target = SiteTarget::Bucket { bucket: "Bucket".to_owned(), distribution: None };
    let (assembly, stack) = assembly(&folder, target, files);
    let template = serde_json::json!({"Outputs": {"Url": {"Value": "u", "Condition": "C"}}});
    write_json(&folder.path().join(&stack.template), &template).expect("a template");
    let regions = regions(&server, &assembly.manifest.stacks).await;
    let found = check_sites(&regions, &assembly, &[&stack]);
    assert!(server.asked().is_empty(), "it makes no call");
    found
}

#[tokio::test]
async fn what_can_be_rendered_passes() {
    checked(&FILES).await.expect("nothing wrong");
    let all = "{{#if (eq Stage \"dev\")}}{{Region}}{{else}}{{Url}}{{/if}}{{#unless Url}}none{{/unless}}";
    checked(&[("x.txt.hbs", all)]).await.expect("nothing wrong");
}

#[tokio::test]
async fn what_would_fail_later_is_refused_now() {
    for (path, content, problem) in [
        ("a.js.hbs", "\n'{{ApiUrl}}'", "`a.js.hbs` of site `site`, line 2: there is no value `ApiUrl`"),
        ("a.js.hbs", "{{#if Url}}{{else}}{{Uri}}{{/if}}", "there is no value `Uri`"),
        ("a.js.hbs", "{{#if Url}}{{Uri}}{{/if}}", "there is no value `Uri`"),
        ("a.js.hbs", "{{#if Url}}", "line 1"),
        ("a.js.hbs", "{{shout Url}}", "shout"),
        ("a.css.hbs", "a {}", "only HTML"),
        ("a\nb.html", "", "no path of a URL"),
    ] {
        let error = checked(&[("index.html", ""), (path, content)]).await.expect_err(problem);
        assert!(error.to_string().contains(problem), "{error}");
    }
    let error = checked(&[("a.js.hbs", "{{Uri}}")]).await.expect_err("no such value");
    let hint = error.hint().expect("a hint");
    assert_eq!(hint, "a template can use `Region`, `Stage`, `Url`; others come with `stack.output(..)`");
}
