//! What the gate of the captain's log must know.

use crate::{ConfigError, Region, TableName};
use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, IgnoredAny, MapAccess, Visitor},
    ser::SerializeStruct,
};
use std::fmt;

const FIELDS: [&str; 2] = ["region", "sessionsTable"];

/// Where the sessions are: `{"region": "eu-central-1", "sessionsTable": "captains-log-dev-sessions"}`.
///
/// The region is the table's own; a function at the edge runs in whichever region is near the visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionGate {
    region: Region,
    sessions_table: TableName,
}

impl SessionGate {
    /// Checks both names.
    ///
    /// # Errors
    /// A [`ConfigError`] for the first name that AWS could not have given.
    pub fn new(region: impl Into<String>, sessions_table: impl Into<String>) -> Result<Self, ConfigError> {
        Ok(Self { region: Region::new(region)?, sessions_table: TableName::new(sessions_table)? })
    }

    /// The region of the table.
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// The table of sessions, keyed `session-id`.
    pub fn sessions_table(&self) -> &TableName {
        &self.sessions_table
    }
}

impl Serialize for SessionGate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("SessionGate", FIELDS.len())?;
        object.serialize_field(FIELDS[0], self.region.as_str())?;
        object.serialize_field(FIELDS[1], self.sessions_table.as_str())?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for SessionGate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("SessionGate", &FIELDS, Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = SessionGate;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with `region` and `sessionsTable`")
    }

    /// Unknown fields are passed over: an archive may be newer than its reader by one field.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SessionGate, A::Error> {
        let [mut region, mut table] = [None::<String>, None];
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "region" => region = Some(map.next_value()?),
                "sessionsTable" => table = Some(map.next_value()?),
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let region = region.ok_or_else(|| A::Error::missing_field(FIELDS[0]))?;
        let table = table.ok_or_else(|| A::Error::missing_field(FIELDS[1]))?;
        SessionGate::new(region, table).map_err(A::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_stack_bakes_the_handler_reads() {
        let gate = SessionGate::new("eu-central-1", "captains-log-dev-sessions").unwrap();
        let text = serde_json::to_string(&gate).unwrap();
        assert_eq!(text, r#"{"region":"eu-central-1","sessionsTable":"captains-log-dev-sessions"}"#);
        assert_eq!(serde_json::from_str::<SessionGate>(&text).unwrap(), gate);
    }

    #[test]
    fn reading_checks_as_making_does() {
        let read = |value: serde_json::Value| serde_json::from_value::<SessionGate>(value);
        for (value, expect) in [
            (json!({"region": "eu-central-1"}), "missing field `sessionsTable`"),
            (json!({"sessionsTable": "abc"}), "missing field `region`"),
            (json!({"region": "mars", "sessionsTable": "abc"}), "`mars` is no region"),
            (json!({"region": "us-east-1", "sessionsTable": "${T}"}), "`${T}` is no table name"),
            (json!({"region": 1, "sessionsTable": "abc"}), "invalid type"),
            (json!([]), "an object with `region`"),
        ] {
            let error = read(value.clone()).unwrap_err().to_string();
            assert!(error.contains(expect), "{value}: {error}");
        }
        assert!(read(json!({"region": "us-east-1", "sessionsTable": "abc", "later": [1]})).is_ok());
    }
}
