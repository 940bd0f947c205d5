//! A name of the site's own: a certificate in the one region for them, and records in a zone that exists.

use super::EDGE;
use super::regions::distribution;
use crate::deployed::physical_id;
use crate::inventory::inventory;
use crate::world::World;
use serde_json::{Value, json};
use stack_builder_tests::Aws;

const NAME: &str = "log.example.com";

/// The certificate's ARN crosses the regions as the version's does, and the name leads to the distribution.
#[test]
fn captains_log_has_a_name_of_its_own() {
    let world = World::bootstrapped_for("own-domain");
    let edge = world.emulator.aws_in(EDGE, &world.deployer);
    let zone = zone(&world);
    world.workspace.edit("stacks/src/captains_log/settings.rs", "Z0123456789ABCDEFGHIJ", &zone);
    let bare = [inventory(&world.aws), inventory(&edge)];
    world.deploy("captains-log");
    assert_eq!(world.outputs("captains-log").get("SiteUrl"), format!("https://{NAME}"));

    let certificate = certificate(&edge);
    let elsewhere = world.aws.call("acm", "list_certificates", json!({}));
    assert_eq!(elsewhere["CertificateSummaryList"], json!([]), "CloudFront takes none of another region");
    let config = distribution(&world);
    assert_eq!(config["Aliases"]["Items"], json!([NAME]));
    let viewer = &config["ViewerCertificate"];
    assert_eq!(viewer["ACMCertificateArn"], certificate, "{viewer}");
    assert_eq!(viewer["SSLSupportMethod"], "sni-only", "{viewer}");
    assert_eq!(viewer["MinimumProtocolVersion"], "TLSv1.2_2021", "{viewer}");
    let target = leads_to_the_distribution(&world, &zone);
    // The emulator's CloudFront answers to its own names only.
    let page = world.http.send("GET", &format!("https://{target}/login.html"), &[], "");
    assert_eq!((page.status, page.body.contains("<title>")), (200, true), "{page:?}");
    let page = world.http.send("GET", &format!("https://{NAME}/login.html"), &[], "");
    assert_ne!(page.status, 200, "the page can be asked for by its name now");

    world.stack_builder(["destroy", "captains-log", "captains-log-edge", "--yes"]).run().success();
    assert_eq!([inventory(&world.aws), inventory(&edge)], bare, "destroy left something behind");
    assert_eq!(records(&world, &zone), [] as [Value; 0]);
    assert_eq!(edge.call("acm", "list_certificates", json!({}))["CertificateSummaryList"], json!([]));
}

/// A zone as an account has it before.
#[track_caller]
fn zone(world: &World) -> String {
    let asked = json!({ "Name": "example.com", "CallerReference": "before" });
    let zone = world.aws.call("route53", "create_hosted_zone", asked);
    zone["HostedZone"]["Id"].as_str().expect("an id").trim_start_matches("/hostedzone/").to_owned()
}

/// The only certificate: for the name, proven by a record in the zone.
#[track_caller]
fn certificate(edge: &Aws) -> Value {
    let list = edge.call("acm", "list_certificates", json!({}))["CertificateSummaryList"].take();
    let [certificate] = list.as_array().expect("certificates").as_slice() else { panic!("not one: {list}") };
    let asked = json!({ "CertificateArn": certificate["CertificateArn"] });
    let found = edge.call("acm", "describe_certificate", asked)["Certificate"].take();
    assert_eq!(found["DomainName"], NAME, "{found}");
    assert_eq!(found["DomainValidationOptions"][0]["ValidationMethod"], "DNS", "{found}");
    found["CertificateArn"].clone()
}

/// By both kinds of address, to the name that CloudFront gave to the distribution, which is answered.
#[track_caller]
fn leads_to_the_distribution(world: &World, zone: &str) -> String {
    let id = physical_id(world, "captains-log", "Site");
    let found = world.aws.call("cloudfront", "get_distribution", json!({ "Id": id }));
    let own = found["Distribution"]["DomainName"].as_str().expect("a name").to_owned();
    let records = records(world, zone);
    let mut kinds: Vec<_> = records.iter().map(|record| record["Type"].as_str().expect("a type")).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["A", "AAAA"], "{records:#?}");
    for record in &records {
        let target = record["AliasTarget"]["DNSName"].as_str().expect("a name");
        assert_eq!(target.trim_end_matches('.'), own, "{record}");
        assert_eq!(record["AliasTarget"]["HostedZoneId"], "Z2FDTNDATAQYW2", "CloudFront's own zone");
    }
    own
}

/// The records of the name.
#[track_caller]
fn records(world: &World, zone: &str) -> Vec<Value> {
    let found = world.aws.call("route53", "list_resource_record_sets", json!({ "HostedZoneId": zone }));
    let records = found["ResourceRecordSets"].as_array().expect("records").iter();
    let ours = records.filter(|record| record["Name"].as_str().is_some_and(|name| name.starts_with(NAME)));
    ours.cloned().collect()
}
