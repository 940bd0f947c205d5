//! The values of lists and maps, one after the other.

use super::{Document, Id, Place};

/// The values of a list.
#[derive(Clone, Debug)]
pub struct Items<'a> {
    document: &'a Document,
    ids: std::slice::Iter<'a, Id>,
}

impl<'a> Items<'a> {
    pub(super) fn new(document: &'a Document, ids: &'a [Id]) -> Self {
        Self { document, ids: ids.iter() }
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Place<'a>;

    fn next(&mut self) -> Option<Place<'a>> {
        self.ids.next().map(|id| Place::new(self.document, *id))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.ids.size_hint()
    }
}

impl ExactSizeIterator for Items<'_> {}

/// The keys and values of a map.
#[derive(Clone, Debug)]
pub struct Entries<'a>(Items<'a>);

impl<'a> Entries<'a> {
    pub(super) fn new(values: Items<'a>) -> Self {
        Self(values)
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, Place<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|place| (place.key().unwrap_or_default(), place))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Entries<'_> {}
