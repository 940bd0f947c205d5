//! One stack: its parameters, conditions, resources and outputs.

use super::Unresolved;
use super::edges;
use super::identity::Identities;
use super::intrinsics::Resolved;
use serde_json::{Value, json};
use stack_builder_local_core::{Resource, ResourceId};
use std::cell::RefCell;
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
    /// What is not among the resources and outputs, though the template has it.
    pub(crate) left_out: Vec<LeftOut>,
}

/// Something of a template that cannot be had here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeftOut {
    pub(crate) id: ResourceId,
    /// The type of a resource, `Output`, `Parameter`, or `Transform`.
    pub(crate) kind: String,
    pub(crate) reason: String,
}

/// What is known of the conditions; `None` while one is being judged, so that a circle is noticed.
pub(crate) type Conditions = RefCell<BTreeMap<String, Option<bool>>>;

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
    pub(crate) conditions: Conditions,
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
        let kind = stored(kind).unwrap_or(kind);
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
        if let Some(known) = self.conditions.borrow().get(name) {
            return known.ok_or_else(|| Unresolved(format!("the condition `{name}` depends on itself")));
        }
        let condition = self.template["Conditions"].get(name);
        let condition =
            condition.ok_or_else(|| Unresolved(format!("the template has no condition `{name}`")))?;
        self.conditions.borrow_mut().insert(name.to_owned(), None);
        let truth = self.truth(condition);
        match &truth {
            Ok(truth) => self.conditions.borrow_mut().insert(name.to_owned(), Some(*truth)),
            Err(_) => self.conditions.borrow_mut().remove(name),
        };
        truth
    }

    pub(crate) fn stack_id(&self) -> String {
        stack_id(self.stack_name, self.region, self.account)
    }

    fn holds(&self, item: &Value) -> Result<bool, Unresolved> {
        item["Condition"].as_str().map_or(Ok(true), |name| self.condition(name))
    }

    /// Resolves everything; what cannot be resolved is left out, and said so.
    pub(crate) fn evaluate(&self) -> Evaluated {
        let mut evaluated = Evaluated::default();
        for (logical_id, raw) in self.members("Resources") {
            self.take_resource(logical_id, raw, &mut evaluated);
        }
        for (name, output) in self.members("Outputs") {
            if let Err(Unresolved(reason)) = self.take_output(name, output, &mut evaluated) {
                evaluated.left_out.push(self.left_out(name, "Output", reason));
            }
        }
        for (name, value) in self.parameters {
            self.take_parameter(name, value, &mut evaluated);
        }
        for name in transforms(&self.template["Transform"]) {
            let reason = "macros are not run here".to_owned();
            evaluated.left_out.push(self.left_out(name, "Transform", reason));
        }
        evaluated
    }

    fn members(&self, section: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.template[section].as_object().into_iter().flatten()
    }

    fn left_out(&self, name: &str, kind: &str, reason: String) -> LeftOut {
        LeftOut { id: self.id(name), kind: kind.to_owned(), reason }
    }

    fn id(&self, logical_id: &str) -> ResourceId {
        ResourceId { stack: self.stack_name.to_owned(), logical_id: logical_id.to_owned() }
    }

    fn take_resource(&self, logical_id: &str, raw: &Value, evaluated: &mut Evaluated) {
        let Some(kind) = raw["Type"].as_str() else {
            let reason = "`Fn::ForEach` and other macros are not run here".to_owned();
            return evaluated.left_out.push(self.left_out(logical_id, "Resource", reason));
        };
        match self.holds(raw).and_then(|holds| holds.then(|| self.one(logical_id, kind, raw)).transpose()) {
            Ok(Some(resource)) => {
                evaluated.resources.push(resource);
                evaluated.references.insert(logical_id.to_owned(), self.references(logical_id, raw));
            }
            Ok(None) => {}
            Err(Unresolved(reason)) => evaluated.left_out.push(self.left_out(logical_id, kind, reason)),
        }
    }

    fn take_output(&self, name: &str, output: &Value, evaluated: &mut Evaluated) -> Result<(), Unresolved> {
        if !self.holds(output)? {
            return Ok(());
        }
        let value = self.text(&output["Value"])?;
        if let Some(export) = output["Export"].get("Name") {
            evaluated.exports.insert(self.text(export)?, value.clone());
        }
        evaluated.outputs.insert(name.to_owned(), value);
        evaluated.output_references.insert(name.to_owned(), self.references("", &output["Value"]));
        Ok(())
    }

    fn take_parameter(&self, name: &str, value: &str, evaluated: &mut Evaluated) {
        let parameter = &self.template["Parameters"][name];
        if parameter["NoEcho"] == true || parameter["NoEcho"] == "true" {
            evaluated.hidden.insert(value.to_owned());
            return;
        }
        evaluated.parameters.insert(name.to_owned(), value.to_owned());
        if stored(parameter["Type"].as_str().unwrap_or_default()).is_some() {
            let reason = format!("nothing is stored as `{value}` here; that name itself is the value");
            evaluated.left_out.push(self.left_out(name, "Parameter", reason));
        }
    }

    /// The resources that a part of the template refers to, in this stack and behind its parameters.
    fn references(&self, own: &str, raw: &Value) -> BTreeSet<ResourceId> {
        let mut found = BTreeSet::new();
        for name in edges::references(raw).into_iter().filter(|name| name != own) {
            if let Some(origins) = self.origins.get(&name) {
                found.extend(origins.iter().cloned());
            } else if self.template["Resources"].get(&name).is_some() {
                found.insert(self.id(&name));
            }
        }
        found
    }

    fn one(&self, logical_id: &str, kind: &str, raw: &Value) -> Result<Resource, Unresolved> {
        let identity = self.identities.of(self, logical_id)?;
        Ok(Resource {
            id: self.id(logical_id),
            kind: kind.to_owned(),
            physical_id: identity.physical_id.clone(),
            attributes: identity.attributes.clone(),
            properties: self.resolve(&raw["Properties"])?.unwrap_or_default(),
            metadata: raw["Metadata"].clone(),
        })
    }
}

/// The type of the value behind a parameter whose own value is a name in Systems Manager.
fn stored(kind: &str) -> Option<&str> {
    kind.strip_prefix("AWS::SSM::Parameter::Value<")?.strip_suffix('>')
}

/// The macros that a template wants, but for CloudFormation's own language extensions: most of them work here.
fn transforms(transform: &Value) -> impl Iterator<Item = &str> {
    let many = transform.as_array().map_or(std::slice::from_ref(transform), Vec::as_slice);
    let names = many.iter().filter_map(|one| one.as_str().or_else(|| one["Name"].as_str()));
    names.filter(|name| *name != "AWS::LanguageExtensions")
}

/// The id of a stack, the same on every run.
pub(crate) fn stack_id(stack_name: &str, region: &str, account: &str) -> String {
    let names = super::names::Names { stack: stack_name, logical_id: "" };
    format!("arn:aws:cloudformation:{region}:{account}:stack/{stack_name}/{}", names.uuid("stack"))
}
