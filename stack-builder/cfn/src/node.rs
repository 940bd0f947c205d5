//! The erased value tree that every typed wrapper stands on.

use serde_core::ser::{Serialize, SerializeMap, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::panic::Location;

/// A place in the source of whoever built a value.
pub type Source = &'static Location<'static>;

/// What the debug text of a value begins with. Nobody else writes it, so that one which got into a text is recognised.
const PRINTED: &str = "Value«";
/// The same for the derived debug text of a handle on a resource, which is no more than a name.
const PRINTED_HANDLE: &str = "Ref(LogicalId(";

/// One value of a template: a literal, an intrinsic function, or a structure of both.
#[derive(Clone)]
#[non_exhaustive]
pub enum Node {
    /// JSON `null`, which CloudFormation refuses; kept so that synth can say where it came from.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A string.
    Text(Cow<'static, str>),
    /// A list.
    List(Vec<Node>),
    /// A map with keys of the user's choice, written in the order of its keys.
    Map(Vec<(String, Node)>),
    /// A structure with keys that CloudFormation knows.
    Object(Object),
    /// An intrinsic function and its argument, such as `Fn::Join`.
    Call(Box<Call>),
    /// A value exempt from the checks of its property's constraints.
    Unchecked(Box<Node>),
}

/// An intrinsic function applied to an argument.
#[derive(Clone, Debug)]
pub struct Call {
    /// The key in the template: `Ref`, `Condition`, or `Fn::…`.
    pub function: Cow<'static, str>,
    /// Its argument.
    pub argument: Node,
}

/// A structure whose properties remember the source line that set them.
#[derive(Clone, Debug)]
pub struct Object {
    entries: Vec<Entry>,
    source: Source,
}

/// One property of an [`Object`].
#[derive(Clone, Debug)]
pub struct Entry {
    /// The property's name in the template.
    pub key: Cow<'static, str>,
    /// Its value.
    pub node: Node,
    /// The line that set it.
    pub source: Source,
}

impl Object {
    /// An empty structure, built by the caller.
    #[track_caller]
    pub fn new() -> Self {
        Self { entries: Vec::new(), source: Location::caller() }
    }

    /// A structure of many properties at once; the last of several equal names wins.
    #[track_caller]
    pub fn of(entries: impl IntoIterator<Item = (String, Node)>) -> Self {
        let source = Location::caller();
        let sorted: std::collections::BTreeMap<_, _> = entries.into_iter().collect();
        let entries = sorted.into_iter().map(|(key, node)| Entry { key: key.into(), node, source }).collect();
        Self { entries, source }
    }

    /// Sets `key`; the last of several wins.
    #[track_caller]
    pub fn set(&mut self, key: impl Into<Cow<'static, str>>, node: Node) {
        let entry = Entry { key: key.into(), node, source: Location::caller() };
        match self.position(&entry.key) {
            Ok(index) => self.entries[index] = entry,
            Err(index) => self.entries.insert(index, entry),
        }
    }

    /// Sets `key` and returns the structure.
    #[track_caller]
    pub fn with(mut self, key: &'static str, node: Node) -> Self {
        self.set(key, node);
        self
    }

    /// Appends `node` to the list under `key`, which is made if need be.
    #[track_caller]
    pub fn push(mut self, key: &'static str, node: Node) -> Self {
        let source = Location::caller();
        match self.position(key) {
            Ok(index) => match &mut self.entries[index] {
                Entry { node: Node::List(items), .. } => items.push(node),
                entry => *entry = Entry { key: key.into(), node: Node::List(vec![node]), source },
            },
            Err(index) => {
                self.entries.insert(index, Entry { key: key.into(), node: Node::List(vec![node]), source });
            }
        }
        self
    }

    /// The value under `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.position(key).ok().map(|index| &self.entries[index].node)
    }

    /// The properties, in the order of their names.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The line that began the structure.
    pub fn source(&self) -> Source {
        self.source
    }

    /// Replaces every source line that `foreign` recognises by the nearest line around it, at last by `fallback`.
    ///
    /// A library of constructs uses this so that diagnostics name its user's source and not its own.
    pub fn relocate(&mut self, foreign: &dyn Fn(Source) -> bool, fallback: Source) {
        if foreign(self.source) {
            self.source = fallback;
        }
        for entry in &mut self.entries {
            if foreign(entry.source) {
                entry.source = self.source;
            }
            entry.node.relocate(foreign, entry.source);
        }
    }

    fn position(&self, key: &str) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| entry.key.as_ref().cmp(key))
    }
}

