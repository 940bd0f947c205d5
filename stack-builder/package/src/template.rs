//! A stack's template, whose slots receive the location of the packaged assets.

use crate::PackageError;
use serde_json::Value;
use serde_json::map::Entry;
use stack_builder_assembly::{AssetPart, AssetSlot, CloudAssembly, PackagedAsset, StackArtifact};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// A synthesized template in memory.
pub(crate) struct Template<'a> {
    pub(crate) stack: &'a StackArtifact,
    body: Value,
}

impl<'a> Template<'a> {
    /// Reads the template of `stack` and checks that every slot leads somewhere.
    pub(crate) fn read(assembly: &CloudAssembly, stack: &'a StackArtifact) -> Result<Self, PackageError> {
        let mut body = assembly.template(stack)?;
        for slot in &stack.asset_slots {
            if place(&mut body, slot).is_none() {
                return Err(nowhere(stack, slot));
            }
        }
        Ok(Self { stack, body })
    }

    /// Fills the slots in and writes the packaged template, unless the same bytes are there already.
    ///
    /// Gives the path when it wrote.
    pub(crate) fn write(
        mut self,
        assembly: &CloudAssembly,
        packaged: &BTreeMap<String, PackagedAsset>,
    ) -> Result<Option<PathBuf>, PackageError> {
        for slot in &self.stack.asset_slots {
            let (Some(place), Some(asset)) = (place(&mut self.body, slot), packaged.get(&slot.asset)) else {
                return Err(nowhere(self.stack, slot));
            };
            *place = match slot.part {
                AssetPart::Location => asset.object_key().into(),
                AssetPart::Sha256 => asset.sha256.clone().into(),
            };
        }
        let path = assembly.directory().join(self.stack.packaged_template());
        if stands(&path, &self.body) {
            return Ok(None);
        }
        assembly.write_packaged_template(self.stack, &self.body)?;
        Ok(Some(path))
    }
}

/// Whether `path` holds what [`stack_builder_assembly::write_json`] would write for `value`.
///
/// Compared as text, because values that differ only in the order of their keys are equal as values.
pub(crate) fn stands<T: serde::Serialize>(path: &PathBuf, value: &T) -> bool {
    let Ok(found) = fs::read(path) else { return false };
    serde_json::to_vec_pretty(value).is_ok_and(|text| found.strip_suffix(b"\n") == Some(text.as_slice()))
}

/// The value that a slot stands for.
fn place<'v>(body: &'v mut Value, slot: &AssetSlot) -> Option<&'v mut Value> {
    let resource = ["Resources", &slot.logical_id, "Properties"];
    let properties = resource.into_iter().try_fold(body, |value, key| value.get_mut(key))?;
    let property = properties.as_object_mut()?.entry(slot.property.as_str());
    match slot.part {
        AssetPart::Location => match property {
            Entry::Occupied(code) => {
                Some(code.into_mut().as_object_mut()?.entry("S3Key").or_insert(Value::Null))
            }
            Entry::Vacant(_) => None,
        },
        AssetPart::Sha256 => Some(property.or_insert(Value::Null)),
    }
}

fn nowhere(stack: &StackArtifact, slot: &AssetSlot) -> PackageError {
    PackageError::SlotNowhere {
        stack: stack.name.clone(),
        path: format!("Resources.{}.Properties.{}", slot.logical_id, slot.property),
        asset: slot.asset.clone(),
    }
}
