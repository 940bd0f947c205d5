//! Cache behaviours: what is done with the requests of a path.

use super::{CachePolicy, HeadersPolicy, Notes, OriginPolicy, Target};
use crate::edge::EdgeFunction;
use crate::names::{Names, flag, texts};
use http::Method;
use serde_json::Value;
use stack_builder_local_core::{Resource, ResourceId, Resources};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A function at the edge.
#[derive(Clone)]
pub(crate) enum Edge {
    /// Of Lambda@Edge.
    Lambda {
        /// ARN of the version.
        arn: String,
        /// Whether it sees the body.
        body: bool,
        /// The function, for traces.
        resource: Option<ResourceId>,
    },
    /// Of CloudFront itself.
    Function(Arc<EdgeFunction>),
}

/// The functions of a behaviour.
#[derive(Clone, Default)]
pub(crate) struct Edges {
    pub(crate) viewer_request: Option<Edge>,
    pub(crate) origin_request: Option<Edge>,
    pub(crate) origin_response: Option<Edge>,
    pub(crate) viewer_response: Option<Edge>,
}

/// A cache behaviour.
#[derive(Clone)]
pub(crate) struct Behavior {
    /// Its place in the distribution, for keys of the cache.
    pub(crate) number: usize,
    /// With a slash in front; `*` for the default one.
    pub(crate) pattern: String,
    pub(crate) target: Option<Target>,
    pub(crate) methods: Vec<Method>,
    pub(crate) options_cached: bool,
    pub(crate) compress: bool,
    pub(crate) cache: CachePolicy,
    pub(crate) forward: OriginPolicy,
    /// Whether other headers of the viewer than those that are chosen go to the origin, as with `ForwardedValues`.
    pub(crate) legacy: bool,
    pub(crate) headers: Option<HeadersPolicy>,
    pub(crate) edges: Edges,
}

/// What behaviours refer to.
pub(super) struct Known<'a> {
    pub(super) resources: &'a Resources,
    pub(super) owner: &'a Resource,
    pub(super) targets: &'a BTreeMap<String, Target>,
    pub(super) functions: &'a BTreeMap<String, Arc<EdgeFunction>>,
}

pub(super) fn read(config: &Value, number: usize, known: &Known<'_>, notes: &mut Notes) -> Behavior {
    let pattern = config["PathPattern"].as_str().unwrap_or("*");
    let slash = if pattern.starts_with(['/', '*']) { "" } else { "/" };
    let (cache, legacy) = cache(config, known, notes);
    tell(config, known, notes);
    Behavior {
        number,
        pattern: format!("{slash}{pattern}"),
        target: config["TargetOriginId"].as_str().and_then(|id| known.targets.get(id)).cloned(),
        methods: methods(config),
        options_cached: texts(&config["CachedMethods"]).iter().any(|method| method == "OPTIONS"),
        compress: flag(&config["Compress"]) && cache.gzip,
        cache,
        forward: if legacy { legacy_forward(config) } else { forward(config, known, notes) },
        legacy,
        headers: headers(config, known, notes),
        edges: edges(config, known, notes),
    }
}

fn methods(config: &Value) -> Vec<Method> {
    let listed: Vec<_> =
        texts(&config["AllowedMethods"]).iter().filter_map(|method| method.parse().ok()).collect();
    if listed.is_empty() { vec![Method::GET, Method::HEAD] } else { listed }
}

fn cache(config: &Value, known: &Known<'_>, notes: &mut Notes) -> (CachePolicy, bool) {
    let Some(id) = config["CachePolicyId"].as_str() else { return (CachePolicy::legacy(config), true) };
    let policy = CachePolicy::find(known.resources, id).unwrap_or_else(|| {
        notes.add(&known.owner.id, format!("cache policy `{id}` is not known here: nothing is cached"));
        CachePolicy::default()
    });
    (policy, false)
}

fn forward(config: &Value, known: &Known<'_>, notes: &mut Notes) -> OriginPolicy {
    let Some(id) = config["OriginRequestPolicyId"].as_str() else { return OriginPolicy::default() };
    OriginPolicy::find(known.resources, id).unwrap_or_else(|| {
        notes.add(
            &known.owner.id,
            format!("origin request policy `{id}` is not known here: nothing more is sent on"),
        );
        OriginPolicy::default()
    })
}

/// All parameters are sent on, also when the cache tells only some apart.
fn legacy_forward(config: &Value) -> OriginPolicy {
    let queries = if flag(&config["ForwardedValues"]["QueryString"]) { Names::All } else { Names::None };
    OriginPolicy { queries, ..OriginPolicy::default() }
}

fn headers(config: &Value, known: &Known<'_>, notes: &mut Notes) -> Option<HeadersPolicy> {
    let id = config["ResponseHeadersPolicyId"].as_str()?;
    let policy = HeadersPolicy::find(known.resources, id);
    if policy.is_none() {
        notes.add(
            &known.owner.id,
            format!("response headers policy `{id}` is not known here: no header is added"),
        );
    }
    policy
}

fn edges(config: &Value, known: &Known<'_>, notes: &mut Notes) -> Edges {
    let mut edges = Edges::default();
    for item in config["LambdaFunctionAssociations"].as_array().into_iter().flatten() {
        let arn = item["LambdaFunctionARN"].as_str().unwrap_or_default().to_owned();
        let resource = function_of(known.resources, &arn);
        let edge = Edge::Lambda { arn, body: flag(&item["IncludeBody"]), resource };
        place(&mut edges, item["EventType"].as_str(), edge);
    }
    for item in config["FunctionAssociations"].as_array().into_iter().flatten() {
        let arn = item["FunctionARN"].as_str().unwrap_or_default();
        match known.functions.get(arn) {
            Some(function) => {
                place(&mut edges, item["EventType"].as_str(), Edge::Function(function.clone()));
            }
            None => notes.add(&known.owner.id, format!("function `{arn}` is not in the application")),
        }
    }
    edges
}

/// The function whose version this is.
fn function_of(resources: &Resources, arn: &str) -> Option<ResourceId> {
    let unversioned = arn.rsplit_once(':').map_or(arn, |(function, _)| function);
    let found = resources.by_arn(unversioned).or_else(|| resources.by_arn(arn));
    found.map(|resource| resource.id.clone())
}

fn place(edges: &mut Edges, event: Option<&str>, edge: Edge) {
    let slot = match event {
        Some("viewer-request") => &mut edges.viewer_request,
        Some("origin-request") => &mut edges.origin_request,
        Some("origin-response") => &mut edges.origin_response,
        Some("viewer-response") => &mut edges.viewer_response,
        _ => return,
    };
    *slot = Some(edge);
}

/// What is asked and not done.
fn tell(config: &Value, known: &Known<'_>, notes: &mut Notes) {
    let asked = |name: &str| config[name].as_array().is_some_and(|items| !items.is_empty());
    let texts = [
        (
            asked("TrustedKeyGroups") || asked("TrustedSigners"),
            "signed URLs and cookies are not checked: everybody is let in",
        ),
        (flag(&config["SmoothStreaming"]), "Smooth Streaming is not done"),
        (
            config["FieldLevelEncryptionId"].as_str().is_some_and(|id| !id.is_empty()),
            "fields are not encrypted",
        ),
        (config["RealtimeLogConfigArn"].is_string(), "real-time logs are not written"),
        (flag(&config["GrpcConfig"]["Enabled"]), "gRPC is not carried"),
    ];
    for (_, text) in texts.into_iter().filter(|(asked, _)| *asked) {
        notes.add(&known.owner.id, text);
    }
}
