//! Reads the pinned packages: the resource schemas, and what `Ref` returns.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use serde::Deserialize;
use serde_json::Value;
use zip::ZipArchive;

const SCHEMA_FOLDER: &str = "cfnlint/data/schemas/resources/";
const SPEC_FILE: &str = "package/db.json.gz";

/// Every resource type's JSON schema, by type name.
pub(crate) fn schemas(wheel: &[u8]) -> Result<BTreeMap<String, Value>> {
    let mut archive =
        ZipArchive::new(Cursor::new(wheel)).context("the wheel of cfn-lint is no zip archive")?;
    let files = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned()));
    let names: Vec<String> = files.filter(|name| is_schema(name)).collect();
    let mut schemas = BTreeMap::new();
    for name in names {
        let mut text = String::new();
        archive.by_name(&name)?.read_to_string(&mut text)?;
        let schema: Value = serde_json::from_str(&text).with_context(|| format!("`{name}` is no JSON"))?;
        let type_name = schema["typeName"].as_str().filter(|name| is_resource_type(name)).map(str::to_owned);
        schemas.extend(type_name.map(|type_name| (type_name, schema)));
    }
    Ok(schemas)
}

fn is_schema(name: &str) -> bool {
    name.strip_prefix(SCHEMA_FOLDER).is_some_and(|file| Path::new(file).extension() == Some("json".as_ref()))
}

/// `AWS::Service::Thing`, but neither SAM's macros nor the CDK's metadata, which are no resources of CloudFormation's.
fn is_resource_type(name: &str) -> bool {
    let own = name.starts_with("AWS::") && name.split("::").count() == 3;
    own && !name.starts_with("AWS::Serverless::") && name != "AWS::CDK::Metadata"
}

/// The names of the properties or attributes whose values `Ref` returns, for the types where the specification says so.
pub(crate) fn references(package: &[u8]) -> Result<BTreeMap<String, Vec<String>>> {
    let packed = file_in_tar(GzDecoder::new(package), SPEC_FILE)?;
    let mut text = Vec::new();
    GzDecoder::new(packed.as_slice()).read_to_end(&mut text)?;
    let spec: Spec =
        serde_json::from_slice(&text).with_context(|| format!("`{SPEC_FILE}` has another shape"))?;
    let resources = spec.schema.resource.entities.into_iter();
    Ok(resources.filter_map(|resource| Some((resource.type_name, resource.reference?))).collect())
}

/// The part of the specification that is read; everything else is skipped.
#[derive(Deserialize)]
struct Spec {
    schema: Tables,
}

#[derive(Deserialize)]
struct Tables {
    resource: Table,
}

#[derive(Deserialize)]
struct Table {
    entities: Vec<SpecResource>,
}

#[derive(Deserialize)]
struct SpecResource {
    #[serde(rename = "cloudFormationType")]
    type_name: String,
    #[serde(rename = "cfnRefIdentifier")]
    reference: Option<Vec<String>>,
}

fn file_in_tar(tar: impl Read, wanted: &str) -> Result<Vec<u8>> {
    let mut archive = tar::Archive::new(tar);
    for entry in archive.entries().context("the package is no tar archive")? {
        let mut entry = entry?;
        if entry.path()?.to_str() == Some(wanted) {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            return Ok(bytes);
        }
    }
    anyhow::bail!("the package holds no `{wanted}`\nhint: its layout has changed; see `source.rs`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cloudformations_own_types_count() {
        for (name, expect) in [
            ("AWS::S3::Bucket", true),
            ("AWS::Serverless::Function", false),
            ("AWS::CDK::Metadata", false),
            ("Alexa::ASK::Skill", false),
            ("AWS::SSMContacts::Contact::Part", false),
        ] {
            assert_eq!(is_resource_type(name), expect, "{name}");
        }
    }
}
