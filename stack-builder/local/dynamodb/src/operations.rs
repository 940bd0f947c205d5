//! The operations that are answered, each with how it runs and what it touches.

use crate::request::read;
use dynoxide::actions::create_table::CreateTableRequest;
use dynoxide::{Database, DynoxideError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Where a request names the tables that it touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// Nowhere: the account as a whole.
    Nowhere,
    /// `TableName`.
    Table,
    /// `TableName`, and `IndexName` when an index is read.
    Index,
    /// The keys of `RequestItems`.
    Batch,
    /// `TransactItems`, each with its own action.
    Transaction,
    /// `PartiQL`, in `Statement`, `Statements` or `TransactStatements`.
    Statements,
    /// `ResourceArn`.
    Resource,
    /// `StreamArn`, or `TableName` for a list.
    Stream,
    /// Within `ShardIterator`.
    Iterator,
}

type Run = fn(&Database, Value) -> Result<String, DynoxideError>;

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    /// As in `X-Amz-Target`.
    pub(crate) name: &'static str,
    /// Where the tables stand.
    pub(crate) names: Names,
    /// Whether it takes microseconds, however much the tables hold.
    pub(crate) quick: bool,
    /// Whether the answer has ARNs, or names of tables.
    pub(crate) describes: bool,
    /// Runs it; the answer is JSON.
    pub(crate) run: Run,
}

impl Operation {
    const fn item(name: &'static str, names: Names, run: Run) -> Self {
        Self { name, names, quick: false, describes: false, run }
    }

    const fn describing(name: &'static str, names: Names, run: Run) -> Self {
        Self { name, names, quick: false, describes: true, run }
    }

    const fn quick(mut self) -> Self {
        self.quick = true;
        self
    }
}

fn run<T: DeserializeOwned, R: Serialize>(
    operation: &str,
    body: Value,
    act: impl FnOnce(T) -> Result<R, DynoxideError>,
) -> Result<String, DynoxideError> {
    let answer = act(read(operation, body)?)?;
    serde_json::to_string(&answer).map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

macro_rules! operation {
    ($kind:ident $name:literal $names:ident $method:ident) => {
        Operation::$kind($name, Names::$names, |database, body| run($name, body, |r| database.$method(r)))
    };
}

/// All of them; those of a single item first, as they are called most.
static OPERATIONS: &[Operation] = &[
    operation!(item "GetItem" Table get_item).quick(),
    operation!(item "PutItem" Table put_item).quick(),
    operation!(item "UpdateItem" Table update_item).quick(),
    operation!(item "DeleteItem" Table delete_item).quick(),
    operation!(item "Query" Index query),
    operation!(item "Scan" Index scan),
    operation!(item "BatchGetItem" Batch batch_get_item),
    operation!(item "BatchWriteItem" Batch batch_write_item),
    operation!(item "TransactGetItems" Transaction transact_get_items),
    operation!(item "TransactWriteItems" Transaction transact_write_items),
    operation!(item "ExecuteStatement" Statements execute_statement),
    operation!(item "BatchExecuteStatement" Statements batch_execute_statement),
    operation!(item "ExecuteTransaction" Statements execute_transaction),
    operation!(item "SearchVectors" Index search_vectors),
    operation!(describing "DescribeTable" Table describe_table),
    Operation::describing("CreateTable", Names::Table, create_table),
    operation!(describing "UpdateTable" Table update_table),
    operation!(describing "DeleteTable" Table delete_table),
    operation!(describing "ListTables" Nowhere list_tables),
    operation!(item "DescribeTimeToLive" Table describe_time_to_live).quick(),
    operation!(item "UpdateTimeToLive" Table update_time_to_live).quick(),
    operation!(item "TagResource" Resource tag_resource).quick(),
    operation!(item "UntagResource" Resource untag_resource).quick(),
    operation!(item "ListTagsOfResource" Resource list_tags_of_resource).quick(),
    operation!(describing "ListStreams" Stream list_streams),
    operation!(describing "DescribeStream" Stream describe_stream),
    operation!(item "GetShardIterator" Stream get_shard_iterator),
    operation!(describing "GetRecords" Iterator get_records),
    Operation::item("DescribeContinuousBackups", Names::Table, crate::account::continuous_backups).quick(),
    Operation::item("DescribeLimits", Names::Nowhere, crate::account::limits).quick(),
    Operation::item("DescribeEndpoints", Names::Nowhere, crate::account::endpoints).quick(),
];

/// Without a billing mode a table is provisioned, and must say for how much.
fn create_table(database: &Database, body: Value) -> Result<String, DynoxideError> {
    run("CreateTable", body, |request: CreateTableRequest| {
        let on_demand = request.billing_mode.as_deref() == Some("PAY_PER_REQUEST");
        if !on_demand && request.provisioned_throughput.is_none() {
            let message = "No provisioned throughput specified for the table".to_owned();
            return Err(DynoxideError::ValidationException(message));
        }
        database.create_table(request)
    })
}

/// The operation of a target such as `DynamoDB_20120810.GetItem`.
pub(crate) fn find(target: &str) -> Option<&'static Operation> {
    let (service, name) = target.split_once('.')?;
    let operation = named(name)?;
    let streams = matches!(name, "ListStreams" | "DescribeStream" | "GetShardIterator" | "GetRecords");
    let of = if streams { "DynamoDBStreams_20120810" } else { "DynamoDB_20120810" };
    (service == of).then_some(operation)
}

/// The operation of this name.
pub(crate) fn named(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// Runs an operation on our own behalf.
pub(crate) fn perform(database: &Database, name: &str, body: Value) -> Result<Value, DynoxideError> {
    let unknown = || DynoxideError::InternalServerError(format!("no operation `{name}`"));
    let answer = (named(name).ok_or_else(unknown)?.run)(database, body)?;
    serde_json::from_str(&answer).map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_one_of_its_service() {
        assert_eq!(find("DynamoDB_20120810.Query").map(|found| found.name), Some("Query"));
        assert_eq!(find("DynamoDBStreams_20120810.GetRecords").map(|found| found.name), Some("GetRecords"));
        for wrong in ["Query", "DynamoDB_20120810.GetRecords", "DynamoDB_20111205.Query", "", "."] {
            assert!(find(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn no_operation_stands_twice() {
        let mut names: Vec<_> = OPERATIONS.iter().map(|operation| operation.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), OPERATIONS.len());
    }
}
