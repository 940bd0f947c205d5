//! The facts as this generator reads them.

use serde_json::Value as Json;
use std::error::Error;

/// A resource type.
pub(crate) struct Resource {
    pub(crate) type_name: String,
    pub(crate) properties: Vec<Property>,
    pub(crate) attributes: Vec<(String, Type)>,
    pub(crate) returned_by_ref: Vec<String>,
    pub(crate) structs: Vec<(String, Vec<Property>)>,
    pub(crate) enums: Vec<(String, Vec<String>)>,
}

impl Resource {
    /// The middle part of the type's name.
    pub(crate) fn service(&self) -> &str {
        self.type_name.split("::").nth(1).unwrap_or_default()
    }

    /// The last part of the type's name.
    pub(crate) fn name(&self) -> &str {
        self.type_name.split("::").nth(2).unwrap_or_default()
    }
}

/// A property of a resource or of a nested structure.
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) of: Type,
    pub(crate) required: bool,
    pub(crate) doc: String,
}

/// The type of a property or an attribute.
#[derive(Clone)]
pub(crate) enum Type {
    String,
    Integer,
    Number,
    Boolean,
    Json,
    Struct(String),
    Enum(String),
    List(Box<Type>),
    Map(Box<Type>),
}

type Result<T> = std::result::Result<T, Box<dyn Error>>;

pub(crate) fn parse(text: &str) -> Result<Vec<Resource>> {
    let Json::Object(types) = serde_json::from_str(text)? else { return Err("no object".into()) };
    types.into_iter().map(|(name, facts)| resource(name, &facts)).collect()
}

fn resource(type_name: String, facts: &Json) -> Result<Resource> {
    let strings = |list: &Json| -> Vec<String> {
        list.as_array().into_iter().flatten().filter_map(|s| s.as_str().map(str::to_owned)).collect()
    };
    let mut attributes = Vec::new();
    for (name, of) in entries(&facts["a"]) {
        attributes.push((name.clone(), kind(of)?));
    }
    let mut structs = Vec::new();
    for (name, shape) in entries(&facts["s"]) {
        structs.push((name.clone(), properties(&shape["p"])?));
    }
    let overridden = match &facts["ref"] {
        Json::String(name) => vec![name.clone()],
        list => strings(list),
    };
    Ok(Resource {
        type_name,
        properties: properties(&facts["p"])?,
        attributes,
        returned_by_ref: if overridden.is_empty() { strings(&facts["id"]) } else { overridden },
        structs,
        enums: entries(&facts["e"]).map(|(name, members)| (name.clone(), strings(members))).collect(),
    })
}

fn entries(json: &Json) -> impl Iterator<Item = (&String, &Json)> {
    json.as_object().into_iter().flatten()
}

fn properties(json: &Json) -> Result<Vec<Property>> {
    entries(json)
        .map(|(name, facts)| {
            let required = facts.get("r").is_some();
            Ok(Property {
                name: name.clone(),
                of: kind(&facts["t"])?,
                required,
                doc: doc(name, facts, required),
            })
        })
        .collect()
}

fn kind(json: &Json) -> Result<Type> {
    if let Some(simple) = json.as_str() {
        return Ok(match simple {
            "s" | "t" => Type::String,
            "i" => Type::Integer,
            "n" => Type::Number,
            "b" => Type::Boolean,
            "j" | "o" => Type::Json,
            other => return Err(format!("unknown type {other:?}").into()),
        });
    }
    let name = || json[1].as_str().map(str::to_owned).ok_or("a name is missing");
    Ok(match json[0].as_str() {
        Some("r") => Type::Struct(name()?),
        Some("e") => Type::Enum(name()?),
        Some("a") => Type::List(Box::new(kind(&json[1])?)),
        Some("m") => Type::Map(Box::new(kind(&json[1])?)),
        _ => return Err(format!("unknown type {json}").into()),
    })
}

/// What is known of a property, in a line.
fn doc(name: &str, facts: &Json, required: bool) -> String {
    let mut notes = Vec::new();
    if required {
        notes.push("required".to_owned());
    }
    match facts["o"].as_u64() {
        Some(1) => notes.push("a change replaces the resource".to_owned()),
        Some(2) => notes.push("a change may replace the resource".to_owned()),
        _ => {}
    }
    if facts.get("d").is_some() {
        notes.push("deprecated".to_owned());
    }
    let limits = &facts["c"];
    for (least, most, unit) in [("nl", "xl", " characters"), ("mn", "mx", ""), ("ni", "xi", " items")] {
        if limits.get(least).is_some() || limits.get(most).is_some() {
            let bound = |key: &str| limits.get(key).map(ToString::to_string).unwrap_or_default();
            notes.push(format!("{}..={}{unit}", bound(least), bound(most)));
        }
    }
    if notes.is_empty() { format!("`{name}`") } else { format!("`{name}`: {}", notes.join("; ")) }
}
