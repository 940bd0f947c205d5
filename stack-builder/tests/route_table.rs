//! The function that a route table becomes, run by a JavaScript engine.
#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

use serde_json::{Value as Json, json};
use stack_builder::{App, RouteTable, Stack, Stage, StaticSite};
use std::io::Write;
use std::process::{Command, Stdio};

/// What `routes` answers to each of `requests`, all in one run of `node`.
#[track_caller]
fn run(routes: &RouteTable, requests: &[Json]) -> Vec<Json> {
    let events: Vec<_> =
        requests.iter().map(|request| json!({"version": "1.0", "request": request})).collect();
    let script = format!(
        "'use strict';\n{}\nconst events = {};\nconsole.log(JSON.stringify(events.map(event => handler(event))));\n",
        routes.code(),
        Json::from(events),
    );
    let mut node = Command::new("node")
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("these tests need `node` on the path");
    node.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "{script}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn request(uri: &str) -> Json {
    json!({"method": "GET", "uri": uri, "querystring": {}, "headers": {}, "cookies": {}})
}

/// Checks where each path leads: `/x` for a file, `308 /x` for a redirection, `404` for the page.
#[track_caller]
fn check(routes: &RouteTable, expect: &[(&str, &str)]) {
    let requests: Vec<_> = expect.iter().map(|(uri, _)| request(uri)).collect();
    for (answer, (uri, expect)) in run(routes, &requests).iter().zip(expect) {
        let found = match (&answer["statusCode"], answer["headers"]["location"]["value"].as_str()) {
            (Json::Null, _) => answer["uri"].as_str().unwrap().to_owned(),
            (status, Some(location)) => format!("{status} {location}"),
            (status, None) => status.to_string(),
        };
        assert_eq!(found, *expect, "{uri}");
    }
}

/// Checks where a redirection to `to` leads with the query `query`.
#[track_caller]
fn check_query(to: &str, query: &Json, expect: &str) {
    let routes = RouteTable::new().redirect("/old", 302, to);
    let mut request = request("/old");
    request["querystring"] = query.clone();
    let answers = run(&routes, &[request]);
    assert_eq!(answers[0]["headers"]["location"]["value"], expect);
    assert_eq!(answers[0]["statusDescription"], "Found");
}

#[test]
fn paths_are_exact_and_others_pass() {
    let routes = RouteTable::new().serve("/", "/start.html").serve("/login/", "/login.html");
    check(
        &routes,
        &[
            ("/", "/start.html"),
            ("/login/", "/login.html"),
            ("/login", "/login"),
            ("/LOGIN/", "/LOGIN/"),
            ("//login/", "//login/"),
            ("/login/%2e%2e/", "/login/%2e%2e/"),
            ("/style.css", "/style.css"),
        ],
    );
}

#[test]
fn names_that_every_object_has_are_no_routes() {
    let routes = RouteTable::new().serve("/a", "/b").redirect("/c", 301, "/d");
    let paths = ["__proto__", "constructor", "/__proto__", "/toString", "hasOwnProperty"];
    check(&routes, &paths.map(|path| (path, path)));
    let routes = RouteTable::new().serve("/__proto__", "/p.html").serve("/constructor", "/c.html");
    check(&routes, &[("/__proto__", "/p.html"), ("/constructor", "/c.html"), ("/toString", "/toString")]);
}

#[test]
fn every_redirection_has_its_status() {
    let statuses = [301, 302, 303, 307, 308];
    let routes = statuses.iter().fold(RouteTable::new(), |routes, status| {
        routes.redirect(&format!("/{status}"), *status, "https://example.org/x")
    });
    let expect = statuses.map(|status| (format!("/{status}"), format!("{status} https://example.org/x")));
    check(&routes, &expect.each_ref().map(|(path, to)| (path.as_str(), to.as_str())));
}

#[test]
fn a_query_goes_along_as_it_was_sent() {
    let empty = json!({});
    check_query("/new", &empty, "/new");
    let query = json!({"a": {"value": "1%202"}, "flag": {"value": ""}});
    check_query("/new", &query, "/new?a=1%202&flag");
    check_query("/new?b=3", &query, "/new?b=3&a=1%202&flag");
    check_query("/new#part", &query, "/new?a=1%202&flag#part");
    check_query("/new#what?", &query, "/new?a=1%202&flag#what?");
    let twice = json!({"a": {"value": "1", "multiValue": [{"value": "1"}, {"value": "2"}]}});
    check_query("/new", &twice, "/new?a=1&a=2");
}

