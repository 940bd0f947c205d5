//! Where mistakes in a static site are shown.

use crate::{CERTIFICATE, distribution, resources, site, synth};
use serde_json::{Value as Json, json};
use stack_builder::cfn::intrinsic;
use stack_builder::{
    Certificate, Cors, Domain, EdgeEvent, Function, HostedZone, HttpApi, IntoValue, Origin, RouteTable,
    Stack, StaticSite, TlsFloor, Value, get,
};

/// The codes of what is found in `site`, each with the beginning of the line that is blamed.
#[track_caller]
fn check_findings(site: impl FnOnce() -> StaticSite + 'static, expect: &[(&str, &str)]) {
    let (manifest, _) = synth(|stack| {
        stack.add("Site", site());
    });
    let here: Vec<_> = include_str!("mistakes.rs").lines().collect();
    let found = manifest.diagnostics.iter().map(|found| {
        let source = found.source.as_ref().expect("a line");
        assert!(source.file.ends_with("static_site/mistakes.rs"), "{source} is not the user's");
        (found.code.as_str(), &here[source.line as usize - 1][source.column as usize - 1..])
    });
    let found: Vec<_> = found.collect();
    assert_eq!(found.len(), expect.len(), "{found:#?}");
    for ((code, text), (expected, begin)) in found.iter().zip(expect) {
        assert_eq!(code, expected);
        assert!(text.starts_with(begin), "{code} is said to stand at {text:?}");
    }
}

#[test]
fn a_site_and_an_api_that_wait_for_each_other_are_found() {
    let (manifest, _) = synth(|stack| {
        let list = stack.add("List", Function::rust("list"));
        let host = intrinsic::sub("https://${Site.DomainName}", []);
        let api = HttpApi::new().cors(Cors::origins([host])).route("/notes", get(&list));
        let api = stack.add("Api", api);
        stack.add("Site", site().connect_to([api.url()]));
    });
    let codes: Vec<_> = manifest.diagnostics.iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["dependency-cycle"]);
}

#[test]
fn an_error_page_beside_an_api_is_refused() {
    check_findings(
        || site().error_page("/error.html").forward("/api/*", Origin::https("api.example.org")),
        &[("error-page-hides-api", r#"add("Site", site());"#)],
    );
}

#[test]
fn mistakes_are_shown_where_they_were_made() {
    check_findings(
        || {
            StaticSite::from_dir("../elsewhere")
                .default_object("/index.html")
                .forward("api/*", Origin::https("https://api.example.org/v1").path("v1"))
                .forward("api/*", Origin::https("api.example.org"))
        },
        &[
            ("illegal-folder", "StaticSite::from_dir("),
            ("illegal-route", r#"default_object("/index.html")"#),
            ("illegal-route", r#"forward("api/*""#),
            ("illegal-origin", r#"forward("api/*""#),
            ("illegal-origin", r#"forward("api/*""#),
            ("illegal-route", r#"forward("api/*", Origin::https("api.example.org"))"#),
            ("illegal-route", r#"forward("api/*", Origin::https("api.example.org"))"#),
        ],
    );
}

#[test]
fn functions_that_cannot_stand_together_are_refused() {
    let version: Value<String> = "arn:aws:lambda:us-east-1:123456789012:function:gate:1".into_value();
    check_findings(
        move || {
            site()
                .edge(EdgeEvent::ViewerRequest, &version)
                .edge(EdgeEvent::ViewerRequest, &version)
                .routes(RouteTable::new())
        },
        &[("repeated-edge-event", "edge(EdgeEvent::ViewerRequest"), ("edge-and-routes", "add(")],
    );
}

#[test]
fn whoever_answers_the_root_gets_to_see_it() {
    let version: Value<String> = "arn:aws:lambda:us-east-1:123456789012:function:gate:1".into_value();
    let gated = move || site().without_default_object().edge(EdgeEvent::ViewerRequest, &version);
    assert_eq!(distribution(gated)["DefaultRootObject"], Json::Null);
    let routed = |path: &'static str| {
        distribution(move || {
            site().default_object("home.html").routes(RouteTable::new().serve(path, "/a.html"))
        })
    };
    assert_eq!(routed("/")["DefaultRootObject"], Json::Null);
    assert_eq!(routed("/a")["DefaultRootObject"], "home.html");
    check_findings(|| site().without_default_object(), &[("illegal-route", "add(")]);
}

#[test]
fn a_tls_floor_needs_a_certificate_of_ones_own() {
    check_findings(|| site().tls_floor(TlsFloor::Tls12Of2025), &[("tls-floor-ignored", "add(")]);
}

#[test]
fn a_certificate_of_another_region_is_refused() {
    check_findings(
        || {
            let zone = HostedZone::existing("Z1", "example.org");
            let arn = CERTIFICATE.replace("us-east-1", "eu-west-1");
            site().at(Domain::new("log.example.com", &zone, &Certificate::existing(arn)))
        },
        &[("illegal-domain", "Domain::new("), ("certificate-region", "Domain::new(")],
    );
}

#[test]
fn a_new_certificate_is_validated_in_its_zone_and_must_be_in_the_one_region() {
    fn describe(stack: &mut Stack) {
        let zone = HostedZone::existing("Z1", "example.org");
        let certificate = Certificate::of("example.org", &zone).also("*.example.org");
        let certificate = stack.add("Certificate", certificate);
        stack.add("Site", site().at(Domain::new("log.example.org", &zone, &certificate)));
    }
    let (manifest, template) = synth(describe);
    let options =
        ["example.org", "*.example.org"].map(|name| json!({"DomainName": name, "HostedZoneId": "Z1"}));
    let certificate = &template["Resources"]["Certificate"]["Properties"];
    assert_eq!(certificate["DomainValidationOptions"], json!(options));
    assert_eq!(certificate["SubjectAlternativeNames"], json!(["*.example.org"]));
    let codes: Vec<_> = manifest.diagnostics.iter().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["certificate-region"]);
    resources(|stack| {
        stack.pin_to_region("us-east-1");
        describe(stack);
    });
}
