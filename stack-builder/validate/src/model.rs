//! The template as rules see it: resources by type, properties through conditions, and who refers to whom.

mod resource;

pub use resource::Resource;

use crate::document::{Document, Entries, Place};
use crate::locate;
use stack_builder_cfn::{Reference, Template};
use std::collections::HashMap;

/// A template to look at.
#[derive(Debug)]
pub struct Model<'a> {
    document: &'a Document,
    resources: Vec<Resource<'a>>,
    /// The first resource of each name.
    ids: HashMap<&'a str, usize>,
    mentions: Vec<Mention<'a>>,
    /// For each resource or parameter, the mentions of it.
    mentioned: HashMap<String, Vec<usize>>,
    /// The mentions in the order of the text.
    in_order: Vec<usize>,
}

/// A place that refers to something of the template.
#[derive(Clone, Debug)]
pub struct Mention<'a> {
    /// What refers: the function, such as `Ref`, or the text of an `Fn::Sub`.
    pub place: Place<'a>,
    /// What is referred to.
    pub reference: Reference<'static>,
}

impl Mention<'_> {
    /// The resource, parameter, condition or mapping that is meant.
    pub fn target(&self) -> &str {
        let (Reference::Name(name)
        | Reference::Attribute(name, _)
        | Reference::Condition(name)
        | Reference::Mapping(name)) = &self.reference;
        name
    }

    /// Whether a resource or parameter is meant, not a condition or mapping.
    pub fn is_value(&self) -> bool {
        matches!(self.reference, Reference::Name(_) | Reference::Attribute(..))
    }

    /// The attribute that is read, for `Fn::GetAtt` and its form in `Fn::Sub`.
    pub fn attribute(&self) -> Option<&str> {
        if let Reference::Attribute(_, name) = &self.reference { Some(name) } else { None }
    }
}

impl<'a> Model<'a> {
    pub(crate) fn new(document: &'a Document, template: &Template) -> Self {
        let resources = document.root().get("Resources").map(Place::entries).into_iter().flatten();
        let resources: Vec<_> = resources.filter_map(|(id, body)| Resource::new(id, body)).collect();
        let ids = resources.iter().enumerate().rev().map(|(index, resource)| (resource.id, index)).collect();
        let mut mentions = Vec::new();
        template.references(|reference, path| {
            if let Some(place) = locate::find(document, &path) {
                mentions.push(Mention { place, reference: reference.into_owned() });
            }
        });
        let mut mentioned: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, mention) in mentions.iter().enumerate().filter(|(_, mention)| mention.is_value()) {
            mentioned.entry(mention.target().to_owned()).or_default().push(index);
        }
        let mut in_order: Vec<_> = (0..mentions.len()).collect();
        in_order.sort_by_key(|index| mentions[*index].place.order());
        Self { document, resources, ids, mentions, mentioned, in_order }
    }

    /// The whole template.
    pub fn root(&self) -> Place<'a> {
        self.document.root()
    }

    /// The entries of a section, such as `Parameters`, in the order of the text.
    pub fn section(&self, name: &str) -> Entries<'a> {
        self.root().get(name).map_or_else(|| self.root().no_entries(), Place::entries)
    }

    /// All resources, in the order of the text.
    pub fn resources(&self) -> &[Resource<'a>] {
        &self.resources
    }

    /// The resources of one type.
    pub fn of_type(&self, type_name: &str) -> impl Iterator<Item = &Resource<'a>> {
        self.resources.iter().filter(move |resource| resource.type_name == type_name)
    }

    /// The resource called `id`.
    pub fn resource(&self, id: &str) -> Option<&Resource<'a>> {
        self.ids.get(id).map(|index| &self.resources[*index])
    }

    /// Everything that refers to something.
    pub fn mentions(&self) -> &[Mention<'a>] {
        &self.mentions
    }

    /// What refers to the resource or parameter `id`.
    pub fn mentions_of(&self, id: &str) -> impl Iterator<Item = &Mention<'a>> {
        self.mentioned.get(id).into_iter().flatten().map(|index| &self.mentions[*index])
    }

    /// The resource to which `value` refers, by `Ref` or by an attribute; the first one of several.
    pub fn target(&self, value: Place<'a>) -> Option<&Resource<'a>> {
        self.targets(value).into_iter().next()
    }

    /// All resources to which `value`, or anything in it, refers.
    pub fn targets(&self, value: Place<'a>) -> Vec<&Resource<'a>> {
        let start = self.in_order.partition_point(|i| self.mentions[*i].place.order() < value.order());
        let behind = self.in_order[start..].iter();
        let mut within: Vec<_> =
            behind.copied().take_while(|index| value.holds(self.mentions[*index].place)).collect();
        within.sort_unstable();
        let mentions = within.into_iter().map(|index| &self.mentions[index]);
        mentions
            .filter(|mention| mention.is_value())
            .filter_map(|mention| self.resource(mention.target()))
            .collect()
    }

    /// Whether a macro rewrites the template before CloudFormation reads it, so that what is absent may yet come.
    pub fn is_transformed(&self) -> bool {
        self.root().get("Transform").is_some()
    }
}
