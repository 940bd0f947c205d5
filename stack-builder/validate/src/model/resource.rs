//! One resource of a template.

use crate::document::Place;

/// A resource, to be looked at.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// Its logical id.
    pub id: &'a str,
    /// Its type, such as `AWS::S3::Bucket`.
    pub type_name: &'a str,
    /// All of it: `Type`, `Properties` and the attributes beside them.
    pub place: Place<'a>,
}

impl<'a> Resource<'a> {
    /// `None` for what has no `Type`, such as a loop.
    pub(super) fn new(id: &'a str, place: Place<'a>) -> Option<Self> {
        let type_name = place.get("Type")?.text()?;
        Some(Self { id, type_name, place })
    }

    /// An attribute beside the properties, such as `DeletionPolicy`.
    pub fn attribute(&self, name: &str) -> Option<Place<'a>> {
        self.place.get(name)
    }

    /// The property at `path` (names joined by `.`) as it is written, be it a function; `None` where it is not set.
    pub fn property(&self, path: &str) -> Option<Place<'a>> {
        let properties = self.place.get("Properties")?;
        path.split('.').try_fold(properties, Place::get)
    }

    /// Every value that may stand at `path`: see [`Place::values`]. `Rules.*.Status` looks into each rule.
    pub fn values(&self, path: &str) -> Vec<Place<'a>> {
        self.place.get("Properties").map(|properties| properties.values(path)).unwrap_or_default()
    }

    /// Every literal that may stand at `path`.
    pub fn texts(&self, path: &str) -> Vec<(&'a str, Place<'a>)> {
        let values = self.values(path).into_iter();
        values.filter_map(|place| place.text().map(|text| (text, place))).collect()
    }

    /// Whether one of the values that may stand at `path` is this text (or boolean, or number).
    pub fn may_be(&self, path: &str, literal: &str) -> bool {
        self.values(path).into_iter().any(|place| place.literal().as_deref() == Some(literal))
    }

    /// Where to point for a property that is absent: the nearest of its parents that is there, at last the resource.
    pub fn nearest(&self, path: &str) -> Place<'a> {
        let mut here = self.place.get("Properties").unwrap_or(self.place);
        for name in path.split('.') {
            let Some(next) = here.get(name) else { break };
            here = next;
        }
        if here.key() == Some("Properties") { self.place } else { here }
    }
}
