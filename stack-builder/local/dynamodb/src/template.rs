//! The tables of a template, and what of them is not done here.

use crate::definition::Definition;
use serde_json::{Value, json};
use stack_builder_local_core::{Resource, ResourceId, Resources};
use std::collections::BTreeMap;

const TABLE: &str = "AWS::DynamoDB::Table";
const GLOBAL_TABLE: &str = "AWS::DynamoDB::GlobalTable";

/// The types of CloudFormation that run here.
pub const RUNS: &[&str] = &[TABLE, GLOBAL_TABLE];

/// A table that a template asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    pub(crate) id: ResourceId,
    pub(crate) name: String,
    /// Its ARN, which tells the region of its stack.
    pub(crate) arn: Option<String>,
    pub(crate) definition: Definition,
    pub(crate) tags: BTreeMap<String, String>,
    /// The policy of the table itself.
    pub(crate) policy: Option<Value>,
    /// What is different here.
    pub(crate) notes: Vec<String>,
}

/// All tables of the application.
pub(crate) fn wanted(resources: &Resources) -> Vec<Wanted> {
    resources.iter().filter(|resource| RUNS.contains(&resource.kind.as_str())).map(read).collect()
}

fn read(resource: &Resource) -> Wanted {
    let replicas = resource.property("Replicas").as_array().map_or(&[] as &[Value], Vec::as_slice);
    let settings = if resource.kind == TABLE { Some(&resource.properties) } else { here(resource, replicas) };
    let settings = settings.unwrap_or(&Value::Null);
    let policy = &settings["ResourcePolicy"]["PolicyDocument"];
    let mut definition = Definition::of_properties(&resource.properties);
    definition.protected |= settings["DeletionProtectionEnabled"] == true;
    Wanted {
        id: resource.id.clone(),
        name: resource.physical_id.clone(),
        arn: resource.arn().map(str::to_owned),
        definition,
        tags: tags(&resource.id, &settings["Tags"]),
        policy: policy.is_object().then(|| policy.clone()),
        notes: notes(resource, replicas.len()),
    }
}

/// The replica in the region of the stack, which the table's ARN tells.
fn here<'r>(resource: &Resource, replicas: &'r [Value]) -> Option<&'r Value> {
    let region = resource.arn().and_then(|arn| arn.split(':').nth(3)).unwrap_or_default();
    replicas.iter().find(|replica| replica["Region"] == region).or(replicas.first())
}

/// The template's own, and those that CloudFormation adds.
fn tags(id: &ResourceId, tags: &Value) -> BTreeMap<String, String> {
    let tag = |tag: &Value| Some((tag["Key"].as_str()?.to_owned(), tag["Value"].as_str()?.to_owned()));
    let own = tags.as_array().into_iter().flatten().filter_map(tag);
    let added = [(LOGICAL_ID, id.logical_id.as_str()), (STACK_NAME, id.stack.as_str())];
    own.chain(added.map(|(key, value)| (key.to_owned(), value.to_owned()))).collect()
}

/// A tag that only tables of a template have.
pub(crate) const LOGICAL_ID: &str = "aws:cloudformation:logical-id";
const STACK_NAME: &str = "aws:cloudformation:stack-name";

impl Wanted {
    /// As `TagResource` has them.
    pub(crate) fn tags_json(&self) -> Value {
        self.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
    }
}

/// Properties whose effect a program would see, and what it sees here. Encryption, backups, insights and throughput
/// are not among them: no answer of a table shows them.
const WITHOUT_EFFECT: [(&str, &str); 2] = [
    ("ImportSourceSpecification", "items are not imported from Amazon S3: the table begins empty"),
    ("KinesisStreamSpecification", "changes do not go to the Kinesis stream"),
];

fn notes(resource: &Resource, replicas: usize) -> Vec<String> {
    let absent = WITHOUT_EFFECT.iter().filter(|(property, _)| !resource.property(property).is_null());
    let mut notes: Vec<String> = absent.map(|(_, note)| (*note).to_owned()).collect();
    let provisioned = resource.property("BillingMode") != "PAY_PER_REQUEST";
    if resource.kind == TABLE && provisioned && resource.property("ProvisionedThroughput").is_null() {
        notes.push(
            "CloudFormation refuses a table with neither `ProvisionedThroughput` nor on-demand billing"
                .to_owned(),
        );
    }
    if replicas > 1 {
        notes.push("there are no replicas in other regions".to_owned());
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(kind: &str, properties: Value) -> Resources {
        Resources::new(vec![Resource {
            id: ResourceId { stack: "app-dev".to_owned(), logical_id: "Things".to_owned() },
            kind: kind.to_owned(),
            physical_id: "things".to_owned(),
            attributes: BTreeMap::from([(
                "Arn".to_owned(),
                "arn:aws:dynamodb:eu-west-1:0:table/things".to_owned(),
            )]),
            properties,
            metadata: Value::Null,
        }])
    }

    #[test]
    fn what_a_program_would_miss_is_told() {
        let table = resource(
            TABLE,
            json!({ "BillingMode": "PAY_PER_REQUEST", "KinesisStreamSpecification": {}, "SSESpecification": {}, "Tags": [{ "Key": "a", "Value": "b" }] }),
        );
        let wanted = wanted(&table).remove(0);
        assert_eq!(wanted.notes, ["changes do not go to the Kinesis stream"]);
        assert_eq!(wanted.tags.get("a").map(String::as_str), Some("b"));
        assert_eq!(wanted.tags.get(LOGICAL_ID).map(String::as_str), Some("Things"));
    }

    #[test]
    fn a_global_table_is_its_replica_here() {
        let policy = json!({ "Version": "2012-10-17" });
        let replicas = json!([
            { "Region": "us-east-1" },
            { "Region": "eu-west-1", "DeletionProtectionEnabled": true, "ResourcePolicy": { "PolicyDocument": policy } },
        ]);
        let wanted = wanted(&resource(GLOBAL_TABLE, json!({ "Replicas": replicas }))).remove(0);
        assert_eq!((wanted.policy, wanted.definition.protected), (Some(policy), true));
        assert_eq!(wanted.notes.len(), 1);
    }
}
