//! What the template says of a bucket.

use crate::cors::Rule;
use crate::store::Versioning;
use crate::sweep::Expiry;
use serde_json::Value;
use stack_builder_local_core::{Note, Resource, ResourceId, Resources};

/// The settings of one bucket.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings {
    pub(crate) resource: ResourceId,
    pub(crate) region: String,
    pub(crate) versioning: Versioning,
    pub(crate) cors: Vec<Rule>,
    pub(crate) policy: Option<Value>,
    /// Whether the policy may let in callers without credentials.
    pub(crate) public: bool,
    pub(crate) expiry: Vec<Expiry>,
}

/// Properties that are carried out, or that mean nothing on one machine.
const DONE: &[&str] = &[
    "BucketName",
    "BucketEncryption",
    "CorsConfiguration",
    "LifecycleConfiguration",
    "OwnershipControls",
    "PublicAccessBlockConfiguration",
    "Tags",
    "VersioningConfiguration",
];

/// Reads a bucket's properties; what is not carried out becomes a note.
pub(crate) fn read(bucket: &Resource, all: &Resources, region: &str, notes: &mut Vec<Note>) -> Settings {
    let mut note = |text: String| notes.push(Note { resource: bucket.id.clone(), text });
    for (name, text) in NOT_DONE {
        if !bucket.property(name).is_null() {
            note((*text).to_owned());
        }
    }
    let unknown = bucket.properties.as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    for name in
        unknown.filter(|name| !DONE.contains(name) && !NOT_DONE.iter().any(|(other, _)| other == name))
    {
        note(format!("`{name}` has no effect here"));
    }
    Settings {
        resource: bucket.id.clone(),
        region: region_of(bucket).unwrap_or(region).to_owned(),
        versioning: versioning(bucket),
        cors: crate::cors::rules(&bucket.property("CorsConfiguration")["CorsRules"]),
        policy: policy(bucket, all),
        public: is_public(bucket.property("PublicAccessBlockConfiguration")),
        expiry: crate::sweep::rules(&bucket.property("LifecycleConfiguration")["Rules"], &mut note),
    }
}

const NOT_DONE: &[(&str, &str)] = &[
    ("NotificationConfiguration", "nothing is notified of changes in the bucket"),
    ("WebsiteConfiguration", "the website endpoint is not served"),
    ("ReplicationConfiguration", "objects are not replicated"),
    ("LoggingConfiguration", "no access logs are written"),
    ("ObjectLockConfiguration", "objects are not locked"),
    ("ObjectLockEnabled", "objects are not locked"),
    ("AccelerateConfiguration", "there is no accelerated endpoint"),
    ("AccessControl", "access control lists are not judged"),
];

fn versioning(bucket: &Resource) -> Versioning {
    match bucket.property("VersioningConfiguration")["Status"].as_str() {
        Some("Enabled") => Versioning::Enabled,
        Some("Suspended") => Versioning::Suspended,
        _ => Versioning::Off,
    }
}

fn policy(bucket: &Resource, all: &Resources) -> Option<Value> {
    let mut policies = all.of_type("AWS::S3::BucketPolicy");
    let policy = policies.find(|policy| policy.text("Bucket") == Some(&bucket.physical_id))?;
    Some(policy.property("PolicyDocument").clone())
}

/// New buckets block public access unless the template says otherwise
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html>).
fn is_public(block: &Value) -> bool {
    let open = |name: &str| match &block[name] {
        // A configuration that leaves one out leaves it off.
        Value::Null => !block.is_null(),
        Value::String(text) => text == "false",
        other => other.as_bool() == Some(false),
    };
    open("BlockPublicPolicy") && open("RestrictPublicBuckets")
}

/// The region in the bucket's own host name: `name.s3.eu-west-1.amazonaws.com`.
fn region_of(bucket: &Resource) -> Option<&str> {
    let host = bucket.attributes.get("RegionalDomainName")?;
    host.strip_prefix(bucket.physical_id.as_str())?.strip_prefix(".s3.")?.split('.').next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::collections::BTreeMap;

    fn resource(kind: &str, properties: Value) -> Resource {
        Resource {
            id: ResourceId { stack: "s".into(), logical_id: "B".into() },
            kind: kind.into(),
            physical_id: "files".into(),
            attributes: BTreeMap::from([(
                "RegionalDomainName".into(),
                "files.s3.eu-west-1.amazonaws.com".into(),
            )]),
            properties,
            metadata: Value::Null,
        }
    }

    #[test]
    fn reads_what_is_carried_out_and_notes_the_rest() {
        let bucket = resource(
            "AWS::S3::Bucket",
            json!({ "VersioningConfiguration": { "Status": "Enabled" }, "WebsiteConfiguration": {}, "Novelty": 1 }),
        );
        let policy =
            resource("AWS::S3::BucketPolicy", json!({ "Bucket": "files", "PolicyDocument": { "x": 1 } }));
        let mut notes = Vec::new();
        let settings = read(&bucket, &Resources::new(vec![policy]), "us-east-1", &mut notes);
        assert_eq!(settings.versioning, Versioning::Enabled);
        assert_eq!(settings.region, "eu-west-1");
        assert_eq!(settings.policy, Some(json!({ "x": 1 })));
        let texts: Vec<_> = notes.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(texts, ["the website endpoint is not served", "`Novelty` has no effect here"]);
    }

    #[test]
    fn only_an_explicit_choice_opens_a_bucket() {
        assert!(!is_public(&Value::Null));
        assert!(!is_public(&json!({ "BlockPublicPolicy": true, "RestrictPublicBuckets": false })));
        assert!(is_public(&json!({ "BlockPublicPolicy": "false", "RestrictPublicBuckets": false })));
        assert!(is_public(&json!({ "BlockPublicAcls": true })));
    }
}
