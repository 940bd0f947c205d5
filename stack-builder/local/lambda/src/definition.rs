//! A function as its template describes it.

use crate::name;
use stack_builder_local_core::{Resource, ResourceId, Resources, World};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The version of code that is not published.
pub(crate) const LATEST: &str = "$LATEST";

/// What a function is, without its code.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Definition {
    pub(crate) id: ResourceId,
    pub(crate) name: String,
    /// Without a qualifier.
    pub(crate) arn: String,
    pub(crate) region: String,
    pub(crate) description: String,
    /// ARN of the execution role.
    pub(crate) role: Arc<str>,
    pub(crate) handler: String,
    pub(crate) runtime: String,
    pub(crate) variables: BTreeMap<String, String>,
    pub(crate) timeout: Duration,
    /// Megabytes.
    pub(crate) memory: u32,
    /// `ReservedConcurrentExecutions`.
    pub(crate) reserved: Option<usize>,
    pub(crate) logging: Logging,
    /// Whether a distribution calls it.
    pub(crate) at_edge: bool,
    /// Versions and aliases, with the version that they stand for.
    pub(crate) qualifiers: BTreeMap<String, Arc<str>>,
}

/// Where and how it logs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Logging {
    pub(crate) group: String,
    /// `LogFormat: JSON`, which makes JSON of Lambda's own lines.
    pub(crate) json: bool,
    /// `ApplicationLogLevel`.
    pub(crate) level: Option<String>,
    /// `SystemLogLevel: WARN`, which leaves out what went well.
    pub(crate) only_failures: bool,
}

impl Definition {
    /// Reads an `AWS::Lambda::Function`.
    pub(crate) fn read(resource: &Resource, all: &Resources, world: &World) -> Self {
        let name = resource.physical_id.clone();
        let arn = resource.arn().map_or_else(
            || format!("arn:aws:lambda:{}:{}:function:{name}", world.region, world.account),
            str::to_owned,
        );
        let at_edge = is_at_edge(&arn, all);
        Self {
            region: arn.split(':').nth(3).unwrap_or(&world.region).to_owned(),
            description: text(resource, "Description"),
            role: resource.text("Role").unwrap_or_default().into(),
            handler: text(resource, "Handler"),
            runtime: text(resource, "Runtime"),
            variables: if at_edge { BTreeMap::new() } else { variables(resource) },
            timeout: Duration::from_secs_f64(resource.number("Timeout").unwrap_or(3.0).clamp(1.0, 900.0)),
            memory: whole(resource, "MemorySize").unwrap_or(128),
            reserved: whole(resource, "ReservedConcurrentExecutions").and_then(|most| most.try_into().ok()),
            logging: Logging::read(resource, &name, at_edge),
            qualifiers: qualifiers(&name, all),
            id: resource.id.clone(),
            at_edge,
            name,
            arn,
        }
    }

    /// The version that a qualifier stands for; `None` when there is no such version or alias.
    pub(crate) fn version(&self, qualifier: Option<&str>) -> Option<Arc<str>> {
        match qualifier {
            None | Some(LATEST) => Some(LATEST.into()),
            Some(qualifier) => self.qualifiers.get(qualifier).cloned(),
        }
    }

    /// The ARN with a qualifier, as it was called.
    pub(crate) fn qualified(&self, qualifier: Option<&str>) -> String {
        qualifier.map_or_else(|| self.arn.clone(), |qualifier| format!("{}:{qualifier}", self.arn))
    }
}

impl Logging {
    /// Lambda@Edge logs to a group that names the region in which the function is defined.
    /// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html>
    fn read(resource: &Resource, name: &str, at_edge: bool) -> Self {
        let config = resource.property("LoggingConfig");
        let group = config["LogGroup"].as_str().filter(|_| !at_edge);
        let usual =
            if at_edge { format!("/aws/lambda/us-east-1.{name}") } else { format!("/aws/lambda/{name}") };
        let json = config["LogFormat"].as_str() == Some("JSON");
        Self {
            group: group.map_or(usual, str::to_owned),
            json,
            level: config["ApplicationLogLevel"].as_str().filter(|_| json).map(str::to_owned),
            only_failures: json && config["SystemLogLevel"].as_str() == Some("WARN"),
        }
    }
}

