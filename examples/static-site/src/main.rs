//! A folder of files behind CloudFront, under a name of its own.
//!
//! The certificate has to be in us-east-1, so it is a stack there; its ARN reaches the site as an input.

use stack_builder::{App, Certificate, Domain, HostedZone, RouteTable, Stack, StaticSite};
use std::process::ExitCode;

const NAME: &str = "www.example.com";

fn main() -> ExitCode {
    App::new("site").stack("site-certificate", certificate).stack("site", site).synth()
}

/// Your zone, as `aws route53 list-hosted-zones` shows it.
fn zone() -> HostedZone {
    HostedZone::existing("Z0123456789ABCDEFGHIJ", "example.com")
}

fn certificate(stack: &mut Stack) {
    stack.describe("The certificate of the site");
    stack.pin_to_region("us-east-1");
    let certificate = stack.add("Certificate", Certificate::of(NAME, &zone()));
    stack.output("Arn", certificate.arn());
}

fn site(stack: &mut Stack) {
    stack.describe("A folder of files behind CloudFront");
    let certificate = Certificate::existing(stack.input("site-certificate", "Arn"));
    let routes = RouteTable::new()
        .serve("/about", "/about.html")
        .redirect("/home", 308, "/")
        .not_found("<!doctype html><title>Not found</title><p>There is nothing here.");
    let site = stack.add(
        "Site",
        StaticSite::from_dir("examples/static-site/site").routes(routes).at(Domain::new(
            NAME,
            &zone(),
            &certificate,
        )),
    );
    stack.output("Url", site.url());
}
