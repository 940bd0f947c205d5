//! Log groups that no template declares: Lambda and API Gateway make them, and nobody deletes them.

use super::PlannedResource;
use crate::{Environment, Error, Regions};
use aws_sdk_cloudwatchlogs::operation::delete_log_group::DeleteLogGroupError;
use serde_json::Value;
use std::collections::BTreeSet;

/// The region that edge functions stand in.
const EDGE: &str = "us-east-1";

/// A log group that a service made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogGroup {
    /// Its region, which for an edge function is any in which it ran.
    pub region: String,
    /// Its name.
    pub name: String,
}

/// What the services would have called the groups of `resources`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ImplicitGroup {
    Named(String),
    Prefixed(String),
}

/// The names of the groups that a template declares, which go or stay with their stack.
pub(crate) fn declared<'a>(resources: impl Iterator<Item = &'a PlannedResource>) -> BTreeSet<String> {
    let groups = resources.filter(|resource| resource.resource_type == "AWS::Logs::LogGroup");
    groups.map(|group| group.physical_id.clone()).collect()
}

/// The groups to look for, of the `resources` that go; not those that are `declared`.
pub(crate) fn candidates(
    resources: &[PlannedResource],
    declared: &BTreeSet<String>,
    template: &Value,
) -> Vec<ImplicitGroup> {
    resources
        .iter()
        .filter_map(|resource| implicit(resource, template))
        .filter(|group| !matches!(group, ImplicitGroup::Named(name) if declared.contains(name)))
        .collect()
}

fn implicit(resource: &PlannedResource, template: &Value) -> Option<ImplicitGroup> {
    let id = &resource.physical_id;
    let logging = &template["Resources"][&resource.logical_id]["Properties"]["LoggingConfig"]["LogGroup"];
    match resource.resource_type.as_str() {
        "AWS::Lambda::Function" if logging.is_null() => {
            Some(ImplicitGroup::Named(format!("/aws/lambda/{id}")))
        }
        "AWS::ApiGateway::RestApi" => {
            Some(ImplicitGroup::Prefixed(format!("API-Gateway-Execution-Logs_{id}/")))
        }
        _ => None,
    }
}

/// The names of the functions that run at the edge: those with a numbered version, in the one region for them.
pub(crate) fn edge_functions(region: &str, resources: &[PlannedResource], template: &Value) -> Vec<String> {
    let all = template["Resources"].as_object().into_iter().flatten();
    let versions = all.filter(|(_, resource)| resource["Type"] == "AWS::Lambda::Version");
    let versioned: Vec<_> =
        versions.map(|(_, version)| &version["Properties"]["FunctionName"]["Ref"]).collect();
    let at_the_edge = |resource: &&PlannedResource| {
        region == EDGE
            && resource.resource_type == "AWS::Lambda::Function"
            && versioned.iter().any(|function| **function == resource.logical_id.as_str())
    };
    resources.iter().filter(at_the_edge).map(|resource| resource.physical_id.clone()).collect()
}

/// The name of the group that copies of the edge function log to, in whichever region they run.
pub(crate) fn group_of_copies(function: &str) -> String {
    format!("/aws/lambda/{EDGE}.{function}")
}

/// The groups of `name`, which copies of an edge function log to, in all of `regions`; not in `own` if that is where
/// it is declared. One call for each region.
pub(crate) async fn of_copies(
    regions: &Regions,
    name: &str,
    own: Option<&str>,
) -> Result<Vec<LogGroup>, Error> {
    let mut found = Vec::new();
    for known in regions.all().filter(|known| Some(known.region.as_str()) != own) {
        found.extend(existing(known, &[ImplicitGroup::Named(name.to_owned())]).await?);
    }
    Ok(found)
}

/// Those of `candidates` that exist; one call for each.
pub(crate) async fn existing(
    environment: &Environment,
    candidates: &[ImplicitGroup],
) -> Result<Vec<LogGroup>, Error> {
    let mut found = Vec::new();
    for candidate in candidates {
        let (ImplicitGroup::Named(prefix) | ImplicitGroup::Prefixed(prefix)) = candidate;
        let request = environment.logs.describe_log_groups().log_group_name_prefix(prefix);
        let answer = request.send().await.map_err(environment.failed("logs:DescribeLogGroups"))?;
        let names = answer.log_groups().iter().filter_map(|group| group.log_group_name());
        let exact = matches!(candidate, ImplicitGroup::Named(_));
        let group = |name: &str| LogGroup { region: environment.region.clone(), name: name.to_owned() };
        found.extend(names.filter(|name| !exact || name == prefix).map(group));
    }
    Ok(found)
}

/// Deletes the group; one that is gone already is no error. One call.
pub(crate) async fn delete(environment: &Environment, name: &str) -> Result<(), Error> {
    match environment.logs.delete_log_group().log_group_name(name).send().await {
        Err(error)
            if error.as_service_error().is_some_and(DeleteLogGroupError::is_resource_not_found_exception) =>
        {
            Ok(())
        }
        answer => answer.map(drop).map_err(environment.failed("logs:DeleteLogGroup")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn resource(logical_id: &str, physical_id: &str, resource_type: &str) -> PlannedResource {
        PlannedResource {
            logical_id: logical_id.to_owned(),
            physical_id: physical_id.to_owned(),
            resource_type: resource_type.to_owned(),
        }
    }

    #[test]
    fn only_groups_that_nobody_declared_are_looked_for() {
        let template = json!({"Resources": {
            "Pointed": {"Properties": {"LoggingConfig": {"LogGroup": {"Ref": "Logs"}}}},
        }});
        let resources = [
            resource("Pointed", "app-pointed", "AWS::Lambda::Function"),
            resource("Declared", "app-declared", "AWS::Lambda::Function"),
            resource("Left", "app-left", "AWS::Lambda::Function"),
            resource("Logs", "/aws/lambda/app-declared", "AWS::Logs::LogGroup"),
            resource("Api", "a1b2", "AWS::ApiGateway::RestApi"),
        ];
        assert_eq!(
            candidates(&resources, &declared(resources.iter()), &template),
            [
                ImplicitGroup::Named("/aws/lambda/app-left".to_owned()),
                ImplicitGroup::Prefixed("API-Gateway-Execution-Logs_a1b2/".to_owned()),
            ]
        );
    }

    #[test]
    fn a_function_with_a_version_runs_at_the_edge_if_it_stands_in_the_right_region() {
        let template = json!({"Resources": {
            "GateVersion": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "Gate"}}},
        }});
        let resources = [
            resource("Gate", "app-gate", "AWS::Lambda::Function"),
            resource("Other", "app-other", "AWS::Lambda::Function"),
        ];
        assert_eq!(edge_functions("us-east-1", &resources, &template), ["app-gate"]);
        assert_eq!(edge_functions("eu-west-1", &resources, &template), [""; 0]);
    }
}
