//! A distribution as its template describes it.

use super::behavior::{self, Known};
use super::{Behavior, ErrorRule, Notes, errors, origins};
use crate::edge::EdgeFunction;
use crate::names::flag;
use crate::pattern;
use serde_json::Value;
use stack_builder_local_core::{Resource, ResourceId, Resources, World};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A distribution.
pub(crate) struct Distribution {
    pub(crate) id: String,
    pub(crate) resource: ResourceId,
    pub(crate) arn: String,
    /// `d….cloudfront.net`.
    pub(crate) domain: String,
    pub(crate) enabled: bool,
    pub(crate) comment: String,
    /// Empty when there is none. With a slash in front it names nothing, as with AWS.
    pub(crate) root: String,
    /// In order; the last takes every path.
    pub(crate) behaviors: Vec<Arc<Behavior>>,
    pub(crate) errors: Vec<ErrorRule>,
    /// What `Via` says, `1.1 ….cloudfront.net (CloudFront)`.
    pub(crate) via: String,
}

impl Distribution {
    /// The first behaviour whose pattern fits.
    pub(crate) fn behavior(&self, path: &str) -> Option<&Arc<Behavior>> {
        let path = pattern::normalized(path);
        self.behaviors.iter().find(|behavior| pattern::matches(&behavior.pattern, &path))
    }

    /// What is said about an error status.
    pub(crate) fn error(&self, status: u16) -> Option<&ErrorRule> {
        self.errors.iter().find(|rule| rule.code == status)
    }
}

/// Reads every distribution of the application.
pub(crate) fn read(
    resources: &Resources,
    world: &World,
    functions: &BTreeMap<String, Arc<EdgeFunction>>,
    notes: &mut Notes,
) -> Vec<Arc<Distribution>> {
    let all = resources.of_type("AWS::CloudFront::Distribution");
    all.map(|resource| Arc::new(one(resources, world, resource, functions, notes))).collect()
}

fn one(
    resources: &Resources,
    world: &World,
    owner: &Resource,
    functions: &BTreeMap<String, Arc<EdgeFunction>>,
    notes: &mut Notes,
) -> Distribution {
    let config = owner.property("DistributionConfig");
    let targets = origins::read(resources, owner, config, notes);
    let known = Known { resources, owner, targets: &targets, functions };
    let listed = config["CacheBehaviors"].as_array().into_iter().flatten();
    let configs = listed.chain([&config["DefaultCacheBehavior"]]).enumerate();
    let behaviors =
        configs.map(|(number, config)| Arc::new(behavior::read(config, number, &known, notes))).collect();
    tell(config, owner, notes);
    let id = owner.physical_id.clone();
    let domain = owner.attributes.get("DomainName").cloned();
    Distribution {
        resource: owner.id.clone(),
        arn: format!("arn:aws:cloudfront::{}:distribution/{id}", world.account),
        domain: domain.unwrap_or_else(|| format!("{}.cloudfront.net", id.to_ascii_lowercase())),
        enabled: config["Enabled"].is_null() || flag(&config["Enabled"]),
        comment: config["Comment"].as_str().unwrap_or_default().to_owned(),
        root: config["DefaultRootObject"].as_str().unwrap_or_default().to_owned(),
        behaviors,
        errors: errors::read(&config["CustomErrorResponses"]),
        via: via(&id),
        id,
    }
}

/// One name a distribution, made from its id (FNV-1a, twice).
fn via(id: &str) -> String {
    let hash = |seed: u64| {
        id.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    let (high, low) = (hash(0xcbf2_9ce4_8422_2325), hash(0x6c62_272e_07bb_0142));
    format!("1.1 {high:016x}{low:016x}.cloudfront.net (CloudFront)")
}

fn tell(config: &Value, owner: &Resource, notes: &mut Notes) {
    let restricted = config["Restrictions"]["GeoRestriction"]["RestrictionType"].as_str();
    let slashed = config["DefaultRootObject"].as_str().is_some_and(|root| root.starts_with('/'));
    let texts = [
        (slashed, "its root object begins with `/`, with which `/` finds nothing"),
        (config["WebACLId"].as_str().is_some_and(|id| !id.is_empty()), "its web ACL is not asked"),
        (restricted.is_some_and(|kind| kind != "none"), "viewers of every country are let in"),
        (config["Logging"].is_object(), "access logs are not written"),
        (config["ContinuousDeploymentPolicyId"].is_string(), "no traffic goes to a staging distribution"),
        (flag(&config["Staging"]), "a staging distribution is served like any other"),
    ];
    for (_, text) in texts.into_iter().filter(|(asked, _)| *asked) {
        notes.add(&owner.id, text);
    }
}
