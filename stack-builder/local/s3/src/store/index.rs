//! Which objects and versions a bucket has, sorted by key as S3 sorts: by their UTF-8 bytes.

use crate::store::Meta;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why there is no object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Absent {
    /// Nothing by this key.
    Key,
    /// The latest version, or the one asked for, is a delete marker.
    Marker(Arc<Meta>),
    /// The key has no such version.
    Version,
}

/// Every version of every object.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Versions newest first; never empty.
    keys: BTreeMap<Arc<str>, Vec<Arc<Meta>>>,
    /// The highest order so far.
    order: u64,
}

impl Index {
    /// The latest version, or the one with this id.
    pub(crate) fn find(&self, key: &str, version: Option<&str>) -> Result<Arc<Meta>, Absent> {
        let versions = self.keys.get(key);
        let meta = match version {
            None => versions.ok_or(Absent::Key)?.first().ok_or(Absent::Key)?,
            Some(id) => {
                let mut versions = versions.into_iter().flatten();
                versions.find(|meta| is_version(meta, id)).ok_or(Absent::Version)?
            }
        };
        if meta.marker { Err(Absent::Marker(meta.clone())) } else { Ok(meta.clone()) }
    }

    /// An order above all before; about the time in microseconds, so that it stays so after a restart.
    pub(crate) fn next_order(&mut self, now: u64) -> u64 {
        self.order = (self.order + 1).max(now.saturating_mul(1000));
        self.order
    }

    /// Puts a version in front, in the place of the one with the same id.
    pub(crate) fn insert(&mut self, meta: Arc<Meta>) {
        self.order = self.order.max(meta.order);
        match self.keys.get_mut(meta.key.as_str()) {
            None => drop(self.keys.insert(meta.key.as_str().into(), vec![meta])),
            Some(versions) => {
                versions.retain(|other| other.version != meta.version);
                let place = versions.partition_point(|other| other.order > meta.order);
                versions.insert(place, meta);
            }
        }
    }

    /// Takes a version away.
    pub(crate) fn remove(&mut self, key: &str, id: &str) -> Option<Arc<Meta>> {
        let versions = self.keys.get_mut(key)?;
        let place = versions.iter().position(|meta| is_version(meta, id))?;
        let removed = versions.remove(place);
        if versions.is_empty() {
            self.keys.remove(key);
        }
        Some(removed)
    }

    /// Replaces the description of a version that stays.
    pub(crate) fn replace(&mut self, meta: Arc<Meta>) {
        let versions = self.keys.get_mut(meta.key.as_str()).into_iter().flatten();
        for other in versions.filter(|other| other.order == meta.order) {
            *other = meta.clone();
        }
    }

    /// Whether any version has an id.
    pub(crate) fn has_versions(&self, key: &str) -> bool {
        self.keys.get(key).is_some_and(|versions| versions.iter().any(|meta| meta.version.is_some()))
    }

    /// Keys from `start` on with their versions, newest first.
    pub(crate) fn from<'a>(
        &'a self,
        start: &str,
    ) -> impl Iterator<Item = (&'a str, &'a [Arc<Meta>])> + use<'a> {
        let range = self.keys.range::<str, _>((std::ops::Bound::Included(start), std::ops::Bound::Unbounded));
        range.map(|(key, versions)| (&**key, versions.as_slice()))
    }

    /// Objects that are not deleted, and the bytes of all versions.
    pub(crate) fn totals(&self) -> (usize, u64) {
        let live = self.keys.values().filter(|versions| versions.first().is_some_and(|meta| !meta.marker));
        (live.count(), self.keys.values().flatten().map(|meta| meta.size).sum())
    }
}

fn is_version(meta: &Meta, id: &str) -> bool {
    meta.version.as_deref().unwrap_or("null") == id
}
