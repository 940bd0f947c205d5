//! One property's schema as a type of the facts, collecting the structs and enums it needs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::constraints::constraints;
use super::kinds::{enum_values, map_values, scalar};
use super::names::{Shape, names, singular};
use super::readonly::{Access, ReadOnly};
use super::rules::{required_by_choice, rules};
use super::schema::{DEEPEST, Object, is_struct, object, resolve, strings, type_names};

/// Where a type is being read: what its shape would be called after.
#[derive(Clone)]
pub(crate) struct Place {
    definition: Option<String>,
    owner: Option<usize>,
    property: String,
    depth: usize,
}

impl Place {
    pub(crate) fn property(owner: Option<usize>, property: &str) -> Self {
        Self { definition: None, owner, property: property.into(), depth: 0 }
    }

    fn definition(&self, name: &str) -> Self {
        let depth = self.depth + 1;
        Self { definition: Some(name.into()), owner: None, property: name.into(), depth }
    }

    /// A part of this place: an element of a list, a value of a map, a branch of a union.
    fn part(&self, name: String) -> Self {
        Self { definition: None, owner: self.owner, property: name, depth: self.depth + 1 }
    }
}

/// What one shape turned out to be.
enum Body {
    /// Reserved while its properties are being read: a struct may hold itself.
    Pending,
    Struct(Value),
    Enum(Vec<String>),
}

/// The structs and enums of one resource type, while it is being read.
pub(crate) struct Types<'a> {
    root: &'a Value,
    readonly: &'a ReadOnly,
    shapes: Vec<Shape>,
    bodies: Vec<Body>,
    /// Structs already begun, by definition.
    begun: BTreeMap<String, usize>,
}

impl<'a> Types<'a> {
    pub(crate) fn new(root: &'a Value, readonly: &'a ReadOnly) -> Self {
        Self { root, readonly, shapes: Vec::new(), bodies: Vec::new(), begun: BTreeMap::new() }
    }

    /// One property: its type, its limits, and whether it must be given.
    pub(crate) fn property(&mut self, node: &'a Value, place: &Place, required: bool) -> Value {
        let (kind, limits) = self.read(node, place);
        let mut out = json!({ "t": kind });
        if required {
            out["r"] = json!(1);
        }
        if !limits.is_empty() {
            out["c"] = Value::Object(limits);
        }
        out
    }

    fn read(&mut self, node: &'a Value, place: &Place) -> (Value, Object) {
        if place.depth > DEEPEST {
            return (json!("j"), Object::new());
        }
        if let Some(reference) = node.get("$ref").and_then(Value::as_str) {
            return self.reference(node, reference, place);
        }
        let (kind, inner) = self.kind(node, place);
        let mut limits = constraints(node, &kind);
        limits.extend(inner);
        (kind, limits)
    }

    /// A reference; limits beside it narrow those of what it refers to.
    fn reference(&mut self, node: &'a Value, reference: &'a str, place: &Place) -> (Value, Object) {
        let Some((name, target)) = resolve(self.root, reference) else {
            return (json!("j"), Object::new());
        };
        let (kind, mut limits) = self.read(target, &place.definition(name));
        limits.extend(constraints(node, &kind));
        (kind, limits)
    }

    fn kind(&mut self, node: &'a Value, place: &Place) -> (Value, Object) {
        if is_struct(node) {
            return (self.structure(node, place), Object::new());
        }
        if let Some(values) = enum_values(node) {
            return (self.enumeration(values, place), Object::new());
        }
        if let Some((values, key_pattern)) = map_values(node) {
            return self.map(values, key_pattern, place);
        }
        match scalar(node) {
            Some(letter) => (json!(letter), Object::new()),
            None => self.compound(node, place),
        }
    }

    fn compound(&mut self, node: &'a Value, place: &Place) -> (Value, Object) {
        let kinds = type_names(node);
        let listed = kinds.contains(&"array") || (kinds.is_empty() && node.get("items").is_some());
        if listed && !kinds.contains(&"object") {
            return self.list(node.get("items").unwrap_or(&Value::Null), place);
        }
        for union in ["oneOf", "anyOf"] {
            if let Some(branches) = node.get(union).and_then(Value::as_array) {
                return (self.union(branches, place), Object::new());
            }
        }
        (json!("j"), Object::new())
    }

    fn list(&mut self, items: &'a Value, place: &Place) -> (Value, Object) {
        // A definition that is a list is not itself a shape, but it names its elements.
        let (kind, limits) = self.read(items, &place.part(singular(&place.property)));
        (json!(["a", kind]), nested("el", limits))
    }

    fn map(&mut self, values: &'a Value, key_pattern: Option<String>, place: &Place) -> (Value, Object) {
        let (kind, limits) = self.read(values, &place.part(format!("{}Value", place.property)));
        let mut limits = nested("el", limits);
        limits.extend(key_pattern.map(|pattern| ("kp".into(), json!(pattern))));
        (json!(["m", kind]), limits)
    }

