//! What every resource type has in common, and the type states that hold its required properties.

use crate::node::{Node, Object, Source};
use crate::value::Value;
use serde_core::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The state of a required property that has not been set; `P` is named after the property.
#[derive(Debug)]
pub struct Missing<P>(PhantomData<P>);

/// The state of a required property that has been set.
#[derive(Debug)]
pub struct Set;

/// The name of an element within its template: 1 to 255 letters and digits.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogicalId(Arc<str>);

impl LogicalId {
    /// Takes `id` as it is; [`Template::check`](crate::Template::check) reports one that is not legal.
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LogicalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for LogicalId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A resource with all its required properties set.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a complete resource",
    label = "expected a resource type with all its required properties set",
    note = "every `Missing<name>` in the type shown is a required property that has not been set: set it with the method of that name, with `name_with(|value| …)` or with `add_name(|value| …)`",
    note = "a nested structure is no resource: pass it to the property that takes it"
)]
pub trait Resource: Sized {
    /// The CloudFormation type, such as `AWS::S3::Bucket`.
    const TYPE: &'static str;
    /// The handle by which other values refer to the resource.
    type Ref: ResourceRef;
    /// The properties and attributes that have been set.
    fn into_definition(self) -> Definition;
}

/// A handle on a resource of the template: cheap to clone, and only a name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handle on a resource",
    label = "expected the handle that `add` returned",
    note = "a name or an attribute does not do: only a handle is known to stand for a resource of the template"
)]
pub trait ResourceRef: Clone {
    /// The handle on the resource called `id`.
    fn from_logical_id(id: LogicalId) -> Self;
    /// The resource's name in the template.
    fn logical_id(&self) -> &LogicalId;
    /// `Ref`: what it yields depends on the type, and the type's documentation says.
    fn reference(&self) -> Value<String> {
        Value::from_node(Node::call("Ref", Node::text(self.logical_id().as_str().to_owned())))
    }
    /// `Fn::GetAtt` of an attribute that has no method of its own.
    fn attribute<T: ?Sized>(&self, name: &str) -> Value<T> {
        get_att(self.logical_id(), name)
    }
}

pub(crate) fn get_att<T: ?Sized>(id: &LogicalId, name: &str) -> Value<T> {
    let parts = [id.as_str(), name].map(|part| Node::text(part.to_owned()));
    Value::from_node(Node::call("Fn::GetAtt", Node::List(parts.into())))
}

/// What becomes of a resource when it leaves the stack or is replaced.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RemovalPolicy {
    /// It is deleted with everything in it.
    Delete,
    /// It stays, and nobody manages it any more.
    Retain,
    /// It stays unless it was made by the very operation that failed.
    RetainExceptOnCreate,
    /// A snapshot is taken first; few types can.
    Snapshot,
}

impl RemovalPolicy {
    fn node(self) -> Node {
        Node::text(match self {
            Self::Delete => "Delete",
            Self::Retain => "Retain",
            Self::RetainExceptOnCreate => "RetainExceptOnCreate",
            Self::Snapshot => "Snapshot",
        })
    }
}

/// A resource's properties, and the attributes beside them.
#[derive(Clone, Debug)]
pub struct Definition {
    /// `Properties`.
    pub properties: Object,
    /// `DependsOn`, in the order given.
    pub depends_on: Vec<LogicalId>,
    /// The other attributes: `DeletionPolicy`, `Metadata`, `Condition`, ….
    pub attributes: Object,
}

impl Definition {
    /// A definition without properties, built by the caller.
    #[track_caller]
    pub fn new() -> Self {
        Self { properties: Object::new(), depends_on: Vec::new(), attributes: Object::new() }
    }

    /// Sets a property; generated setters stand on this.
    #[track_caller]
    pub fn with(mut self, key: &'static str, node: Node) -> Self {
        self.properties = self.properties.with(key, node);
        self
    }

