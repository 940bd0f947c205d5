//! Templates and their resources as text.

use crate::node::{Node, Source};
use crate::order;
use crate::resource::LogicalId;
use crate::template::{ResourceEntry, Template};
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use std::collections::BTreeMap;

impl Serialize for Template {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("AWSTemplateFormatVersion", "2010-09-09")?;
        if let Some(description) = &self.description {
            map.serialize_entry("Description", description)?;
        }
        section(&mut map, "Metadata", &self.metadata)?;
        section(&mut map, "Parameters", &self.parameters)?;
        section(&mut map, "Mappings", &without_sources(&self.mappings))?;
        section(&mut map, "Conditions", &without_sources(&self.conditions))?;
        section(&mut map, "Rules", &without_sources(&self.rules))?;
        match self.transforms.as_slice() {
            [] => {}
            [one] => map.serialize_entry("Transform", one)?,
            many => map.serialize_entry("Transform", many)?,
        }
        map.serialize_entry("Resources", &Resources(self))?;
        section(&mut map, "Outputs", &self.outputs)?;
        map.end()
    }
}

fn without_sources(entries: &BTreeMap<LogicalId, (Node, Source)>) -> BTreeMap<&LogicalId, &Node> {
    entries.iter().map(|(id, (node, _))| (id, node)).collect()
}

fn section<M: SerializeMap, K: Serialize, V: Serialize>(
    map: &mut M,
    name: &'static str,
    entries: &BTreeMap<K, V>,
) -> Result<(), M::Error> {
    if entries.is_empty() { Ok(()) } else { map.serialize_entry(name, entries) }
}

/// The resources in dependency order: what is referred to stands above what refers to it.
struct Resources<'a>(&'a Template);

impl Serialize for Resources<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for index in order::dependency_order(self.0) {
            let resource = &self.0.resources[index];
            map.serialize_entry(&resource.id, resource)?;
        }
        for (name, body) in &self.0.loops {
            map.serialize_entry(name, body)?;
        }
        map.end()
    }
}

impl Serialize for ResourceEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("Type", &self.type_name)?;
        for entry in self.definition.attributes.entries() {
            map.serialize_entry(&entry.key, &entry.node)?;
        }
        match self.definition.depends_on.as_slice() {
            [] => {}
            [one] => map.serialize_entry("DependsOn", one)?,
            many => map.serialize_entry("DependsOn", many)?,
        }
        if !self.definition.properties.entries().is_empty() {
            map.serialize_entry("Properties", &self.definition.properties)?;
        }
        map.end()
    }
}
