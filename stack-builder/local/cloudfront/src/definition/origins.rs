//! Where a behaviour fetches from.

use super::Notes;
use crate::names::{number, texts};
use http::{HeaderName, HeaderValue};
use serde_json::{Map, Value, json};
use stack_builder_local_core::{Resource, Resources};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// One origin.
#[derive(Clone, Debug)]
pub(crate) struct OriginDef {
    /// Host name as AWS has it.
    pub(crate) domain: String,
    /// What goes before every path; empty, or `/` and more.
    pub(crate) path: String,
    /// Headers that the origin is sent, whatever the viewer sends.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether requests are signed by an origin access control.
    pub(crate) signed: bool,
    /// Whether it is a bucket, for Lambda@Edge.
    pub(crate) bucket: bool,
    /// How long the first byte may take.
    pub(crate) timeout: Duration,
    /// As Lambda@Edge sees it, without `domainName`, `path` and `customHeaders`.
    pub(crate) event: Value,
}

/// What a behaviour points at: an origin, or two of which the second helps out.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) first: Arc<OriginDef>,
    /// The other, and the statuses of the first for which it is asked.
    pub(crate) second: Option<(Arc<OriginDef>, Vec<u16>)>,
}

pub(super) fn read(
    resources: &Resources,
    owner: &Resource,
    config: &Value,
    notes: &mut Notes,
) -> BTreeMap<String, Target> {
    let mut targets = BTreeMap::new();
    for origin in config["Origins"].as_array().into_iter().flatten() {
        let Some(id) = origin["Id"].as_str() else { continue };
        let first = Arc::new(one(resources, owner, origin, notes));
        targets.insert(id.to_owned(), Target { first, second: None });
    }
    for group in config["OriginGroups"]["Items"].as_array().into_iter().flatten() {
        if let Some((id, target)) = group_of(group, &targets) {
            targets.insert(id, target);
        }
    }
    targets
}

fn group_of(group: &Value, targets: &BTreeMap<String, Target>) -> Option<(String, Target)> {
    let mut members = group["Members"]["Items"].as_array()?.iter();
    let mut member = || targets.get(members.next()?["OriginId"].as_str()?).map(|target| target.first.clone());
    let (first, second) = (member()?, member()?);
    let codes = group["FailoverCriteria"]["StatusCodes"]["Items"].as_array().into_iter().flatten();
    let codes = codes.filter_map(|code| u16::try_from(number(code)?).ok()).collect();
    Some((group["Id"].as_str()?.to_owned(), Target { first, second: Some((second, codes)) }))
}

fn one(resources: &Resources, owner: &Resource, origin: &Value, notes: &mut Notes) -> OriginDef {
    let domain = origin["DomainName"].as_str().unwrap_or_default().to_owned();
    let custom = &origin["CustomOriginConfig"];
    if origin["VpcOriginConfig"].is_object() {
        notes.add(&owner.id, format!("a VPC origin is reached only when `{domain}` is served here"));
    }
    let seconds = number(&custom["OriginReadTimeout"]).unwrap_or(30).clamp(1, 180);
    OriginDef {
        bucket: origin["S3OriginConfig"].is_object(),
        path: origin["OriginPath"].as_str().unwrap_or_default().trim_end_matches('/').to_owned(),
        headers: custom_headers(&origin["OriginCustomHeaders"]),
        signed: signed(resources, origin),
        timeout: Duration::from_secs(seconds),
        event: event(origin, seconds),
        domain,
    }
}

fn custom_headers(items: &Value) -> Vec<(HeaderName, HeaderValue)> {
    let header = |item: &Value| {
        Some((item["HeaderName"].as_str()?.parse().ok()?, item["HeaderValue"].as_str()?.parse().ok()?))
    };
    items.as_array().into_iter().flatten().filter_map(header).collect()
}

/// An access control that does not say `never`, or an identity of the old kind.
fn signed(resources: &Resources, origin: &Value) -> bool {
    let identity = origin["S3OriginConfig"]["OriginAccessIdentity"].as_str();
    let Some(id) = origin["OriginAccessControlId"].as_str().filter(|id| !id.is_empty()) else {
        return identity.is_some_and(|identity| !identity.is_empty());
    };
    let control = resources.find("AWS::CloudFront::OriginAccessControl", id);
    let behavior = control.and_then(|c| c.property("OriginAccessControlConfig")["SigningBehavior"].as_str());
    behavior != Some("never")
}

/// See <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html>.
fn event(origin: &Value, seconds: u64) -> Value {
    let custom = &origin["CustomOriginConfig"];
    if origin["S3OriginConfig"].is_object() {
        let domain = origin["DomainName"].as_str().unwrap_or_default();
        let region = domain.split(".s3.").nth(1).and_then(|rest| rest.split('.').next());
        let region = region.filter(|region| *region != "amazonaws").unwrap_or("us-east-1");
        return json!({ "authMethod": "none", "region": region });
    }
    let mut protocols = texts(&custom["OriginSSLProtocols"]);
    if protocols.is_empty() {
        protocols.push("TLSv1.2".to_owned());
    }
    let plain = custom["OriginProtocolPolicy"] == "http-only";
    let port = if plain { &custom["HTTPPort"] } else { &custom["HTTPSPort"] };
    let mut event = Map::new();
    event
        .insert("keepaliveTimeout".to_owned(), number(&custom["OriginKeepaliveTimeout"]).unwrap_or(5).into());
    event.insert("port".to_owned(), number(port).unwrap_or(if plain { 80 } else { 443 }).into());
    event.insert("protocol".to_owned(), if plain { "http" } else { "https" }.into());
    event.insert("readTimeout".to_owned(), seconds.into());
    event.insert("sslProtocols".to_owned(), protocols.into());
    Value::Object(event)
}
