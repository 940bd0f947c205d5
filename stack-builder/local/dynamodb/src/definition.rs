//! What a table is, as a template or the database says.

use dynoxide::TableMetadata;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Attributes of a key with `HASH` or `RANGE`, in order.
pub(crate) type Key = Vec<(String, String)>;

/// A secondary index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) key: Key,
    projection: String,
    beside: BTreeSet<String>,
}

/// A table without its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    pub(crate) key: Key,
    /// Types of attributes, by name.
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) global: BTreeMap<String, Index>,
    pub(crate) local: BTreeMap<String, Index>,
    /// Which images the stream has.
    pub(crate) stream: Option<String>,
    /// The attribute that tells when an item expires.
    pub(crate) ttl: Option<String>,
    /// Reads and writes a second, when they are provisioned.
    pub(crate) throughput: Option<(i64, i64)>,
    pub(crate) protected: bool,
}

impl Definition {
    /// Of a template's properties. Indexes of a global table have the same shape.
    pub(crate) fn of_properties(properties: &Value) -> Self {
        let ttl = &properties["TimeToLiveSpecification"];
        let on_demand = properties["BillingMode"] == "PAY_PER_REQUEST";
        let throughput = &properties["ProvisionedThroughput"];
        Self {
            key: key(&properties["KeySchema"]),
            attributes: attributes(&properties["AttributeDefinitions"]),
            global: indexes(&properties["GlobalSecondaryIndexes"]),
            local: indexes(&properties["LocalSecondaryIndexes"]),
            stream: text(&properties["StreamSpecification"]["StreamViewType"]),
            ttl: text(&ttl["AttributeName"]).filter(|_| flag(&ttl["Enabled"])),
            throughput: (!on_demand && throughput.is_object()).then(|| units(throughput)),
            protected: flag(&properties["DeletionProtectionEnabled"]),
        }
    }

    /// Of the database, which keeps JSON in the shape of requests.
    pub(crate) fn of_metadata(table: &TableMetadata) -> Self {
        let parse = |text: Option<&String>| -> Value {
            text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
        };
        let on_demand = table.billing_mode.as_deref() == Some("PAY_PER_REQUEST");
        let throughput = parse(table.provisioned_throughput.as_ref());
        Self {
            key: key(&parse(Some(&table.key_schema))),
            attributes: attributes(&parse(Some(&table.attribute_definitions))),
            global: indexes(&parse(table.gsi_definitions.as_ref())),
            local: indexes(&parse(table.lsi_definitions.as_ref())),
            stream: table.stream_view_type.clone().filter(|_| table.stream_enabled),
            ttl: table.ttl_attribute.clone().filter(|_| table.ttl_enabled),
            throughput: (!on_demand && throughput.is_object()).then(|| units(&throughput)),
            protected: table.deletion_protection_enabled,
        }
    }

    /// Whether the other can become this one only by being made anew, as CloudFormation would.
    pub(crate) fn replaces(&self, other: &Self) -> bool {
        let types = |table: &Self| -> Vec<Option<String>> {
            let local = self.local.values().flat_map(|index| &index.key);
            self.key.iter().chain(local).map(|(name, _)| table.attributes.get(name).cloned()).collect()
        };
        self.key != other.key || self.local != other.local || types(self) != types(other)
    }

    /// Attribute names of the partition key, of the table or of an index.
    pub(crate) fn partition(&self, index: Option<&str>) -> Vec<String> {
        let of_index = index.and_then(|name| self.global.get(name).or_else(|| self.local.get(name)));
        let key = of_index.map_or(&self.key, |index| &index.key);
        key.iter().filter(|(_, kind)| kind == "HASH").map(|(name, _)| name.clone()).collect()
    }

