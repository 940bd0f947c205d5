//! What differs between a site and what is served of it.

use super::record::{Published, Record};
use super::{SiteFile, invalidation};
use std::collections::{BTreeMap, BTreeSet};

/// What differs.
#[derive(Debug, Default)]
pub(crate) struct Difference {
    /// In the order in which they go up.
    pub(crate) uploads: Vec<SiteFile>,
    /// Those of them of whose name nothing is served yet; sorted.
    pub(crate) additions: Vec<String>,
    /// Sorted.
    pub(crate) removals: Vec<String>,
    /// As CloudFront is asked.
    pub(crate) invalidation: Vec<String>,
    /// What the record says when all is done.
    pub(crate) after: Record,
}

/// The files of the site against what was published and what the bucket lists (key to entity tag).
pub(crate) fn difference(
    files: Vec<SiteFile>,
    published: &Record,
    listed: &BTreeMap<String, String>,
    cached: bool,
) -> Difference {
    let wanted: BTreeSet<String> = files.iter().map(|file| file.path.clone()).collect();
    let mut uploads: Vec<_> = files.into_iter().filter(|file| !published.holds(file, listed)).collect();
    pages_last(&mut uploads);
    let mut additions: Vec<_> =
        uploads.iter().map(|file| file.path.clone()).filter(|path| !listed.contains_key(path)).collect();
    additions.sort();
    // Only what this engine put there: the bucket may hold other things, under a name that was ours before too.
    let ours = published.files.iter().filter(|(path, file)| file.may_be_removed(listed.get(*path)));
    let removals = ours.map(|(path, _)| path).filter(|path| !wanted.contains(*path));
    let removals: Vec<_> = removals.cloned().collect();
    let mut after = published.clone();
    after.files.retain(|path, _| wanted.contains(path));
    // Before the first publication nobody can have asked for a file, unless one is there already.
    let first = published.files.is_empty();
    let known = |path: &&str| !first || listed.contains_key(*path);
    let changed = uploads.iter().map(|file| file.path.as_str()).filter(known);
    let changed = changed.chain(removals.iter().map(String::as_str));
    if cached {
        after.pending.extend(invalidation::paths(changed));
    } else {
        after.pending.clear();
    }
    let invalidation = invalidation::bounded(&after.pending);
    after.pending = invalidation.iter().cloned().collect();
    Difference { uploads, additions, removals, invalidation, after }
}

/// What holds while the files are on their way: no longer what was, and not yet what is to be.
pub(crate) fn under_way(before: &Record, after: &Record, uploads: &[SiteFile]) -> Record {
    let mut record = Record { files: before.files.clone(), pending: after.pending.clone() };
    record.files.extend(uploads.iter().map(|file| (file.path.clone(), Published::default())));
    record
}

