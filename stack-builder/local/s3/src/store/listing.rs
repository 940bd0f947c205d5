//! Listing keys: prefix, delimiter, pages.

use crate::store::Meta;
use crate::store::index::Index;
use std::sync::Arc;

/// What a listing asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    pub(crate) prefix: String,
    /// Empty for none.
    pub(crate) delimiter: String,
    /// Only what comes after it: a key, or a common prefix that a page ended with.
    pub(crate) after: String,
    pub(crate) limit: usize,
}

/// One page of objects.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) objects: Vec<Arc<Meta>>,
    pub(crate) prefixes: Vec<String>,
    /// The last entry, when there are more.
    pub(crate) next: Option<String>,
}

/// One page of versions; the flag says whether it is the latest of its key.
#[derive(Debug, Default)]
pub(crate) struct VersionPage {
    pub(crate) versions: Vec<(Arc<Meta>, bool)>,
    pub(crate) prefixes: Vec<String>,
    /// Key and version id of the last entry, when there are more; a common prefix has no version id.
    pub(crate) next: Option<(String, Option<String>)>,
}

/// What is found at a place of the index.
enum Group<'a> {
    /// A key of its own.
    Key(&'a str, &'a [Arc<Meta>]),
    /// All keys that begin so.
    Common(&'a str),
}

/// Walks keys in order, common prefixes as one.
struct Walk<'a> {
    index: &'a Index,
    query: &'a Query,
    at: Option<String>,
}

impl<'a> Walk<'a> {
    fn new(index: &'a Index, query: &'a Query) -> Self {
        let start = if query.after > query.prefix { &query.after } else { &query.prefix };
        Self { index, query, at: Some(start.clone()) }
    }

    /// The next group that holds a version which is wanted.
    fn next(&mut self, wanted: impl Fn(&[Arc<Meta>]) -> bool) -> Option<Group<'a>> {
        loop {
            let start = self.at.take()?;
            let (key, versions) = self.index.from(&start).find(|(_, versions)| wanted(versions))?;
            let rest = key.strip_prefix(self.query.prefix.as_str())?;
            let Some(common) = self.common(key, rest) else {
                self.at = Some(format!("{key}\0"));
                return Some(Group::Key(key, versions));
            };
            self.at = successor(common);
            if common != self.query.after {
                return Some(Group::Common(common));
            }
        }
    }

    fn common(&self, key: &'a str, rest: &str) -> Option<&'a str> {
        let delimiter = self.query.delimiter.as_str();
        let place = if delimiter.is_empty() { None } else { rest.find(delimiter) };
        place.map(|place| &key[..self.query.prefix.len() + place + delimiter.len()])
    }
}

