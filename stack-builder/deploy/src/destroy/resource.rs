//! A resource of a stack that is to go, and one that stays.

use aws_sdk_cloudformation::types::{ResourceStatus, StackResourceSummary};
use serde_json::Value;

/// A resource that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedResource {
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in AWS.
    pub physical_id: String,
    /// Its CloudFormation type.
    pub resource_type: String,
}

/// A resource that stays when its stack goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetainedResource {
    /// The resource.
    pub resource: PlannedResource,
    /// The policy that keeps it: `Retain`, `RetainExceptOnCreate`, or `Snapshot`, which keeps a copy.
    pub policy: String,
    /// The AWS CLI commands that remove it, in one line; for a snapshot, one that lists what was kept.
    pub removal: String,
}

impl PlannedResource {
    /// Reads CloudFormation's description; `None` when nothing stands, now or ever.
    pub(crate) fn read(summary: &StackResourceSummary) -> Option<Self> {
        let gone = [ResourceStatus::DeleteComplete, ResourceStatus::DeleteSkipped];
        if summary.resource_status().is_some_and(|status| gone.contains(status)) {
            return None;
        }
        Some(Self {
            logical_id: summary.logical_resource_id()?.to_owned(),
            physical_id: summary.physical_resource_id().filter(|id| !id.is_empty())?.to_owned(),
            resource_type: summary.resource_type()?.to_owned(),
        })
    }

    /// The policy of `template` that keeps it or a copy of it, if any.
    ///
    /// Database clusters, and instances outside of one, leave a snapshot unless told otherwise. See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>.
    pub(crate) fn keeping_policy(&self, template: &Value) -> Option<String> {
        let resource = &template["Resources"][&self.logical_id];
        let unasked = match self.resource_type.as_str() {
            "AWS::RDS::DBCluster" => "Snapshot",
            "AWS::RDS::DBInstance" if resource["Properties"]["DBClusterIdentifier"].is_null() => "Snapshot",
            _ => "Delete",
        };
        let policy = resource["DeletionPolicy"].as_str().unwrap_or(unasked);
        (policy != "Delete").then(|| policy.to_owned())
    }

    /// Whether this is a version of `function`, which goes with it, whatever policy keeps it: Lambda deletes a
    /// function with all of its versions.
    pub(crate) fn is_version_of(&self, function: &PlannedResource) -> bool {
        // arn:…:function:NAME:1
        self.resource_type == "AWS::Lambda::Version"
            && function.resource_type == "AWS::Lambda::Function"
            && self.physical_id.rsplit(':').nth(1) == Some(&function.physical_id)
    }

    /// The same as kept by `policy`.
    pub(crate) fn retained(self, policy: String, region: &str) -> RetainedResource {
        let removal = match self.resource_type.as_str() {
            "AWS::S3::Bucket" => bucket_removal(&self.physical_id, region),
            "AWS::DynamoDB::Table" => table_removal(&quoted(&self.physical_id), region),
            "AWS::Cognito::UserPool" => user_pool_removal(&quoted(&self.physical_id), region),
            _ => format!("{} --region {region}", self.removal()),
        };
        RetainedResource { resource: self, policy, removal }
    }

    fn removal(&self) -> String {
        let id = quoted(&self.physical_id);
        match self.resource_type.as_str() {
            "AWS::Logs::LogGroup" => format!("aws logs delete-log-group --log-group-name {id}"),
            "AWS::SecretsManager::Secret" => format!("aws secretsmanager delete-secret --secret-id {id}"),
            "AWS::KMS::Key" => format!("aws kms schedule-key-deletion --key-id {id}"),
            "AWS::RDS::DBCluster" => {
                format!("aws rds describe-db-cluster-snapshots --db-cluster-identifier {id}")
            }
            "AWS::RDS::DBInstance" => format!("aws rds describe-db-snapshots --db-instance-identifier {id}"),
            kind => format!("aws cloudcontrol delete-resource --type-name {kind} --identifier {id}"),
        }
    }
}