/// Order in which files go up: by path, the pages last.
fn pages_last(files: &mut [SiteFile]) {
    files.sort_by(|a, b| (a.is_page(), &a.path).cmp(&(b.is_page(), &b.path)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, content: &str) -> SiteFile {
        SiteFile {
            path: path.to_owned(),
            content: content.as_bytes().to_vec(),
            content_type: crate::site::kind::content_type(path),
            cache_control: "no-cache",
        }
    }

    /// The record and the listing after `files` have been published.
    fn published(files: &[SiteFile]) -> (Record, BTreeMap<String, String>) {
        let etag = |file: &SiteFile| format!("etag of {}", String::from_utf8_lossy(&file.content));
        let entry = |file: &SiteFile| {
            (file.path.clone(), Published { fingerprint: file.fingerprint(), etag: etag(file) })
        };
        let record = Record { files: files.iter().map(entry).collect(), pending: BTreeSet::new() };
        (record, files.iter().map(|file| (file.path.clone(), etag(file))).collect())
    }

    #[track_caller]
    fn check(difference: &Difference, uploads: &[&str], removals: &[&str], invalidation: &[&str]) {
        let paths: Vec<_> = difference.uploads.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            (paths.as_slice(), &*difference.removals),
            (uploads, &*removals.iter().map(|r| (*r).to_owned()).collect::<Vec<_>>())
        );
        assert_eq!(difference.invalidation, invalidation);
    }

    #[test]
    fn at_first_everything_goes_up_pages_last_and_nothing_is_forgotten() {
        let files =
            vec![file("a/index.html", "a"), file("index.html", "i"), file("app.js", "j"), file("z.css", "z")];
        let found = difference(files, &Record::default(), &BTreeMap::new(), true);
        check(&found, &["app.js", "z.css", "a/index.html", "index.html"], &[], &[]);
    }

    #[test]
    fn what_somebody_else_put_there_is_replaced_and_forgotten() {
        let listed =
            [("index.html".to_owned(), "other".to_owned()), ("photo.jpg".to_owned(), "p".to_owned())].into();
        let found = difference(vec![file("index.html", "i")], &Record::default(), &listed, true);
        check(&found, &["index.html"], &[], &["/", "/index.html"]);
    }

    #[test]
    fn nothing_goes_up_twice() {
        let files = vec![file("app.js", "j"), file("index.html", "i")];
        let (record, listed) = published(&files);
        check(&difference(files, &record, &listed, true), &[], &[], &[]);
    }

    #[test]
    fn only_what_changed_goes_up_and_is_forgotten() {
        let (record, listed) =
            published(&[file("app.js", "j"), file("index.html", "i"), file("old.css", "o")]);
        let files = vec![file("app.js", "j2"), file("index.html", "i"), file("new.css", "n")];
        let found = difference(files, &record, &listed, true);
        check(&found, &["app.js", "new.css"], &["old.css"], &["/app.js", "/new.css", "/old.css"]);
        assert_eq!(found.after.files.keys().collect::<Vec<_>>(), ["app.js", "index.html"]);
    }

    #[test]
    fn another_header_or_a_hand_in_the_bucket_is_a_change_too() {
        let (record, mut listed) = published(&[file("app.js", "j"), file("x.js", "x"), file("y.js", "y")]);
        let mut files = vec![file("app.js", "j"), file("x.js", "x"), file("y.js", "y")];
        files[0].cache_control = "public";
        listed.insert("x.js".to_owned(), "other".to_owned());
        listed.remove("y.js");
        let found = difference(files, &record, &listed, false);
        check(&found, &["app.js", "x.js", "y.js"], &[], &[]);
    }

    #[test]
    fn what_somebody_else_has_put_in_the_place_of_ours_stays() {
        let (record, mut listed) = published(&[file("old.css", "o"), file("gone.css", "g")]);
        listed.insert("old.css".to_owned(), "other".to_owned());
        let found = difference(Vec::new(), &record, &listed, true);
        check(&found, &[], &["gone.css"], &["/gone.css"]);
        assert!(found.after.files.is_empty(), "from now on it is theirs");
    }

    #[test]
    fn an_interrupted_run_is_taken_up() {
        let (before, listed) = published(&[file("app.js", "j"), file("old.css", "o")]);
        let first = difference(vec![file("app.js", "j2")], &before, &listed, true);
        let record = under_way(&before, &first.after, &first.uploads);
        // The file went up, and old.css is gone; then the run ended.
        let (_, listed) = published(&[file("app.js", "j2")]);
        let second = difference(vec![file("app.js", "j2")], &record, &listed, true);
        check(&second, &["app.js"], &["old.css"], &["/app.js", "/old.css"]);
        // Even if the sources have gone back meanwhile.
        let (_, listed) = published(&[file("app.js", "j")]);
        check(
            &difference(vec![file("app.js", "j")], &record, &listed, true),
            &["app.js"],
            &["old.css"],
            &["/app.js", "/old.css"],
        );
    }

    #[test]
    fn what_cloudfront_refused_to_forget_is_asked_again() {
        let files = vec![file("app.js", "j")];
        let (mut record, listed) = published(&files);
        record.pending.insert("/app.js".to_owned());
        check(&difference(files.clone(), &record, &listed, true), &[], &[], &["/app.js"]);
        check(&difference(files, &record, &listed, false), &[], &[], &[]);
    }
}