/// The first text after all that begin with `prefix`; `None` when there is none.
fn successor(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = if last == '\u{d7ff}' { Some('\u{e000}') } else { char::from_u32(u32::from(last) + 1) };
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

fn live(versions: &[Arc<Meta>]) -> bool {
    versions.first().is_some_and(|latest| !latest.marker)
}

/// A page of objects that are not deleted.
pub(crate) fn objects(index: &Index, query: &Query) -> Page {
    let mut page = Page::default();
    let mut walk = Walk::new(index, query);
    let mut last = None;
    while let Some(group) = walk.next(live) {
        if matches!(group, Group::Key(key, _) if key <= query.after.as_str() && !query.after.is_empty()) {
            continue;
        }
        if page.objects.len() + page.prefixes.len() == query.limit {
            page.next = last;
            return page;
        }
        match group {
            Group::Common(common) => {
                last = Some(common.to_owned());
                page.prefixes.push(common.to_owned());
            }
            Group::Key(key, versions) => {
                last = Some(key.to_owned());
                page.objects.extend(versions.first().cloned());
            }
        }
    }
    page
}

/// A page of versions and delete markers; after `after_version` of the key `query.after` when that is given.
pub(crate) fn versions(index: &Index, query: &Query, after_version: Option<&str>) -> VersionPage {
    let mut page = VersionPage::default();
    let mut walk = Walk::new(index, query);
    let full = |page: &VersionPage| page.versions.len() + page.prefixes.len() == query.limit;
    let mut last = None;
    while let Some(group) = walk.next(|_| true) {
        match group {
            Group::Common(common) => {
                if full(&page) {
                    page.next = last;
                    return page;
                }
                last = Some((common.to_owned(), None));
                page.prefixes.push(common.to_owned());
            }
            Group::Key(key, all) => {
                for (place, meta) in all.iter().enumerate().skip(passed(query, key, all, after_version)) {
                    if full(&page) {
                        page.next = last;
                        return page;
                    }
                    last = Some((key.to_owned(), Some(meta.version_id())));
                    page.versions.push((meta.clone(), place == 0));
                }
            }
        }
    }
    page
}

/// How many versions of a key earlier pages had.
fn passed(query: &Query, key: &str, all: &[Arc<Meta>], after_version: Option<&str>) -> usize {
    if key != query.after || query.after.is_empty() {
        return 0;
    }
    let Some(id) = after_version else { return all.len() };
    all.iter().position(|meta| meta.version_id() == id).map_or(0, |place| place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(keys: &[&str]) -> Index {
        let mut index = Index::default();
        for (order, key) in (1..).zip(keys) {
            index.insert(Arc::new(Meta { key: (*key).to_owned(), order, ..Meta::default() }));
        }
        index
    }

    /// All pages, entries of each joined.
    fn pages(index: &Index, prefix: &str, delimiter: &str, limit: usize) -> Vec<String> {
        let mut query =
            Query { prefix: prefix.into(), delimiter: delimiter.into(), after: String::new(), limit };
        let mut pages = Vec::new();
        loop {
            let page = objects(index, &query);
            let mut entries: Vec<_> = page.objects.iter().map(|meta| meta.key.clone()).collect();
            entries.extend(page.prefixes);
            pages.push(entries.join(" "));
            match page.next {
                Some(next) => query.after = next,
                None => return pages,
            }
        }
    }

    const KEYS: [&str; 8] = ["a", "a/b", "a/c/d", "b", "b/x", "b/y", "c", "ü/1"];

    #[test]
    fn pages_end_where_the_next_ones_begin() {
        let index = index(&KEYS);
        assert_eq!(pages(&index, "", "", 3), ["a a/b a/c/d", "b b/x b/y", "c ü/1"]);
        assert_eq!(pages(&index, "", "/", 2), ["a a/", "b b/", "c ü/"]);
        assert_eq!(pages(&index, "", "/", 1), ["a", "a/", "b", "b/", "c", "ü/"]);
        assert_eq!(pages(&index, "a/", "/", 9), ["a/b a/c/"]);
        assert_eq!(pages(&index, "b/", "", 1), ["b/x", "b/y"]);
        assert_eq!(pages(&index, "nothing", "/", 5), [""]);
        assert_eq!(pages(&index, "", "", 8).len(), 1, "a full last page is the last one");
    }

    #[test]
    fn starting_after_a_key_leaves_it_out() {
        let index = index(&KEYS);
        let query = Query { after: "b/x".into(), limit: 2, ..Query::default() };
        let page = objects(&index, &query);
        assert_eq!(page.objects.iter().map(|meta| meta.key.as_str()).collect::<Vec<_>>(), ["b/y", "c"]);
    }

    #[test]
    fn deleted_objects_are_only_among_versions() {
        let mut index = index(&["k", "l"]);
        let marker =
            Meta { key: "k".into(), order: 9, version: Some("m".into()), marker: true, ..Meta::default() };
        index.insert(Arc::new(marker));
        assert_eq!(pages(&index, "", "", 9), ["l"]);
        let ask = |after: &str, version: Option<&str>| {
            let query = Query { after: after.into(), limit: 1, ..Query::default() };
            versions(&index, &query, version)
        };
        let first = ask("", None);
        assert_eq!(first.next, Some(("k".to_owned(), Some("m".to_owned()))));
        let second = ask("k", Some("m"));
        assert_eq!(second.versions[0].0.version_id(), "null");
        assert!(!second.versions[0].1);
        assert_eq!(ask("k", Some("null")).versions[0].0.key, "l");
    }

    #[test]
    fn the_end_of_a_prefix_is_found() {
        assert_eq!(successor("a/").as_deref(), Some("a0"));
        assert_eq!(successor("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(successor("\u{10ffff}"), None);
    }
}
