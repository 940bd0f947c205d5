//! Facts to Rust: a builder a type, a handle a resource, an enum a set of allowed strings.

use crate::names::{Scope, pascal, snake, type_name};
use crate::shape::{Property, Resource, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Result, Write as _};

const REFERENCE: &str = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference";

/// The module of one service. Names of required properties are added to `required`.
pub(crate) fn service(
    service: &str,
    resources: &[Resource],
    required: &mut BTreeSet<String>,
) -> std::result::Result<String, std::fmt::Error> {
    let mut out = String::new();
    let mut types = Scope::default();
    let mut modules = Scope::default();
    for resource in resources {
        let module = modules.name(snake(resource.name()));
        let names = Names::of(resource, format!("crate::{service}::{module}"));
        let name = types.name(type_name(resource.name()));
        let mut emitter = Emitter { out: &mut out, names: &names, required };
        emitter.resource(resource, &name)?;
        if !resource.structs.is_empty() || !resource.enums.is_empty() {
            writeln!(emitter.out, "/// The nested types of [`{name}`].\npub mod {module} {{")?;
            for (original, properties) in &resource.structs {
                emitter.structure(resource, original, properties)?;
            }
            for (original, members) in &resource.enums {
                emitter.enumeration(original, members)?;
            }
            writeln!(emitter.out, "}}")?;
        }
    }
    Ok(out)
}

/// The Rust names of a resource's nested types.
struct Names {
    module: String,
    structs: BTreeMap<String, String>,
    enums: BTreeMap<String, String>,
    /// Required properties of each nested type, which its initial type state lists.
    missing: BTreeMap<String, Vec<String>>,
}

impl Names {
    fn of(resource: &Resource, module: String) -> Self {
        let mut scope = Scope::default();
        let structs: BTreeMap<_, _> =
            resource.structs.iter().map(|(name, _)| (name.clone(), scope.name(type_name(name)))).collect();
        let mut enum_name = |name: &str| {
            let plain = type_name(name);
            let taken = structs.values().any(|taken| *taken == plain);
            scope.name(if taken { format!("{plain}Kind") } else { plain })
        };
        let enums = resource.enums.iter().map(|(name, _)| (name.clone(), enum_name(name))).collect();
        let missing = resource.structs.iter().map(|(name, properties)| {
            let methods = methods(properties);
            let names = properties.iter().zip(methods).filter(|(p, _)| p.required).map(|(_, m)| m).collect();
            (name.clone(), names)
        });
        let missing = missing.collect();
        Self { module, structs, enums, missing }
    }

    fn path(&self, of: &Type) -> String {
        match of {
            Type::String => "::std::string::String".to_owned(),
            Type::Integer => "i64".to_owned(),
            Type::Number => "f64".to_owned(),
            Type::Boolean => "bool".to_owned(),
            Type::Json => "crate::Json".to_owned(),
            Type::Struct(name) => format!("{}::{}", self.module, self.structs[name]),
            Type::Enum(name) => format!("{}::{}", self.module, self.enums[name]),
            Type::List(item) => format!("crate::List<{}>", self.path(item)),
            Type::Map(item) => format!("crate::Map<{}>", self.path(item)),
        }
    }
}

/// The method of each property, in their order.
fn methods(properties: &[Property]) -> Vec<String> {
    let mut scope = Scope::reserving(&["new", "clone", "into_definition", "into_node", "as_mut"]);
    properties.iter().map(|property| scope.name(snake(&property.name))).collect()
}

/// The type parameters of a builder: one a required property.
struct States {
    count: usize,
}

impl States {
    fn list(&self, state: impl Fn(usize) -> String) -> String {
        if self.count == 0 {
            return String::new();
        }
        let states: Vec<_> = (0..self.count).map(state).collect();
        format!("<{}>", states.join(", "))
    }

    fn open(&self) -> String {
        self.list(|index| format!("R{index}"))
    }

    fn marker(&self) -> String {
        let states: Vec<_> = (0..self.count).map(|index| format!("R{index},")).collect();
        format!("::core::marker::PhantomData<({})>", states.join(" "))
    }
}

struct Emitter<'a> {
    out: &'a mut String,
    names: &'a Names,
    required: &'a mut BTreeSet<String>,
}