#[test]
fn a_path_without_an_extension_that_is_nowhere_is_not_found() {
    let routes = RouteTable::new().serve("/about", "/about.html").not_found("<p>No");
    check(
        &routes,
        &[
            ("/", "/"),
            ("/about", "/about.html"),
            ("/about/", "404"),
            ("/nowhere", "404"),
            ("/v1.2/nowhere", "404"),
            ("/a/../b", "404"),
            ("/nowhere.html", "/nowhere.html"),
            ("/.well-known", "/.well-known"),
        ],
    );
}

#[test]
fn the_page_is_shown_as_it_was_written() {
    let page = "<title>\"It's\" gone\\</title>\n<p>${no} `code` é 🚀 \u{2028}</script>";
    let mut head = request("/nowhere");
    head["method"] = "HEAD".into();
    let answers = run(&RouteTable::new().not_found(page), &[request("/nowhere"), head]);
    assert_eq!(answers[0]["body"], json!({"encoding": "text", "data": page}));
    assert_eq!(answers[1]["body"], Json::Null);
    for answer in &answers {
        assert_eq!(answer["statusDescription"], "Not Found");
        assert_eq!(answer["headers"]["content-type"]["value"], "text/html; charset=utf-8");
        assert_eq!(answer["headers"]["cache-control"]["value"], "no-store");
        let policy = answer["headers"]["content-security-policy"]["value"].as_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self' "), "{policy}");
        assert!(!policy.contains("script"), "{policy}");
    }
}

#[test]
fn a_table_of_every_kind_is_ascii_and_the_same_each_time() {
    let table = |first: &str, second: &str| {
        RouteTable::new()
            .serve(first, "/x.html")
            .serve(second, "/x.html")
            .redirect("/old", 308, "/new")
            .not_found("é")
            .code()
    };
    assert!(table("/a", "/b").is_ascii());
    assert_eq!(table("/a", "/b"), table("/b", "/a"));
}

fn findings(routes: impl FnOnce() -> RouteTable + 'static) -> Vec<(String, String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new("app").stack("notes", |stack: &mut Stack| {
        stack.add("Site", StaticSite::from_dir("site/notes").routes(routes()));
    });
    let manifest = app.synth_to(folder.path(), &Stage::new("dev"), &[]).unwrap();
    let here: Vec<_> = include_str!("route_table.rs").lines().collect();
    let found = manifest.diagnostics.into_iter().map(|found| {
        let source = found.source.expect("a line");
        let line = &here[source.line as usize - 1][source.column as usize - 1..];
        (found.code, found.message, line.split('(').next().unwrap_or_default().to_owned())
    });
    found.collect()
}

#[test]
fn mistakes_are_shown_where_they_were_made() {
    let found = findings(|| {
        RouteTable::new()
            .serve("about", "/about.html")
            .serve("/a b", "/about.html")
            .serve("/about?x=1", "/about.html")
            .serve("/same", "/a.html")
            .redirect("/same", 308, "/b")
            .redirect("/x", 304, "/y")
            .redirect("/away", 302, "//evil.example")
            .redirect("/plain", 302, "http://example.org")
            .redirect("/split", 302, "/a\r\nset-cookie: a=b")
    });
    let lines: Vec<_> = found.iter().map(|(code, _, line)| (code.as_str(), line.as_str())).collect();
    let expect = ["serve"; 3].into_iter().chain(["redirect"; 5]);
    assert_eq!(lines, expect.map(|line| ("illegal-route", line)).collect::<Vec<_>>());
}

#[test]
fn the_limit_of_cloudfront_is_kept_and_the_size_is_told() {
    let table = |routes: usize| {
        (0..routes).fold(RouteTable::new(), |table, number| {
            table.serve(&format!("/articles/number-{number:04}"), "/articles/index.html")
        })
    };
    assert_eq!(findings(move || table(160)), []);
    let found = findings(move || table(300));
    let [(code, message, _)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(code, "routes-too-large");
    let size = table(300).code().len();
    assert_eq!(*message, format!("the route table makes a function of {size} bytes, and 10240 are allowed"));
}