fn text(resource: &Resource, property: &str) -> String {
    resource.text(property).unwrap_or_default().to_owned()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn whole(resource: &Resource, property: &str) -> Option<u32> {
    resource.number(property).map(|number| number as u32)
}

fn variables(resource: &Resource) -> BTreeMap<String, String> {
    let all = resource.property("Environment")["Variables"].as_object();
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    all.into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect()
}

/// Whether a behaviour of a distribution names this function, or a version of it.
fn is_at_edge(arn: &str, all: &Resources) -> bool {
    let distributions = all.of_type("AWS::CloudFront::Distribution");
    distributions.map(|one| one.property("DistributionConfig")).any(|config| {
        let others = config["CacheBehaviors"].as_array().into_iter().flatten();
        let behaviors = others.chain([&config["DefaultCacheBehavior"]]);
        let associations = behaviors.filter_map(|one| one["LambdaFunctionAssociations"].as_array()).flatten();
        associations.filter_map(|one| one["LambdaFunctionARN"].as_str()).any(|named| same(arn, named))
    })
}

fn same(arn: &str, named: &str) -> bool {
    named.strip_prefix(arn).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// Versions and aliases of a function. Their `Ref` is the ARN with the qualifier at the end.
fn qualifiers(function: &str, all: &Resources) -> BTreeMap<String, Arc<str>> {
    let versions = all.of_type("AWS::Lambda::Version").map(|resource| (resource, None));
    let aliases =
        all.of_type("AWS::Lambda::Alias").map(|resource| (resource, resource.text("FunctionVersion")));
    let named = versions.chain(aliases).filter_map(|(resource, version)| {
        let reference = name::parse(&resource.physical_id);
        let qualifier = reference.qualifier.filter(|_| reference.name == function)?;
        // `FunctionVersion` may be the version's ARN, when a template takes its `Ref` for its number.
        let version = version.map_or(qualifier, |text| name::parse(text).qualifier.unwrap_or(text));
        Some((qualifier.to_owned(), version.into()))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn resource(kind: &str, physical_id: &str, properties: Value) -> Resource {
        Resource {
            id: ResourceId::default(),
            kind: kind.to_owned(),
            physical_id: physical_id.to_owned(),
            attributes: BTreeMap::new(),
            properties,
            metadata: Value::Null,
        }
    }

    #[test]
    fn a_function_at_the_edge_has_no_variables_and_a_group_of_its_own() {
        let function =
            resource("AWS::Lambda::Function", "f", json!({"Environment": {"Variables": {"A": "1"}}}));
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
        let distribution = |arn: &str| {
            let behavior = json!({"LambdaFunctionAssociations": [{"LambdaFunctionARN": arn}]});
            let config = json!({"DistributionConfig": {"DefaultCacheBehavior": behavior}});
            Resources::new(vec![function.clone(), resource("AWS::CloudFront::Distribution", "E1", config)])
        };
        let read = |all: &Resources| Definition::read(&function, all, &World::ephemeral());
        let edge = read(&distribution(&format!("{arn}:1")));
        assert!(edge.at_edge && edge.variables.is_empty());
        assert_eq!(edge.logging.group, "/aws/lambda/us-east-1.f");
        let other = read(&distribution(&format!("{arn}2:1")));
        assert_eq!(other.variables.get("A").map(String::as_str), Some("1"));
        assert_eq!(
            (other.logging.group.as_str(), other.timeout.as_secs(), other.memory),
            ("/aws/lambda/f", 3, 128)
        );
    }

    #[test]
    fn an_alias_stands_for_its_version() {
        let arn = "arn:aws:lambda:us-east-1:000000000000:function:f";
        let all = Resources::new(vec![
            resource("AWS::Lambda::Version", &format!("{arn}:7"), json!({})),
            resource("AWS::Lambda::Alias", &format!("{arn}:live"), json!({"FunctionVersion": "7"})),
        ]);
        let definition =
            Definition::read(&resource("AWS::Lambda::Function", "f", json!({})), &all, &World::ephemeral());
        assert_eq!(definition.version(Some("live")).as_deref(), Some("7"));
        assert_eq!(definition.version(Some("7")).as_deref(), Some("7"));
        assert_eq!(definition.version(None).as_deref(), Some(LATEST));
        assert_eq!(definition.version(Some("8")), None);
    }
}
