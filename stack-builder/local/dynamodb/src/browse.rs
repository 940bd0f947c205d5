//! Tables and items for the console.

use crate::operations::perform;
use crate::tables::Tables;
use serde_json::{Value, json};
use stack_builder_local_core::ResourceId;

/// A table as the console shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableInfo {
    /// Its name.
    pub name: String,
    /// The resource of the template; `None` for one that a program made.
    pub resource: Option<ResourceId>,
    /// Number of items.
    pub items: u64,
    /// Bytes of the items.
    pub bytes: u64,
    /// Attributes of its key with their kinds, `HASH` or `RANGE`, and types, `S`, `N` or `B`.
    pub key: Vec<(String, String, String)>,
    /// Names of the indexes.
    pub indexes: Vec<String>,
    /// The attribute that tells when an item expires.
    pub ttl: Option<String>,
}

impl Tables {
    /// All tables that the application sees, by name. Counts their items, which takes a while for big ones.
    pub fn tables(&self) -> Vec<TableInfo> {
        let stats = self.0.database.table_stats().unwrap_or_default();
        let seen = stats.into_iter().filter(|table| !self.0.is_retired(&table.table_name));
        seen.filter_map(|table| {
            let definition = self.0.definition(&table.table_name)?;
            let kind = |name: &String| definition.attributes.get(name).cloned().unwrap_or_default();
            let key = definition.key.iter().map(|(name, role)| (name.clone(), role.clone(), kind(name)));
            Some(TableInfo {
                resource: self.0.resource(&table.table_name),
                items: u64::try_from(table.item_count).unwrap_or_default(),
                bytes: table.size_bytes,
                key: key.collect(),
                indexes: definition.global.keys().chain(definition.local.keys()).cloned().collect(),
                ttl: definition.ttl.clone(),
                name: table.table_name,
            })
        })
        .collect()
    }

    /// Up to `limit` items of a table: `{"Items": […], "LastEvaluatedKey": {…}}`, where the key, absent at the end, is
    /// the `start` of the next page. Attributes are as DynamoDB's API has them.
    ///
    /// # Errors
    /// The reason for people, when there is no such table or the key is none of its.
    pub fn scan_page(&self, table: &str, start: Option<Value>, limit: usize) -> Result<Value, String> {
        if self.0.is_retired(table) {
            return Err(format!("there is no table `{table}`"));
        }
        let mut request = json!({ "TableName": table, "Limit": limit.max(1) });
        if let Some(start) = start {
            request["ExclusiveStartKey"] = start;
        }
        let mut page = perform(&self.0.database, "Scan", request).map_err(|error| error.to_string())?;
        if let Some(page) = page.as_object_mut() {
            page.retain(|member, _| member == "Items" || member == "LastEvaluatedKey");
        }
        Ok(page)
    }
}