impl Emitter<'_> {
    fn resource(&mut self, resource: &Resource, name: &str) -> Result {
        let page = format!("aws-resource-{}-{}", resource.service(), resource.name()).to_lowercase();
        writeln!(self.out, "/// `{}`: [what it is and takes]({REFERENCE}/{page}.html).", resource.type_name)?;
        if !resource.returned_by_ref.is_empty() {
            let returned: Vec<_> = resource.returned_by_ref.iter().map(|name| format!("`{name}`")).collect();
            writeln!(self.out, "///\n/// `Ref` returns {}.", returned.join(", "))?;
        }
        writeln!(self.out, "#[must_use = \"a resource does nothing until it is added\"]")?;
        let states = self.builder(name, "crate::Definition", &resource.properties)?;
        let (open, set) = (states.open(), states.list(|_| "crate::Set".to_owned()));
        writeln!(
            self.out,
            "impl{open} AsMut<crate::Definition> for {name}{open} {{\n    \
             #[inline]\n    fn as_mut(&mut self) -> &mut crate::Definition {{ &mut self.0 }}\n}}\n\
             #[diagnostic::do_not_recommend]\nimpl crate::Resource for {name}{set} {{\n    const TYPE: &'static str = \"{}\";\n    \
             type Ref = {name}Ref;\n    #[inline]\n    fn into_definition(self) -> crate::Definition {{ self.0 }}\n}}",
            resource.type_name
        )?;
        self.handle(resource, name)
    }

    fn handle(&mut self, resource: &Resource, name: &str) -> Result {
        writeln!(
            self.out,
            "/// A handle on a [`{name}`].\n#[derive(Clone, Debug)]\npub struct {name}Ref(crate::LogicalId);\n\
             #[diagnostic::do_not_recommend]\nimpl crate::ResourceRef for {name}Ref {{\n    \
             #[inline]\n    fn from_logical_id(id: crate::LogicalId) -> Self {{ Self(id) }}\n    \
             #[inline]\n    fn logical_id(&self) -> &crate::LogicalId {{ &self.0 }}\n}}\nimpl {name}Ref {{\n    \
             /// `Ref`.\n    \
             #[inline]\n    pub fn reference(&self) -> crate::Value<::std::string::String> {{ \
             crate::ResourceRef::reference(self) }}"
        )?;
        let mut scope =
            Scope::reserving(&["reference", "attribute", "logical_id", "from_logical_id", "clone"]);
        for (attribute, of) in &resource.attributes {
            let method = scope.name(snake(attribute));
            let of = match of {
                Type::Struct(_) | Type::Enum(_) => "crate::Json".to_owned(),
                Type::List(item) if matches!(**item, Type::Struct(_) | Type::Enum(_)) => {
                    "crate::Json".to_owned()
                }
                simple => self.names.path(simple),
            };
            writeln!(
                self.out,
                "    /// `Fn::GetAtt` of `{attribute}`.\n    #[inline]\n    pub fn {method}(&self) -> crate::Value<{of}> {{ \
                 crate::resource::get_att(&self.0, \"{attribute}\") }}"
            )?;
        }
        writeln!(self.out, "}}")
    }

    fn structure(&mut self, resource: &Resource, original: &str, properties: &[Property]) -> Result {
        let name = self.names.structs[original].clone();
        let page =
            format!("aws-properties-{}-{}-{original}", resource.service(), resource.name()).to_lowercase();
        writeln!(
            self.out,
            "/// `{original}` of `{}`: [reference]({REFERENCE}/{page}.html).",
            resource.type_name
        )?;
        let states = self.builder(&name, "crate::Object", properties)?;
        let set = states.list(|_| "crate::Set".to_owned());
        writeln!(
            self.out,
            "#[diagnostic::do_not_recommend]\nimpl crate::IntoValue<{name}> for {name}{set} {{\n    \
             #[inline]\n    fn into_node(self) -> crate::Node {{ crate::Node::Object(self.0) }}\n}}"
        )
    }

    /// The type, its `new`, and a setter a property.
    fn builder(
        &mut self,
        name: &str,
        inner: &str,
        properties: &[Property],
    ) -> std::result::Result<States, std::fmt::Error> {
        let methods = methods(properties);
        let needed: Vec<_> =
            properties.iter().zip(&methods).filter(|(p, _)| p.required).map(|(_, m)| m).collect();
        let states = States { count: needed.len() };
        let declared = states.list(|index| format!("R{index} = crate::Set"));
        let missing = states.list(|index| format!("crate::Missing<crate::required::{}>", needed[index]));
        writeln!(
            self.out,
            "pub struct {name}{declared}({inner}, {marker});\nimpl {name}{missing} {{\n    \
             /// An empty description.\n    #[inline]\n    #[track_caller]\n    \
             pub fn new() -> Self {{ Self({inner}::new(), ::core::marker::PhantomData) }}\n}}\n\
             impl{open} {name}{open} {{",
            marker = states.marker(),
            open = states.open(),
        )?;
        let mut taken = Scope::default();
        for method in &methods {
            taken.name(method.clone());
        }
        let mut slot = 0;
        for (property, method) in properties.iter().zip(&methods) {
            let result = if property.required {
                slot += 1;
                let to =
                    states.list(|i| if i + 1 == slot { "crate::Set".to_owned() } else { format!("R{i}") });
                format!("{name}{to}")
            } else {
                "Self".to_owned()
            };
            self.setter(name, property, method, &result)?;
            self.closure_setter(name, property, method, &result, &mut taken)?;
        }
        self.required.extend(needed.into_iter().cloned());
        writeln!(self.out, "}}")?;
        Ok(states)
    }

    fn setter(&mut self, name: &str, property: &Property, method: &str, result: &str) -> Result {
        let (doc, key, of) = (&property.doc, &property.name, self.names.path(&property.of));
        writeln!(
            self.out,
            "    /// {doc}\n    #[track_caller]\n    \
             pub fn {method}(self, value: impl crate::IntoValue<{of}>) -> {result} {{ \
             {name}(self.0.with(\"{key}\", value.into_node()), ::core::marker::PhantomData) }}"
        )
    }

    /// `x_with` for a nested structure, `add_x` for an item of a list of them.
    fn closure_setter(
        &mut self,
        name: &str,
        property: &Property,
        method: &str,
        result: &str,
        taken: &mut Scope,
    ) -> Result {
        let (nested, verb, wanted) = match &property.of {
            Type::Struct(nested) => (nested, "with", format!("{}_with", method.trim_end_matches('_'))),
            Type::List(item) => match &**item {
                Type::Struct(nested) => (nested, "push", format!("add_{}", method.trim_end_matches('_'))),
                _ => return Ok(()),
            },
            _ => return Ok(()),
        };
        let method = taken.name(wanted);
        let path = format!("{}::{}", self.names.module, self.names.structs[nested]);
        let missing: Vec<_> = self.names.missing[nested]
            .iter()
            .map(|m| format!("crate::Missing<crate::required::{m}>"))
            .collect();
        let initial =
            if missing.is_empty() { path.clone() } else { format!("{path}<{}>", missing.join(", ")) };
        let (doc, key) = (&property.doc, &property.name);
        writeln!(
            self.out,
            "    /// {doc}\n    #[track_caller]\n    \
             pub fn {method}<V: crate::IntoValue<{path}>>(self, build: impl FnOnce({initial}) -> V) -> {result} {{ \
             {name}(self.0.{verb}(\"{key}\", build({path}::new()).into_node()), ::core::marker::PhantomData) }}"
        )
    }

    fn enumeration(&mut self, original: &str, members: &[String]) -> Result {
        let name = &self.names.enums[original];
        let mut scope = Scope::default();
        let variants: Vec<_> = members.iter().map(|member| (scope.name(pascal(member)), member)).collect();
        writeln!(self.out, "/// The values of `{original}`; `Value::raw(…)` writes another.")?;
        writeln!(
            self.out,
            "#[derive(Clone, Copy, Debug, PartialEq, Eq)]\n#[non_exhaustive]\n#[allow(non_camel_case_types)]\npub enum {name} {{"
        )?;
        for (variant, member) in &variants {
            writeln!(self.out, "    /// `{member}`\n    {variant},")?;
        }
        writeln!(
            self.out,
            "}}\nimpl {name} {{\n    /// The value in a template.\n    #[inline]\n    pub fn as_str(self) -> &'static str {{"
        )?;
        let texts: Vec<_> = members.iter().map(|member| format!("{member:?}")).collect();
        writeln!(
            self.out,
            "        const TEXTS: &[&str] = &[{}];\n        TEXTS[self as usize]\n    }}\n}}",
            texts.join(", ")
        )?;
        writeln!(
            self.out,
            "#[diagnostic::do_not_recommend]\nimpl crate::IntoValue<{name}> for {name} {{\n    \
             #[inline]\n    fn into_node(self) -> crate::Node {{ crate::Node::Text(self.as_str().into()) }}\n}}"
        )
    }
}