    /// One type for all branches, if there is one: the branches' common type, an enum of all their values, or a
    /// string where a string is among scalars (CloudFormation turns scalars into strings). JSON otherwise.
    fn union(&mut self, branches: &'a [Value], place: &Place) -> Value {
        let values: Option<Vec<Vec<String>>> =
            branches.iter().map(|node| enum_values(self.followed(node))).collect();
        if let Some(values) = values {
            return self.enumeration(values.concat(), place);
        }
        let shapes = self.shapes.len();
        let mut kinds: Vec<Value> =
            branches.iter().map(|node| self.read(node, &place.part(place.property.clone())).0).collect();
        let text = |kind: &Value| kind == "s" || kind[0] == "e";
        let scalar = |kind: &Value| kind.is_string() && kind != "j";
        kinds.dedup();
        if let [kind] = kinds.as_slice() {
            return kind.clone();
        }
        // Whatever the branches named is not used after all.
        self.shapes.truncate(shapes);
        self.bodies.truncate(shapes);
        self.begun.retain(|_, index| *index < shapes);
        let words = kinds.iter().any(text) && kinds.iter().all(|kind| text(kind) || scalar(kind));
        json!(if words { "s" } else { "j" })
    }

    fn followed(&self, node: &'a Value) -> &'a Value {
        let reference = node.get("$ref").and_then(Value::as_str);
        reference.and_then(|reference| resolve(self.root, reference)).map_or(node, |(_, target)| target)
    }

    fn enumeration(&mut self, mut values: Vec<String>, place: &Place) -> Value {
        values.sort();
        values.dedup();
        let content = format!("e {values:?}");
        json!(["e", self.shape(place, content, Body::Enum(values))])
    }

    fn structure(&mut self, node: &'a Value, place: &Place) -> Value {
        if let Some(index) = place.definition.as_ref().and_then(|name| self.begun.get(name)) {
            return json!(["r", index]);
        }
        let index = self.shape(place, format!("r {node}"), Body::Pending);
        if let Some(name) = &place.definition {
            self.begun.insert(name.clone(), index);
        }
        let properties = self.properties(node, Some(index));
        self.bodies[index] = Body::Struct(with_rules(properties, node));
        json!(["r", index])
    }

    /// The properties of an object that a user can set.
    pub(crate) fn properties(&mut self, node: &'a Value, owner: Option<usize>) -> Object {
        let mut required: BTreeSet<String> =
            strings(node, "required").into_iter().map(str::to_owned).collect();
        required.extend(required_by_choice(node).iter().filter_map(Value::as_str).map(str::to_owned));
        let mut out = Object::new();
        for (name, property) in object(node, "properties").into_iter().flatten() {
            let access = self.readonly.access(node, name);
            if access == Some(Access::Hidden) {
                continue;
            }
            let mut entry = self.property(property, &Place::property(owner, name), required.contains(name));
            if access.is_some() {
                entry["ro"] = json!(1);
            }
            out.insert(name.clone(), entry);
        }
        out
    }

    fn shape(&mut self, place: &Place, content: String, body: Body) -> usize {
        let Place { definition, owner, property, .. } = place.clone();
        self.shapes.push(Shape { definition, owner, property, content });
        self.bodies.push(body);
        self.shapes.len() - 1
    }

    /// Ends the reading: gives every shape its name and writes structs and enums into the resource's facts.
    pub(crate) fn finish(self, resource: &str, facts: &mut Value) {
        let names = names(&self.shapes, resource);
        let (mut structs, mut enums) = (Object::new(), Object::new());
        for (name, body) in names.iter().zip(self.bodies) {
            match body {
                Body::Struct(value) => drop(structs.insert(name.clone(), value)),
                Body::Enum(values) => drop(enums.insert(name.clone(), json!(values))),
                Body::Pending => {}
            }
        }
        for (key, map) in [("s", structs), ("e", enums)] {
            if !map.is_empty() {
                facts[key] = Value::Object(map);
            }
        }
        name_references(facts, &names);
    }
}

/// An object's entry in the facts: properties and rules.
pub(crate) fn with_rules(properties: Object, node: &Value) -> Value {
    let rules = rules(node, &properties);
    let mut out = json!({ "p": properties });
    if !rules.is_empty() {
        out["x"] = Value::Object(rules);
    }
    out
}

/// Replaces the index in every `["r", 3]` by the name of shape 3.
fn name_references(value: &mut Value, names: &[String]) {
    match value {
        Value::Array(parts) => {
            let index = parts.get(1).and_then(Value::as_u64).and_then(|index| usize::try_from(index).ok());
            let shape = parts.first().is_some_and(|letter| letter == "r" || letter == "e");
            match index.and_then(|index| names.get(index)).filter(|_| shape) {
                Some(name) => parts[1] = json!(name),
                None => parts.iter_mut().for_each(|part| name_references(part, names)),
            }
        }
        Value::Object(map) => map.values_mut().for_each(|part| name_references(part, names)),
        _ => {}
    }
}

fn nested(key: &str, limits: Object) -> Object {
    let some = (!limits.is_empty()).then(|| (key.to_owned(), Value::Object(limits)));
    some.into_iter().collect()
}
