//! The cache: objects by key, the least recently used going first.

use crate::pattern;
use bytes::Bytes;
use http::HeaderMap;
use percent_encoding::percent_decode_str;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Bytes of all objects.
const ROOM: usize = 32 << 20;
/// Bytes of one object; a larger one is passed on without being kept.
pub(crate) const LARGEST: usize = 4 << 20;
/// What an entry costs beside its texts.
const OVERHEAD: usize = 512;

/// An answer that is kept.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Milliseconds since 1970, less the age it came with.
    pub(crate) since: u64,
    /// Milliseconds since 1970.
    pub(crate) fresh_until: u64,
    /// Whether it stands for an error, whatever its status says.
    pub(crate) error: bool,
    /// Where it came from, for invalidations: distribution, and path with query string.
    pub(crate) place: (Arc<str>, String),
}

impl Object {
    fn weight(&self, key: &str) -> usize {
        let headers: usize = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        OVERHEAD + key.len() + self.place.1.len() + headers + self.body.len()
    }
}

#[derive(Default)]
struct Entries {
    objects: HashMap<Arc<str>, (Arc<Object>, u64)>,
    order: BTreeMap<u64, Arc<str>>,
    bytes: usize,
    tick: u64,
    /// Counts invalidations: what was asked for before one is not kept after it.
    generation: u64,
}

/// All distributions' objects.
#[derive(Default)]
pub(crate) struct Store(Mutex<Entries>);

impl Store {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The object of a key, whether fresh or not.
    pub(crate) fn get(&self, key: &str) -> Option<Arc<Object>> {
        let mut guard = self.lock();
        let entries = &mut *guard;
        entries.tick += 1;
        let (object, used) = entries.objects.get_mut(key)?;
        let name = entries.order.remove(used)?;
        *used = entries.tick;
        entries.order.insert(entries.tick, name);
        Some(object.clone())
    }

    /// How many invalidations there have been.
    pub(crate) fn generation(&self) -> u64 {
        self.lock().generation
    }

    /// Keeps an object, unless there was an invalidation since `generation`.
    pub(crate) fn put(&self, key: &str, object: Arc<Object>, generation: u64) {
        let mut entries = self.lock();
        if entries.generation != generation {
            return;
        }
        entries.remove(key);
        let (name, weight): (Arc<str>, _) = (key.into(), object.weight(key));
        entries.tick += 1;
        let tick = entries.tick;
        entries.bytes += weight;
        entries.order.insert(tick, name.clone());
        entries.objects.insert(name, (object, tick));
        while entries.bytes > ROOM {
            let Some((_, oldest)) = entries.order.pop_first() else { break };
            entries.remove(&oldest);
        }
    }

    /// Forgets the objects of a distribution whose path fits one of `paths`, where a last `*` stands for anything.
    /// Returns how many there were.
    pub(crate) fn invalidate(&self, distribution: &str, paths: &[String]) -> usize {
        let wanted: Vec<_> = paths.iter().map(|path| decoded(path)).collect();
        let hit = |object: &Object| {
            let place = decoded(&object.place.1);
            *object.place.0 == *distribution && wanted.iter().any(|path| fits(path, &place))
        };
        let mut entries = self.lock();
        entries.generation += 1;
        let gone: Vec<_> = entries
            .objects
            .iter()
            .filter(|(_, (object, _))| hit(object))
            .map(|(key, _)| key.clone())
            .collect();
        for key in &gone {
            entries.remove(key);
        }
        gone.len()
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut entries = self.lock();
        let generation = entries.generation + 1;
        *entries = Entries { generation, ..Entries::default() };
    }

    /// Objects and bytes.
    pub(crate) fn size(&self) -> (usize, usize) {
        let entries = self.lock();
        (entries.objects.len(), entries.bytes)
    }
}

impl Entries {
    fn remove(&mut self, key: &str) {
        let Some((name, (object, tick))) = self.objects.remove_entry(key) else { return };
        self.bytes -= object.weight(&name);
        self.order.remove(&tick);
    }
}

fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

fn fits(path: &str, place: &str) -> bool {
    match path.strip_suffix('*') {
        Some(start) => place.starts_with(start),
        None => pattern::matches(path, place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(path: &str, bytes: usize) -> Arc<Object> {
        Arc::new(Object {
            status: 200,
            headers: HeaderMap::new(),
            body: vec![0; bytes].into(),
            since: 0,
            fresh_until: 0,
            error: false,
            place: ("E1".into(), path.to_owned()),
        })
    }

    #[test]
    fn a_flood_drops_what_was_not_used() {
        let store = Store::default();
        store.put("kept", object("/kept", 10), 0);
        for number in 0..100 {
            store.put(&format!("k{number}"), object("/x", 1 << 20), 0);
            assert!(store.get("kept").is_some(), "{number}");
        }
        assert!(store.size().1 <= ROOM && store.get("k0").is_none() && store.get("k99").is_some());
    }

    #[test]
    fn paths_are_forgotten() {
        let paths = ["/", "/a.js", "/a b.js", "/img/1.png", "/q?x=1"];
        let table: [(&str, usize); 8] = [
            ("/", 1),
            ("/*", 5),
            ("/a.js", 1),
            ("/a%20b.js", 1),
            ("/img/*", 1),
            ("/q", 0),
            ("/q*", 1),
            ("/q?x=1", 1),
        ];
        for (path, expect) in table {
            let store = Store::default();
            for path in paths {
                store.put(path, object(path, 1), 0);
            }
            assert_eq!(store.invalidate("E2", &[path.to_owned()]), 0);
            assert_eq!(store.invalidate("E1", &[path.to_owned()]), expect, "{path}");
        }
    }

    #[test]
    fn what_was_fetched_before_an_invalidation_is_not_kept_after_it() {
        let store = Store::default();
        let generation = store.generation();
        store.invalidate("E1", &["/*".to_owned()]);
        store.put("a", object("/a", 1), generation);
        assert!(store.get("a").is_none());
    }
}