impl Default for Object {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl Node {
    /// The application of `function` to `argument`.
    pub fn call(function: &'static str, argument: Node) -> Self {
        Self::Call(Box::new(Call { function: function.into(), argument }))
    }

    /// A string.
    pub fn text(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A map, sorted by key; the last of several equal keys wins.
    pub fn map(entries: impl IntoIterator<Item = (String, Node)>) -> Self {
        let sorted: std::collections::BTreeMap<_, _> = entries.into_iter().collect();
        Self::Map(sorted.into_iter().collect())
    }

    /// Whether `text` holds a value or a handle as `{:?}` prints it, and not what it stands for.
    pub fn is_printed_in(text: &str) -> bool {
        text.contains(PRINTED) || text.contains(PRINTED_HANDLE)
    }

    fn relocate(&mut self, foreign: &dyn Fn(Source) -> bool, fallback: Source) {
        match self {
            Self::Object(object) => object.relocate(foreign, fallback),
            Self::List(items) => items.iter_mut().for_each(|item| item.relocate(foreign, fallback)),
            Self::Map(items) => items.iter_mut().for_each(|(_, item)| item.relocate(foreign, fallback)),
            Self::Call(call) => call.argument.relocate(foreign, fallback),
            Self::Unchecked(node) => node.relocate(foreign, fallback),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Float(_) | Self::Text(_) => {}
        }
    }
}

/// `Value«{"Ref":"Table"}»`: the JSON of the template.
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        write!(f, "{PRINTED}{json}»")
    }
}

/// Reads raw JSON; an object with one key that names an intrinsic function becomes a [`Node::Call`].
impl From<serde_json::Value> for Node {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match value {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => match number.as_i64() {
                Some(value) => Self::Int(value),
                None => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Self::Text(text.into()),
            Json::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Json::Object(mut entries) => match intrinsic_key(&entries) {
                Some(function) => {
                    let argument = entries.remove(&function).map_or(Self::Null, Self::from);
                    Self::Call(Box::new(Call { function: function.into(), argument }))
                }
                None => Self::map(entries.into_iter().map(|(key, value)| (key, Self::from(value)))),
            },
        }
    }
}

fn intrinsic_key(entries: &serde_json::Map<String, serde_json::Value>) -> Option<String> {
    let mut keys = entries.iter();
    let (key, value) = keys.next()?;
    let alone = keys.next().is_none();
    // `Condition` is a function only around a name: a policy statement's `Condition` is an object.
    let function = key.starts_with("Fn::") || key == "Ref" || (key == "Condition" && value.is_string());
    (alone && function).then(|| key.clone())
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => serializer.collect_map(entries.iter().map(|(key, node)| (key, node))),
            Self::Object(object) => object.serialize(serializer),
            Self::Call(call) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(&call.function, &call.argument)?;
                map.end()
            }
            Self::Unchecked(node) => node.serialize(serializer),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.entries.iter().map(|entry| (&entry.key, &entry.node)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(node: &Node, expect: serde_json::Value) {
        assert_eq!(serde_json::to_value(node).unwrap(), expect);
    }

    #[test]
    fn properties_are_written_in_the_order_of_their_names() {
        let object = Object::new().with("B", Node::Int(2)).with("A", Node::Int(1)).with("B", Node::Int(3));
        assert_eq!(serde_json::to_string(&object).unwrap(), r#"{"A":1,"B":3}"#);
    }

    #[test]
    fn a_printed_node_is_its_json_and_recognised() {
        let text = format!("{:?}/x", Node::call("Ref", Node::text("Table")));
        assert_eq!(text, r#"Value«{"Ref":"Table"}»/x"#);
        assert!(Node::is_printed_in(&text));
        assert!(!Node::is_printed_in(r#"{"Ref":"Table"}/x"#));
    }

    #[test]
    fn push_makes_the_list() {
        let object = Object::new().push("L", Node::Int(1)).push("L", Node::Int(2));
        check(&Node::Object(object), json!({"L": [1, 2]}));
    }

    #[test]
    fn raw_json_keeps_its_meaning() {
        let raw =
            json!({"a": {"Ref": "X"}, "b": {"Condition": {"Bool": {"k": "v"}}}, "c": [1, 1.5, true, "t"]});
        check(&Node::from(raw.clone()), raw.clone());
        let Node::Map(entries) = Node::from(raw) else { panic!("a map") };
        assert!(matches!(entries[0].1, Node::Call(_)));
        assert!(matches!(entries[1].1, Node::Map(_)));
    }
}
