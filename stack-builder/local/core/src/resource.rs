//! The resources of the application, with every intrinsic resolved.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A resource's place in the application.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId {
    /// Name of the stack in CloudFormation: `uploads-dev`.
    pub stack: String,
    /// The logical id: `Files`.
    pub logical_id: String,
}

impl fmt::Display for ResourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.stack, self.logical_id)
    }
}

/// One resource of a template.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Where it stands.
    pub id: ResourceId,
    /// Its type: `AWS::S3::Bucket`.
    pub kind: String,
    /// What `Ref` returns: a name, an id, an ARN or a URL, as the type has it.
    pub physical_id: String,
    /// Attributes that `Fn::GetAtt` returns, such as `Arn`.
    pub attributes: BTreeMap<String, String>,
    /// Its properties. Names and ARNs of other resources stand where the template refers to them, and a URL whose
    /// host is served here (`https://d1.cloudfront.net`) is already the local one (`http://127.0.0.1:4001`).
    pub properties: Value,
    /// Its `Metadata`, or null.
    pub metadata: Value,
}

impl Resource {
    /// A property, or null.
    pub fn property(&self, name: &str) -> &Value {
        &self.properties[name]
    }

    /// A property that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.properties[name].as_str()
    }

    /// A property that is a number, also one that is written as text, as CloudFormation allows.
    pub fn number(&self, name: &str) -> Option<f64> {
        number(&self.properties[name])
    }

    /// A property that is true or false, also as text.
    pub fn flag(&self, name: &str) -> Option<bool> {
        flag(&self.properties[name])
    }

    /// Its ARN, when it has one.
    pub fn arn(&self) -> Option<&str> {
        self.attributes.get("Arn").map(String::as_str)
    }
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn flag(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| value.as_str()?.parse().ok())
}

/// All resources of the application. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Resources(Arc<Vec<Resource>>);

impl Resources {
    /// In the order of the templates.
    pub fn new(resources: Vec<Resource>) -> Self {
        Self(Arc::new(resources))
    }

    /// Every one.
    pub fn iter(&self) -> impl Iterator<Item = &Resource> {
        self.0.iter()
    }

    /// Those of one type.
    pub fn of_type<'s, 'k>(&'s self, kind: &'k str) -> impl Iterator<Item = &'s Resource> + use<'s, 'k> {
        self.0.iter().filter(move |resource| resource.kind == kind)
    }

    /// The one of a type whose `Ref` is `physical_id`.
    pub fn find(&self, kind: &str, physical_id: &str) -> Option<&Resource> {
        self.0.iter().find(|resource| resource.kind == kind && resource.physical_id == physical_id)
    }

    /// The one with this ARN.
    pub fn by_arn(&self, arn: &str) -> Option<&Resource> {
        self.0.iter().find(|resource| resource.arn() == Some(arn))
    }
}

/// Something about a resource that differs from what AWS does, for the start-up table and the console.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The resource.
    pub resource: ResourceId,
    /// What is not done here: ``point-in-time recovery is not kept``.
    pub text: String,
}
