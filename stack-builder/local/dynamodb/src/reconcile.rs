//! Making the database's tables what the template says, without losing an item.

use crate::definition::{Definition, units_json};
use crate::operations::perform;
use dynoxide::{Database, DynoxideError};
use serde_json::{Value, json};

type Done = Result<(), DynoxideError>;

/// What became of a table whose definition changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is as the template says.
    Done,
    /// It has items and another key: it stays as it was.
    Kept,
}

/// Makes a table, or changes it.
pub(crate) fn reconcile(
    database: &Database,
    name: &str,
    wanted: &Definition,
) -> Result<Outcome, DynoxideError> {
    let Some(table) = database.get_table_metadata(name)? else {
        create(database, name, wanted)?;
        return Ok(Outcome::Done);
    };
    let present = Definition::of_metadata(&table);
    if wanted.replaces(&present) {
        if !is_empty(database, name)? {
            return Ok(Outcome::Kept);
        }
        protect(database, name, present.protected, false)?;
        perform(database, "DeleteTable", json!({ "TableName": name }))?;
        create(database, name, wanted)?;
        return Ok(Outcome::Done);
    }
    change(database, name, &present, wanted)?;
    Ok(Outcome::Done)
}

fn create(database: &Database, name: &str, wanted: &Definition) -> Done {
    perform(database, "CreateTable", wanted.creation(name))?;
    expire(database, name, None, wanted.ttl.as_deref())
}

fn is_empty(database: &Database, name: &str) -> Result<bool, DynoxideError> {
    let page = perform(database, "Scan", json!({ "TableName": name, "Limit": 1, "Select": "COUNT" }))?;
    Ok(page["Count"] == 0)
}

fn change(database: &Database, name: &str, present: &Definition, wanted: &Definition) -> Done {
    bill(database, name, present, wanted)?;
    index(database, name, present, wanted)?;
    stream(database, name, present.stream.as_deref(), wanted.stream.as_deref())?;
    protect(database, name, present.protected, wanted.protected)?;
    expire(database, name, present.ttl.as_deref(), wanted.ttl.as_deref())
}

fn update(database: &Database, name: &str, member: &str, value: Value) -> Done {
    perform(database, "UpdateTable", json!({ "TableName": name, member: value })).map(drop)
}

fn bill(database: &Database, name: &str, present: &Definition, wanted: &Definition) -> Done {
    if present.throughput == wanted.throughput {
        return Ok(());
    }
    let Some((read, write)) = wanted.throughput else {
        return update(database, name, "BillingMode", "PAY_PER_REQUEST".into());
    };
    let request = json!({
        "TableName": name,
        "BillingMode": "PROVISIONED",
        "ProvisionedThroughput": units_json(read, write),
    });
    perform(database, "UpdateTable", request).map(drop)
}

/// One index a call, as the service allows no more.
fn index(database: &Database, name: &str, present: &Definition, wanted: &Definition) -> Done {
    for old in present.global.keys().filter(|index| present.global.get(*index) != wanted.global.get(*index)) {
        let deletion = json!([{ "Delete": { "IndexName": old } }]);
        update(database, name, "GlobalSecondaryIndexUpdates", deletion)?;
    }
    for (new, index) in wanted.global.iter().filter(|(name, index)| present.global.get(*name) != Some(index))
    {
        let mut create = index.json(new);
        if let Some((read, write)) = wanted.throughput {
            create["ProvisionedThroughput"] = units_json(read, write);
        }
        let request = json!({
            "TableName": name,
            "AttributeDefinitions": wanted.attributes_json(),
            "GlobalSecondaryIndexUpdates": [{ "Create": create }],
        });
        perform(database, "UpdateTable", request)?;
    }
    Ok(())
}

/// A stream's images cannot change: it is ended, and another begun.
fn stream(database: &Database, name: &str, present: Option<&str>, wanted: Option<&str>) -> Done {
    if present == wanted {
        return Ok(());
    }
    if present.is_some() {
        update(database, name, "StreamSpecification", json!({ "StreamEnabled": false }))?;
    }
    wanted.map_or(Ok(()), |view| {
        let specification = json!({ "StreamEnabled": true, "StreamViewType": view });
        update(database, name, "StreamSpecification", specification)
    })
}

fn protect(database: &Database, name: &str, present: bool, wanted: bool) -> Done {
    if present == wanted {
        return Ok(());
    }
    update(database, name, "DeletionProtectionEnabled", wanted.into())
}

/// The attribute cannot change while it is in use.
fn expire(database: &Database, name: &str, present: Option<&str>, wanted: Option<&str>) -> Done {
    if present == wanted {
        return Ok(());
    }
    let steps = [present.map(|attribute| (attribute, false)), wanted.map(|attribute| (attribute, true))];
    for (attribute, enabled) in steps.into_iter().flatten() {
        let specification = json!({ "AttributeName": attribute, "Enabled": enabled });
        let request = json!({ "TableName": name, "TimeToLiveSpecification": specification });
        perform(database, "UpdateTimeToLive", request)?;
    }
    Ok(())
}
