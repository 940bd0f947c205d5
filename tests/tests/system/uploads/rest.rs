//! What a REST API tells the browser of a page from elsewhere: everything, with the headers without which a script
//! could not read it.

use super::files::ROUTES;
use crate::user::User;
use stack_builder_tests::Response;

const ALLOW_ORIGIN: &str = "access-control-allow-origin";

/// Tries the site's own origin and one that nobody listed.
#[track_caller]
pub(crate) fn is_told_to_browsers(user: &User<'_>) {
    let site = user.api.outputs.get("SiteUrl");
    for (method, path) in ROUTES {
        preflight(user, site, method, path);
        refusals(user, site, method, path);
        answers(user, site, method, path);
    }
    unknown_paths(user, site);
}

#[track_caller]
fn send(user: &User<'_>, origin: &str, method: &str, path: &str) -> Response {
    let token = format!("Bearer {}", user.tokens.id);
    let headers = [("authorization", &*token), ("origin", origin), ("content-type", "application/json")];
    user.api.send(method, path, &headers, "{}")
}

/// A browser asks without a token, and no authorizer swallows the question. (That a second origin is told its own name
/// is a template, which the emulator does not run; see `quirks`.)
#[track_caller]
fn preflight(user: &User<'_>, site: &str, method: &str, path: &str) {
    let headers = [
        ("origin", site),
        ("access-control-request-method", method),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    let answer = user.api.send("OPTIONS", path, &headers, "");
    assert_eq!((answer.status, answer.header(ALLOW_ORIGIN)), (204, Some(site)), "{path}: {answer:?}");
    let list = |name: &str| answer.header(name).unwrap_or_default().to_lowercase();
    let methods = list("access-control-allow-methods");
    assert!(methods.split(',').any(|allowed| allowed.trim() == method.to_lowercase()), "{answer:?}");
    let allowed = list("access-control-allow-headers");
    for header in ["authorization", "content-type"] {
        assert!(allowed.split(',').any(|allowed| allowed.trim() == header), "{header}: {answer:?}");
    }
    assert_eq!(answer.header("access-control-allow-credentials"), None, "{answer:?}");
    assert_eq!(answer.header("vary"), Some("Origin"), "{answer:?}");
}

/// A page learns that its user has to sign in again.
#[track_caller]
fn refusals(user: &User<'_>, site: &str, method: &str, path: &str) {
    let answer = user.api.send(method, path, &[("origin", site)], "{}");
    assert_eq!((answer.status, answer.json()["message"].as_str()), (401, Some("Unauthorized")), "{answer:?}");
    let may_read = answer.header(ALLOW_ORIGIN);
    assert!(may_read == Some("*") || may_read == Some(site), "{method} {path}: {answer:?}");
}

/// The function itself opens its answers, whatever they are, to the pages that it is told of.
#[track_caller]
fn answers(user: &User<'_>, site: &str, method: &str, path: &str) {
    let expected = if method == "GET" { 200 } else { 400 };
    for origin in [site, "http://localhost:8080"] {
        let answer = send(user, origin, method, path);
        assert_eq!((answer.status, answer.header(ALLOW_ORIGIN)), (expected, Some(origin)), "{answer:?}");
        assert_eq!(answer.header("vary").map(str::to_lowercase).as_deref(), Some("origin"), "{answer:?}");
    }
    let http = site.replace("https://", "http://");
    for origin in
        ["https://evil.example", "null", "http://localhost:8081", &http, &format!("{site}.evil.example")]
    {
        let answer = send(user, origin, method, path);
        assert_eq!((answer.status, answer.header(ALLOW_ORIGIN)), (expected, None), "{origin}: {answer:?}");
    }
}

#[track_caller]
fn unknown_paths(user: &User<'_>, site: &str) {
    for (method, path) in [("GET", "/nothing"), ("DELETE", "/files"), ("GET", "/FILES"), ("GET", "/files/x")]
    {
        let answer = send(user, site, method, path);
        let said = (answer.status, answer.json()["message"].as_str().map(str::to_owned));
        assert_eq!(said, (404, Some("Not Found".to_owned())), "{method} {path}: {answer:?}");
        assert!(answer.header(ALLOW_ORIGIN).is_some(), "{method} {path}: {answer:?}");
    }
}
