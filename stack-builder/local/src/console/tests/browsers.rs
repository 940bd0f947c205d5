//! What browsers are told and refused, and what the page is made of.

use super::{console, get, request};
use stack_builder_local_core::Service;

#[tokio::test]
async fn every_answer_is_sealed() {
    let console = console();
    for path in ["", "/", "/style.css", "/main.js", "/api/overview", "/api/events", "/api/nothing", "/../x"] {
        let response = console.call(request(path, &[])).await;
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let policy = header("content-security-policy").unwrap_or_default();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(header("access-control-allow-origin"), None, "{path}");
    }
}

#[tokio::test]
async fn the_page_loads_nothing_but_its_own_parts() {
    let console = console();
    let (status, page) = get(&console, "").await;
    assert_eq!(status, 200);
    let references = page.split('"').filter(|part| part.starts_with('/'));
    let mut found = 0;
    for reference in references {
        let path = reference.strip_prefix("/_stack-builder").expect("a part of the console");
        assert_eq!(get(&console, path).await.0, 200, "{reference}");
        found += 1;
    }
    assert!(found >= 3, "{page}");
    assert!(!page.contains("http") && !page.contains("<style") && !page.contains("onclick"), "{page}");
}

#[tokio::test]
async fn modules_import_only_what_is_served_and_write_no_markup() {
    let console = console();
    let mut open = vec!["main.js".to_owned()];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let (status, script) = get(&console, &format!("/{name}")).await;
        assert_eq!(status, 200, "{name}");
        for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
            assert!(!script.contains(forbidden), "{name} has {forbidden}");
        }
        let imports = script.lines().filter_map(|line| line.split_once("from \"./"));
        open.extend(imports.map(|(_, rest)| rest.trim_end_matches("\";").to_owned()));
    }
    assert!(seen.len() > 10, "{seen:?}");
}

#[tokio::test]
async fn other_sites_are_refused() {
    let console = console();
    let navigation = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    let status = async |path: &str, headers: &[(&str, &str)]| {
        console.call(request(path, headers)).await.status().as_u16()
    };
    for path in ["", "/main.js", "/api/overview", "/api/events"] {
        assert_eq!(status(path, &[("sec-fetch-site", "cross-site")]).await, 403, "{path}");
        assert_eq!(status(path, &[("sec-fetch-site", "same-site")]).await, 403, "{path}");
        assert_eq!(status(path, &[("sec-fetch-site", "nonsense")]).await, 403, "{path}");
        assert_eq!(status(path, &[("origin", "http://127.0.0.1:2")]).await, 403, "{path}");
        assert_eq!(status(path, &[("origin", "null")]).await, 403, "{path}");
        for ok in ["same-origin", "none"] {
            assert_eq!(status(path, &[("sec-fetch-site", ok)]).await, 200, "{path}");
        }
        assert_eq!(status(path, &[("origin", "http://127.0.0.1:1")]).await, 200, "{path}");
    }
    let linked = [&[("sec-fetch-site", "same-site")][..], &navigation].concat();
    assert_eq!(status("", &linked).await, 200);
    assert_eq!(status("/api/overview", &linked).await, 403);
    let framed =
        [("sec-fetch-site", "same-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
    assert_eq!(status("", &framed).await, 403);
}

#[tokio::test]
async fn nothing_can_be_changed() {
    let console = console();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"] {
        let mut asked = request("/api/overview", &[]);
        *asked.method_mut() = method.parse().expect("a method");
        let response = console.call(asked).await;
        assert_eq!(response.status(), 405, "{method}");
        assert_eq!(response.headers()["allow"], "GET");
    }
}
