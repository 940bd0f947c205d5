//! One stack: its parameters, conditions, resources and outputs.

use super::Unresolved;
use super::edges;
use super::identity::Identities;
use super::intrinsics::Resolved;
use serde_json::{Value, json};
use stack_builder_local_core::{Note, Resource, ResourceId};
use std::collections::{BTreeMap, BTreeSet};

/// Which resources a resource, or an output, is made of.
pub(crate) type References = BTreeMap<String, BTreeSet<ResourceId>>;

/// A stack that has been evaluated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Evaluated {
    /// Name on the command line: `uploads`.
    pub(crate) name: String,
    /// Name in CloudFormation: `uploads-dev`.
    pub(crate) stack_name: String,
    pub(crate) region: String,
    /// The resources whose condition holds.
    pub(crate) resources: Vec<Resource>,
    pub(crate) outputs: BTreeMap<String, String>,
    /// Exported names, with their values.
    pub(crate) exports: BTreeMap<String, String>,
    /// Parameters with their values; those with `NoEcho` are left out.
    pub(crate) parameters: BTreeMap<String, String>,
    /// Values of the parameters with `NoEcho`, which nobody is shown.
    pub(crate) hidden: BTreeSet<String>,
    /// What each resource refers to, by logical id; also in other stacks.
    pub(crate) references: References,
    /// What each output refers to.
    pub(crate) output_references: References,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) notes: Vec<Note>,
}

/// What names mean inside a template.
pub(crate) struct Scope<'a> {
    pub(crate) stack_name: &'a str,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) template: &'a Value,
    pub(crate) parameters: &'a BTreeMap<String, String>,
    pub(crate) exports: &'a BTreeMap<String, String>,
    /// The resources of other stacks that the parameters are made of.
    pub(crate) origins: &'a References,
    pub(crate) identities: Identities,
}