    /// Appends to a property that is a list; generated `add_…` methods stand on this.
    #[track_caller]
    pub fn push(mut self, key: &'static str, node: Node) -> Self {
        self.properties = self.properties.push(key, node);
        self
    }

    /// See [`Object::relocate`].
    pub fn relocate(&mut self, foreign: &dyn Fn(Source) -> bool, fallback: Source) {
        self.properties.relocate(foreign, fallback);
        self.attributes.relocate(foreign, fallback);
    }
}

impl Default for Definition {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

/// The attributes that any resource takes beside its properties.
///
/// A type whose property has the same name as a method here keeps its own; call the attribute as
/// `Attributes::metadata(resource, …)` then.
pub trait Attributes: AsMut<Definition> + Sized {
    /// Also waits for `other`, although nothing refers to it.
    fn depends_on(mut self, other: &impl ResourceRef) -> Self {
        self.as_mut().depends_on.push(other.logical_id().clone());
        self
    }

    /// Sets `DeletionPolicy` and `UpdateReplacePolicy` together, which is nearly always what is meant.
    #[track_caller]
    fn removal_policy(self, policy: RemovalPolicy) -> Self {
        // `RetainExceptOnCreate` is no `UpdateReplacePolicy`.
        let on_replace =
            if policy == RemovalPolicy::RetainExceptOnCreate { RemovalPolicy::Retain } else { policy };
        self.deletion_policy(policy).update_replace_policy(on_replace)
    }

    /// What becomes of the resource when it leaves the stack.
    #[track_caller]
    fn deletion_policy(mut self, policy: RemovalPolicy) -> Self {
        self.as_mut().attributes.set("DeletionPolicy", policy.node());
        self
    }

    /// What becomes of the old resource when an update replaces it.
    #[track_caller]
    fn update_replace_policy(mut self, policy: RemovalPolicy) -> Self {
        self.as_mut().attributes.set("UpdateReplacePolicy", policy.node());
        self
    }

    /// Exists only when `condition` holds.
    #[track_caller]
    fn only_if(mut self, condition: &crate::Condition) -> Self {
        self.as_mut().attributes.set("Condition", Node::text(condition.name().to_owned()));
        self
    }

    /// `Metadata`: any JSON object, for tools.
    #[track_caller]
    fn metadata(mut self, metadata: serde_json::Value) -> Self {
        self.as_mut().attributes.set("Metadata", metadata.into());
        self
    }

    /// Lets a finding of `stack-builder validate` stand: that of `rule`, about this resource, for `reason`.
    ///
    /// It is written into `Metadata`, where a reader of the template finds it too. For the whole template, set the
    /// template's metadata in the same form.
    #[track_caller]
    fn suppress(mut self, rule: &str, reason: &str) -> Self {
        let attributes = &mut self.as_mut().attributes;
        let metadata = attributes.get("Metadata").and_then(|metadata| serde_json::to_value(metadata).ok());
        let mut metadata =
            metadata.filter(serde_json::Value::is_object).unwrap_or_else(|| serde_json::json!({}));
        let list = &mut metadata["stack-builder"]["suppress"];
        let mut entries = list.as_array().cloned().unwrap_or_default();
        entries.push(serde_json::json!({"rule": rule, "reason": reason}));
        *list = entries.into();
        attributes.set("Metadata", metadata.into());
        self
    }

    /// `CreationPolicy`: what to wait for after creation.
    #[track_caller]
    fn creation_policy(mut self, policy: serde_json::Value) -> Self {
        self.as_mut().attributes.set("CreationPolicy", policy.into());
        self
    }

    /// `UpdatePolicy`: how to roll an update out.
    #[track_caller]
    fn update_policy(mut self, policy: serde_json::Value) -> Self {
        self.as_mut().attributes.set("UpdatePolicy", policy.into());
        self
    }
}

impl<R: AsMut<Definition>> Attributes for R {}