/// A bucket must be empty of all versions first; this empties it of up to 1,000 at a time.
fn bucket_removal(name: &str, region: &str) -> String {
    let all = "{Objects: [Versions, DeleteMarkers][].{Key: Key, VersionId: VersionId}}";
    let bucket = format!("--bucket {name} --region {region}");
    format!(
        "aws s3api delete-objects {bucket} --delete \"$(aws s3api list-object-versions {bucket} \
         --max-items 1000 --output json --query '{all}')\"; aws s3api delete-bucket {bucket}"
    )
}

/// What is worth keeping is often protected against deletion, which has to end first.
fn table_removal(name: &str, region: &str) -> String {
    let table = format!("--table-name {name} --region {region}");
    format!(
        "aws dynamodb update-table {table} --no-deletion-protection-enabled; aws dynamodb wait table-exists {table}; \
         aws dynamodb delete-table {table}"
    )
}

/// The same for the users; the other settings, which this resets, go with the pool.
fn user_pool_removal(id: &str, region: &str) -> String {
    let pool = format!("--user-pool-id {id} --region {region}");
    format!(
        "aws cognito-idp update-user-pool {pool} --deletion-protection INACTIVE; aws cognito-idp delete-user-pool {pool}"
    )
}

/// The text as one word of a shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn resource(logical_id: &str, resource_type: &str) -> PlannedResource {
        PlannedResource {
            logical_id: logical_id.to_owned(),
            physical_id: "the one".to_owned(),
            resource_type: resource_type.to_owned(),
        }
    }

    #[test]
    fn the_template_says_what_is_kept() {
        let template = json!({"Resources": {
            "Kept": {"DeletionPolicy": "RetainExceptOnCreate"},
            "Gone": {"DeletionPolicy": "Delete"},
            "Unsaid": {},
            "Member": {"Properties": {"DBClusterIdentifier": "c"}},
        }});
        let policy = |id: &str, kind: &str| resource(id, kind).keeping_policy(&template);
        assert_eq!(policy("Kept", "AWS::S3::Bucket").as_deref(), Some("RetainExceptOnCreate"));
        assert_eq!(policy("Gone", "AWS::RDS::DBCluster"), None);
        assert_eq!(policy("Unsaid", "AWS::S3::Bucket"), None);
        assert_eq!(policy("Unsaid", "AWS::RDS::DBInstance").as_deref(), Some("Snapshot"));
        assert_eq!(policy("Member", "AWS::RDS::DBInstance"), None);
    }

    #[test]
    fn a_version_goes_with_its_function() {
        let mut version = resource("GateVersion", "AWS::Lambda::Version");
        version.physical_id = "arn:aws:lambda:us-east-1:111122223333:function:the one:3".to_owned();
        assert!(version.is_version_of(&resource("Gate", "AWS::Lambda::Function")));
        version.physical_id = "arn:aws:lambda:us-east-1:111122223333:function:another one:3".to_owned();
        assert!(!version.is_version_of(&resource("Gate", "AWS::Lambda::Function")));
    }

    #[test]
    fn a_removal_is_a_command_that_a_shell_understands() {
        let removal = |kind| resource("Kept", kind).retained("Retain".to_owned(), "eu-west-1").removal;
        assert_eq!(
            removal("AWS::Logs::LogGroup"),
            "aws logs delete-log-group --log-group-name 'the one' --region eu-west-1"
        );
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }

    #[test]
    fn protection_ends_before_the_protected() {
        let removal = |kind| resource("Kept", kind).retained("Retain".to_owned(), "eu-west-1").removal;
        let table = removal("AWS::DynamoDB::Table");
        let pool = removal("AWS::Cognito::UserPool");
        assert!(table.starts_with(
            "aws dynamodb update-table --table-name 'the one' --region eu-west-1 --no-deletion-protection-enabled; "
        ));
        assert!(table.ends_with("; aws dynamodb delete-table --table-name 'the one' --region eu-west-1"));
        assert!(pool.starts_with(
            "aws cognito-idp update-user-pool --user-pool-id 'the one' --region eu-west-1 --deletion"
        ));
        assert!(
            pool.ends_with("; aws cognito-idp delete-user-pool --user-pool-id 'the one' --region eu-west-1")
        );
    }
}