impl Scope<'_> {
    pub(crate) fn resource(&self, logical_id: &str) -> Result<&Value, Unresolved> {
        let resource = self.template["Resources"].get(logical_id);
        resource.ok_or_else(|| Unresolved(format!("the template has no `{logical_id}`")))
    }

    pub(crate) fn mappings(&self) -> &Value {
        &self.template["Mappings"]
    }

    /// What `Ref` returns.
    pub(crate) fn reference(&self, name: &str) -> Resolved {
        let pseudo = match name {
            "AWS::NoValue" => return Ok(None),
            "AWS::AccountId" => self.account.to_owned(),
            "AWS::Partition" => "aws".to_owned(),
            "AWS::Region" => self.region.to_owned(),
            "AWS::StackId" => self.stack_id(),
            "AWS::StackName" => self.stack_name.to_owned(),
            "AWS::URLSuffix" => "amazonaws.com".to_owned(),
            "AWS::NotificationARNs" => return Ok(Some(json!([]))),
            _ => match self.parameters.get(name) {
                Some(value) => return Ok(Some(self.parameter(name, value))),
                None => self.identities.of(self, name)?.physical_id.clone(),
            },
        };
        Ok(Some(pseudo.into()))
    }

    fn parameter(&self, name: &str, value: &str) -> Value {
        let kind = self.template["Parameters"][name]["Type"].as_str().unwrap_or_default();
        if kind == "CommaDelimitedList" || kind.starts_with("List<") {
            return value.split(',').map(str::trim).collect();
        }
        value.into()
    }

    /// What `Fn::GetAtt` returns.
    pub(crate) fn attribute_of(&self, logical_id: &str, attribute: &str) -> Result<String, Unresolved> {
        let identity = self.identities.of(self, logical_id)?;
        match identity.attributes.get(attribute) {
            Some(value) => Ok(value.clone()),
            None if !identity.known => Ok(format!("{}.{attribute}", identity.physical_id)),
            None => {
                Err(Unresolved(format!("the attribute `{attribute}` of `{logical_id}` is not known here")))
            }
        }
    }

    pub(crate) fn import(&self, name: &str) -> Result<String, Unresolved> {
        let exported = self.exports.get(name).cloned();
        exported.ok_or_else(|| Unresolved(format!("no stack of the application exports `{name}`")))
    }

    pub(crate) fn condition(&self, name: &str) -> Result<bool, Unresolved> {
        let condition = self.template["Conditions"].get(name);
        self.truth(condition.ok_or_else(|| Unresolved(format!("the template has no condition `{name}`")))?)
    }

    pub(crate) fn stack_id(&self) -> String {
        stack_id(self.stack_name, self.region, self.account)
    }

    fn holds(&self, item: &Value) -> Result<bool, Unresolved> {
        item["Condition"].as_str().map_or(Ok(true), |name| self.condition(name))
    }

    /// Resolves everything; what cannot be resolved becomes a note.
    pub(crate) fn evaluate(&self) -> Evaluated {
        let mut evaluated = Evaluated::default();
        for (logical_id, raw) in self.template["Resources"].as_object().into_iter().flatten() {
            let id = ResourceId { stack: self.stack_name.to_owned(), logical_id: logical_id.clone() };
            match self.holds(raw).and_then(|holds| holds.then(|| self.one(&id, raw)).transpose()) {
                Ok(Some(resource)) => {
                    evaluated.resources.push(resource);
                    evaluated.references.insert(logical_id.clone(), self.references(logical_id, raw));
                }
                Ok(None) => {}
                Err(Unresolved(text)) => evaluated.notes.push(Note { resource: id, text }),
            }
        }
        for (name, output) in self.template["Outputs"].as_object().into_iter().flatten() {
            if !self.holds(output).unwrap_or(false) {
                continue;
            }
            // An output that cannot be resolved belongs to a resource that has a note.
            let Ok(value) = self.text(&output["Value"]) else { continue };
            if let Ok(export) = self.text(&output["Export"]["Name"]) {
                evaluated.exports.insert(export, value.clone());
            }
            evaluated.outputs.insert(name.clone(), value);
            evaluated.output_references.insert(name.clone(), self.references("", &output["Value"]));
        }
        let shown = |name: &str| self.template["Parameters"][name]["NoEcho"] != json!(true);
        let (parameters, hidden): (Vec<_>, Vec<_>) =
            self.parameters.iter().partition(|(name, _)| shown(name));
        evaluated.parameters = parameters.into_iter().map(|(name, v)| (name.clone(), v.clone())).collect();
        evaluated.hidden = hidden.into_iter().map(|(_, value)| value.clone()).collect();
        evaluated
    }

    /// The resources that a part of the template refers to, in this stack and behind its parameters.
    fn references(&self, own: &str, raw: &Value) -> BTreeSet<ResourceId> {
        let mut found = BTreeSet::new();
        for name in edges::references(raw).into_iter().filter(|name| name != own) {
            if let Some(origins) = self.origins.get(&name) {
                found.extend(origins.iter().cloned());
            } else if self.template["Resources"].get(&name).is_some() {
                found.insert(ResourceId { stack: self.stack_name.to_owned(), logical_id: name });
            }
        }
        found
    }

    fn one(&self, id: &ResourceId, raw: &Value) -> Result<Resource, Unresolved> {
        let identity = self.identities.of(self, &id.logical_id)?;
        Ok(Resource {
            id: id.clone(),
            kind: raw["Type"].as_str().unwrap_or_default().to_owned(),
            physical_id: identity.physical_id.clone(),
            attributes: identity.attributes.clone(),
            properties: self.resolve(&raw["Properties"])?.unwrap_or_default(),
            metadata: raw["Metadata"].clone(),
        })
    }
}

/// The id of a stack, the same on every run.
pub(crate) fn stack_id(stack_name: &str, region: &str, account: &str) -> String {
    let names = super::names::Names { stack: stack_name, logical_id: "" };
    format!("arn:aws:cloudformation:{region}:{account}:stack/{stack_name}/{}", names.uuid("stack"))
}
