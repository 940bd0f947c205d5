//! DynamoDB tables: on demand, encrypted, recoverable.

use super::protection;
use crate::construct::Construct;
use crate::grant::Grant;
use crate::scope::Scope;
use stack_builder_cfn::dynamodb::{self, table as nested};
use stack_builder_cfn::{Attributes, IntoValue, RemovalPolicy, Value, intrinsic, pseudo};

/// A key attribute of a table: a string unless made by another function.
#[derive(Clone, Debug)]
pub struct TableKey {
    name: String,
    of: nested::AttributeType,
}

impl TableKey {
    /// A key of numbers.
    pub fn number(name: &str) -> Self {
        Self { name: name.to_owned(), of: nested::AttributeType::N }
    }

    /// A key of bytes.
    pub fn binary(name: &str) -> Self {
        Self { name: name.to_owned(), of: nested::AttributeType::B }
    }
}

impl From<&str> for TableKey {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), of: nested::AttributeType::S }
    }
}

/// A DynamoDB table: paid by request, encrypted with the account's key for DynamoDB, with point-in-time recovery.
///
/// It stays when it leaves the stack unless [`removal_policy`](Self::removal_policy) says otherwise.
#[must_use = "a construct does nothing until it is added"]
pub struct Table {
    l1: dynamodb::Table,
}

impl Table {
    /// A table whose items are found by the partition key `partition`.
    #[track_caller]
    pub fn keyed_by(partition: impl Into<TableKey>) -> Self {
        let key = partition.into();
        let l1 = dynamodb::Table::new()
            .billing_mode(nested::BillingMode::PayPerRequest)
            .add_attribute_definitions(|a| a.attribute_name(&key.name).attribute_type(key.of))
            .add_key_schema(|k| k.attribute_name(&key.name).key_type(nested::KeyType::Hash))
            .sse_specification_with(|sse| sse.sse_enabled(true))
            .point_in_time_recovery_specification_with(|recovery| {
                recovery.point_in_time_recovery_enabled(true)
            })
            .removal_policy(RemovalPolicy::RetainExceptOnCreate);
        Self { l1 }
    }

    /// Sorts the items of a partition by `key`.
    #[track_caller]
    pub fn sorted_by(mut self, key: impl Into<TableKey>) -> Self {
        let key = key.into();
        self.l1 = self
            .l1
            .add_attribute_definitions(|a| a.attribute_name(&key.name).attribute_type(key.of))
            .add_key_schema(|k| k.attribute_name(&key.name).key_type(nested::KeyType::Range));
        self
    }

    /// Has DynamoDB remove an item some time after the epoch second in its number attribute `attribute`.
    ///
    /// Removal can be days late: a reader must compare the attribute with the clock itself.
    #[track_caller]
    pub fn expires_by(mut self, attribute: &str) -> Self {
        self.l1 = self.l1.time_to_live_specification_with(|ttl| ttl.attribute_name(attribute).enabled(true));
        self
    }

    /// A name of its own for the table, for those who must know it before it is there.
    ///
    /// It has to be unique in the account and region, and a change of the key then needs another name.
    #[track_caller]
    pub fn name(mut self, name: impl IntoValue<String>) -> Self {
        self.l1 = self.l1.table_name(name);
        self
    }

    /// Does without point-in-time recovery, which costs about as much as the storage: for what can be made again.
    #[track_caller]
    pub fn without_recovery(mut self) -> Self {
        self.l1 = self.l1.point_in_time_recovery_specification_with(|recovery| {
            recovery.point_in_time_recovery_enabled(false)
        });
        self
    }

    /// Refuses deletion, also by people and by the rollback of its own creation, until this is lifted.
    #[track_caller]
    pub fn deletion_protection(mut self) -> Self {
        self.l1 = self.l1.deletion_protection_enabled(true);
        self
    }

    /// What becomes of the table when it leaves the stack: it stays, unless said otherwise or its very creation
    /// fails.
    #[track_caller]
    pub fn removal_policy(mut self, policy: RemovalPolicy) -> Self {
        self.l1 = self.l1.removal_policy(policy);
        self
    }

    /// Changes the CloudFormation resource underneath.
    #[track_caller]
    pub fn l1(mut self, change: impl FnOnce(dynamodb::Table) -> dynamodb::Table) -> Self {
        self.l1 = change(self.l1);
        self
    }
}

impl Construct for Table {
    type Handle = TableRef;

    fn build(self, scope: &mut Scope) -> TableRef {
        let l1 = scope.resource(protection::kept(self.l1, "DeletionProtectionEnabled"));
        TableRef { name: l1.reference(), arn: l1.arn() }
    }
}

/// A handle on a table.
#[derive(Clone, Debug)]
pub struct TableRef {
    name: Value<String>,
    arn: Value<String>,
}

impl TableRef {
    /// A table of this account and region that something else made.
    pub fn from_name(name: impl IntoValue<String>) -> Self {
        Self::from_name_in(pseudo::region(), name)
    }

    /// A table of this account in another region, such as the application's for a function at the edge.
    pub fn from_name_in(region: impl IntoValue<String>, name: impl IntoValue<String>) -> Self {
        let name = name.into_value();
        let arn = intrinsic::sub(
            "arn:${AWS::Partition}:dynamodb:${region}:${AWS::AccountId}:table/${name}",
            [("region", region.into_value()), ("name", name.clone())],
        );
        Self { name, arn }
    }

    /// Its name.
    pub fn name(&self) -> Value<String> {
        self.name.clone()
    }

    /// Its ARN.
    pub fn arn(&self) -> Value<String> {
        self.arn.clone()
    }

    /// Permission to read items by key or partition, but not to scan.
    pub fn read(&self) -> Grant {
        self.allow(["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"])
    }

    /// Permission to write and delete items.
    pub fn write(&self) -> Grant {
        self.allow([
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:BatchWriteItem",
        ])
    }

    /// Permission to do exactly these actions, such as `dynamodb:PutItem`.
    pub fn allow<const N: usize>(&self, actions: [&str; N]) -> Grant {
        Grant::allow(actions, self.arn())
    }
}
