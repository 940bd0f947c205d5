//! Typed values: a literal and an intrinsic fit the same slot and keep their type.

use crate::node::Node;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

/// A value of type `T` in a template: a literal, a reference, or any other intrinsic function.
///
/// `T` exists at compile time only. It is `String`, `i64`, `f64`, `bool`, [`Json`], [`List`] or [`Map`] of another
/// type, an enum of this crate, or a nested structure of a resource.
///
/// What it will be is known once it is deployed, so it has no text: [`sub`](crate::intrinsic::sub) and
/// [`join`](crate::intrinsic::join) put it into one. The text that `{:?}` prints is for a developer's eyes, and
/// [`Template::check`](crate::Template::check) reports it where it got into a template.
pub struct Value<T: ?Sized> {
    node: Node,
    of: PhantomData<fn() -> T>,
}

/// The type of a list of `T`.
#[derive(Debug)]
pub struct List<T: ?Sized>(PhantomData<fn() -> T>);

/// The type of a map from strings to `T`.
#[derive(Debug)]
pub struct Map<T: ?Sized>(PhantomData<fn() -> T>);

/// The type of a property that takes any JSON, such as a policy document.
#[derive(Debug)]
pub struct Json(());

impl<T: ?Sized> Value<T> {
    /// Takes `node` for a `T` on the caller's word.
    pub fn from_node(node: impl Into<Node>) -> Self {
        Self { node: node.into(), of: PhantomData }
    }

    /// A value that this crate's facts do not know or forbid, written as it is and exempt from the constraint checks:
    /// `Value::raw("nodejs99.x")` for an enum that has a newer member.
    pub fn raw(json: impl Into<serde_json::Value>) -> Self {
        Self::from_node(Node::Unchecked(Box::new(Node::from(json.into()))))
    }

    /// The same value taken for another type, where CloudFormation converts or the facts are too narrow.
    pub fn cast<U: ?Sized>(self) -> Value<U> {
        Value::from_node(self.node)
    }

    /// The tree underneath.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// The tree underneath, taken out.
    pub fn into_node(self) -> Node {
        self.node
    }
}

impl<T: ?Sized> Clone for Value<T> {
    fn clone(&self) -> Self {
        Self::from_node(self.node.clone())
    }
}

impl<T: ?Sized> fmt::Debug for Value<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

/// What fits a slot of type `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit a property of type `{T}`",
    label = "expected a `{T}` or a `Value<{T}>` (a reference, an attribute, `sub`, `join`, …)",
    note = "a handle stands for a whole resource: pass one of its values, such as `.name()`, `.url()`, `.arn()` or `.id()`; that of a CloudFormation type has `.reference()` and its attributes",
    note = "a `Missing<name>` in the type shown, if there is one, is a required property that has not been set",
    note = "where the facts are too narrow, `Value::raw(…)` writes any value and `.cast()` changes a value's type"
)]
pub trait IntoValue<T: ?Sized>: Sized {
    /// The value's tree.
    fn into_node(self) -> Node;

    /// The value itself, for a list that mixes literals and intrinsics.
    fn into_value(self) -> Value<T> {
        Value::from_node(self.into_node())
    }
}

impl<T: ?Sized> IntoValue<T> for Value<T> {
    fn into_node(self) -> Node {
        self.node
    }
}

impl<T: ?Sized> IntoValue<T> for &Value<T> {
    fn into_node(self) -> Node {
        self.node.clone()
    }
}

impl IntoValue<String> for &str {
    fn into_node(self) -> Node {
        Node::Text(self.to_owned().into())
    }
}

impl IntoValue<String> for String {
    fn into_node(self) -> Node {
        Node::Text(self.into())
    }
}

impl IntoValue<String> for &String {
    fn into_node(self) -> Node {
        self.as_str().into_node()
    }
}

impl IntoValue<bool> for bool {
    fn into_node(self) -> Node {
        Node::Bool(self)
    }
}

macro_rules! integers {
    ($($integer:ty)*) => { $(
        impl IntoValue<i64> for $integer {
            fn into_node(self) -> Node {
                Node::Int(self.into())
            }
        }
    )* };
}
integers!(i8 i16 i32 i64 u8 u16 u32);

impl IntoValue<f64> for f64 {
    fn into_node(self) -> Node {
        Node::Float(self)
    }
}

impl IntoValue<f64> for i32 {
    fn into_node(self) -> Node {
        Node::Int(self.into())
    }
}

impl IntoValue<Json> for serde_json::Value {
    fn into_node(self) -> Node {
        Node::from(self)
    }
}

impl IntoValue<Json> for Node {
    fn into_node(self) -> Node {
        self
    }
}

impl<T: ?Sized, I: IntoValue<T>, const N: usize> IntoValue<List<T>> for [I; N] {
    fn into_node(self) -> Node {
        Node::List(self.into_iter().map(I::into_node).collect())
    }
}

impl<T: ?Sized, I: IntoValue<T>> IntoValue<List<T>> for Vec<I> {
    fn into_node(self) -> Node {
        Node::List(self.into_iter().map(I::into_node).collect())
    }
}

impl<T: ?Sized, K: Into<String>, I: IntoValue<T>, const N: usize> IntoValue<Map<T>> for [(K, I); N] {
    fn into_node(self) -> Node {
        Node::map(self.into_iter().map(|(key, value)| (key.into(), value.into_node())))
    }
}

impl<T: ?Sized, K: Into<String>, I: IntoValue<T>> IntoValue<Map<T>> for Vec<(K, I)> {
    fn into_node(self) -> Node {
        Node::map(self.into_iter().map(|(key, value)| (key.into(), value.into_node())))
    }
}

impl<T: ?Sized, K: Into<String>, I: IntoValue<T>> IntoValue<Map<T>> for BTreeMap<K, I> {
    fn into_node(self) -> Node {
        Node::map(self.into_iter().map(|(key, value)| (key.into(), value.into_node())))
    }
}