    /// The members of `CreateTable` beside the name.
    pub(crate) fn creation(&self, name: &str) -> Value {
        let mut request = json!({
            "TableName": name,
            "KeySchema": key_json(&self.key),
            "AttributeDefinitions": self.attributes_json(),
            "DeletionProtectionEnabled": self.protected,
            "BillingMode": "PAY_PER_REQUEST",
        });
        if let Some((read, write)) = self.throughput {
            request["BillingMode"] = "PROVISIONED".into();
            request["ProvisionedThroughput"] = units_json(read, write);
        }
        for (member, indexes) in
            [("GlobalSecondaryIndexes", &self.global), ("LocalSecondaryIndexes", &self.local)]
        {
            if !indexes.is_empty() {
                request[member] = indexes.iter().map(|(name, index)| index.json(name)).collect();
            }
        }
        if let (Some((read, write)), Some(Value::Array(indexes))) =
            (self.throughput, request.get_mut("GlobalSecondaryIndexes"))
        {
            for index in indexes {
                index["ProvisionedThroughput"] = units_json(read, write);
            }
        }
        if let Some(view) = &self.stream {
            request["StreamSpecification"] = json!({ "StreamEnabled": true, "StreamViewType": view });
        }
        request
    }

    pub(crate) fn attributes_json(&self) -> Value {
        let attribute = |(name, kind)| json!({ "AttributeName": name, "AttributeType": kind });
        self.attributes.iter().map(attribute).collect()
    }
}

impl Index {
    fn read(index: &Value) -> Self {
        let projection = &index["Projection"];
        let beside = projection["NonKeyAttributes"].as_array().into_iter().flatten();
        Self {
            key: key(&index["KeySchema"]),
            projection: text(&projection["ProjectionType"]).unwrap_or_default(),
            beside: beside.filter_map(text).collect(),
        }
    }

    /// As requests have it.
    pub(crate) fn json(&self, name: &str) -> Value {
        let mut projection = json!({ "ProjectionType": self.projection });
        if !self.beside.is_empty() {
            projection["NonKeyAttributes"] = self.beside.iter().cloned().collect();
        }
        json!({ "IndexName": name, "KeySchema": key_json(&self.key), "Projection": projection })
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn key(schema: &Value) -> Key {
    let part = |part: &Value| Some((text(&part["AttributeName"])?, text(&part["KeyType"])?));
    list(schema).filter_map(part).collect()
}

fn key_json(key: &Key) -> Value {
    key.iter().map(|(name, kind)| json!({ "AttributeName": name, "KeyType": kind })).collect()
}

fn attributes(definitions: &Value) -> BTreeMap<String, String> {
    let attribute = |one: &Value| Some((text(&one["AttributeName"])?, text(&one["AttributeType"])?));
    list(definitions).filter_map(attribute).collect()
}

fn indexes(indexes: &Value) -> BTreeMap<String, Index> {
    let index = |index: &Value| Some((text(&index["IndexName"])?, Index::read(index)));
    list(indexes).filter_map(index).collect()
}

fn units(throughput: &Value) -> (i64, i64) {
    let read = |member: &str| {
        let value = &throughput[member];
        value.as_i64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(1)
    };
    (read("ReadCapacityUnits"), read("WriteCapacityUnits"))
}

pub(crate) fn units_json(read: i64, write: i64) -> Value {
    json!({ "ReadCapacityUnits": read, "WriteCapacityUnits": write })
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// CloudFormation takes true and false as text too.
fn flag(value: &Value) -> bool {
    value.as_bool().unwrap_or(value == "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_flags_may_be_text() {
        let table = Definition::of_properties(&json!({
            "ProvisionedThroughput": { "ReadCapacityUnits": "5", "WriteCapacityUnits": 2 },
            "TimeToLiveSpecification": { "AttributeName": "until", "Enabled": "true" },
        }));
        assert_eq!((table.throughput, table.ttl.as_deref()), (Some((5, 2)), Some("until")));
    }

    #[test]
    fn only_another_key_needs_another_table() {
        let key = json!([{ "AttributeName": "pk", "KeyType": "HASH" }]);
        let typed = |kind| json!([{ "AttributeName": "pk", "AttributeType": kind }]);
        let table = |kind| json!({ "KeySchema": key, "AttributeDefinitions": typed(kind) });
        let text = Definition::of_properties(&table("S"));
        assert!(text.replaces(&Definition::of_properties(&table("N"))));
        let mut indexed = table("S");
        indexed["GlobalSecondaryIndexes"] = json!([{ "IndexName": "i", "KeySchema": key }]);
        let indexed = Definition::of_properties(&indexed);
        assert!(indexed != text && !indexed.replaces(&text));
    }
}
