//! Resources that hold data, and say nothing about its end.

use crate::finding::Findings;
use crate::model::{Model, Resource};
use crate::rule::rule;

rule! {
    /// A resource that holds data without saying what becomes of the data
    ///
    /// # Why
    /// Whoever removes the resource from the template, deletes the stack or changes a property that needs a
    /// replacement loses what it holds. `DeletionPolicy` and `UpdateReplacePolicy` say in the template what is meant:
    /// `Retain` where the data matters, `Delete` where it does not.
    ///
    /// # Bad
    /// ```yaml
    /// Resources:
    ///   Secret:
    ///     Type: AWS::SecretsManager::Secret
    /// ```
    ///
    /// # Good
    /// ```yaml
    /// Resources:
    ///   Secret:
    ///     Type: AWS::SecretsManager::Secret
    ///     DeletionPolicy: Retain
    ///     UpdateReplacePolicy: Retain
    /// ```
    ///
    /// # See
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>
    "stateful-without-deletion-policy", Warning, check
}

/// Types that hold what people would miss.
const STATEFUL: &[&str] = &[
    "AWS::Backup::BackupVault",
    "AWS::Cassandra::Table",
    "AWS::CodeCommit::Repository",
    "AWS::Cognito::UserPool",
    "AWS::DSQL::Cluster",
    "AWS::DocDB::DBCluster",
    "AWS::DocDBElastic::Cluster",
    "AWS::DynamoDB::GlobalTable",
    "AWS::DynamoDB::Table",
    "AWS::EC2::Volume",
    "AWS::ECR::Repository",
    "AWS::EFS::FileSystem",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::ServerlessCache",
    "AWS::Elasticsearch::Domain",
    "AWS::FSx::FileSystem",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::MSK::Cluster",
    "AWS::MemoryDB::Cluster",
    "AWS::Neptune::DBCluster",
    "AWS::OpenSearchServerless::Collection",
    "AWS::OpenSearchService::Domain",
    "AWS::QLDB::Ledger",
    "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance",
    "AWS::Redshift::Cluster",
    "AWS::RedshiftServerless::Namespace",
    "AWS::S3::Bucket",
    "AWS::S3Express::DirectoryBucket",
    "AWS::S3Tables::TableBucket",
    "AWS::SDB::Domain",
    "AWS::SecretsManager::Secret",
    "AWS::Timestream::InfluxDBInstance",
    "AWS::Timestream::Table",
];

fn check(model: &Model<'_>, findings: &mut Findings<'_>) {
    for resource in model.resources().iter().filter(|resource| holds_data(resource)) {
        let absent = absent(resource);
        if !absent.is_empty() {
            findings.report_key(
                resource.place,
                format!("`{}` holds data, and {} not set", resource.id, absent.join(" and ") + verb(&absent)),
                "say what becomes of the data: `Retain`, or `Delete` where nobody would miss it",
            );
        }
    }
}

/// An instance of a cluster holds nothing itself, and a replica nothing of its own.
fn holds_data(resource: &Resource<'_>) -> bool {
    let elsewhere = ["DBClusterIdentifier", "SourceDBInstanceIdentifier"];
    let is_part = resource.type_name == "AWS::RDS::DBInstance"
        && elsewhere.iter().any(|name| resource.property(name).is_some());
    STATEFUL.contains(&resource.type_name) && !is_part
}

fn absent(resource: &Resource<'_>) -> Vec<&'static str> {
    let policies = [("DeletionPolicy", "`DeletionPolicy`"), ("UpdateReplacePolicy", "`UpdateReplacePolicy`")];
    policies
        .into_iter()
        .filter(|(name, _)| resource.attribute(name).is_none())
        .map(|(_, quoted)| quoted)
        .collect()
}

fn verb(subjects: &[&str]) -> &'static str {
    if subjects.len() == 1 { " is" } else { " are" }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::testing::check;

    #[test]
    fn both_policies_are_wanted() {
        let template = "\
Resources:
  Table:
    Type: AWS::DynamoDB::Table
  Half:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
  Whole:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
  Stateless:
    Type: AWS::SNS::Topic
";
        let expect = [
            "2:3 `Table` holds data, and `DeletionPolicy` and `UpdateReplacePolicy` are not set",
            "4:3 `Half` holds data, and `UpdateReplacePolicy` is not set",
        ];
        check(RULE, template, &expect);
    }
    #[test]
    fn an_instance_of_a_cluster_holds_nothing_itself() {
        let template = "\
Resources:
  Alone: {Type: AWS::RDS::DBInstance, Properties: {Engine: postgres}}
  Member: {Type: AWS::RDS::DBInstance, Properties: {DBClusterIdentifier: !Ref Cluster}}
  Replica: {Type: AWS::RDS::DBInstance, Properties: {SourceDBInstanceIdentifier: !Ref Alone}}
";
        let found = "2:3 `Alone` holds data, and `DeletionPolicy` and `UpdateReplacePolicy` are not set";
        check(RULE, template, &[found]);
    }
}
