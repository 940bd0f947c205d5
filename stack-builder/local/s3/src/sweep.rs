//! Objects whose time is over: the rules of a `LifecycleConfiguration`.

use crate::buckets::Inner;
use crate::store::{Meta, Shelf, Versioning, uploads};
use serde_json::Value;
use std::sync::{Arc, Weak};
use std::time::Duration;

const DAY: u64 = 24 * 60 * 60;

/// One rule that deletes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Expiry {
    prefix: String,
    tags: Vec<(String, String)>,
    /// Seconds after which the latest version goes.
    current: Option<u64>,
    /// Seconds after which a version that has been overwritten goes.
    noncurrent: Option<u64>,
    /// Seconds after which an upload in parts is given up.
    uploads: Option<u64>,
}

/// The rules of a template that are enabled; a note for what they ask beside deletion.
pub(crate) fn rules(rules: &Value, note: &mut impl FnMut(String)) -> Vec<Expiry> {
    let rules = rules.as_array().into_iter().flatten();
    rules.filter(|rule| rule["Status"] == "Enabled").map(|rule| expiry(rule, note)).collect()
}

fn expiry(rule: &Value, note: &mut impl FnMut(String)) -> Expiry {
    for name in ["Transitions", "Transition", "NoncurrentVersionTransitions", "NoncurrentVersionTransition"] {
        if !rule[name].is_null() {
            note("objects stay in one storage class".to_owned());
        }
    }
    for name in ["ExpirationDate", "ObjectSizeGreaterThan", "ObjectSizeLessThan", "ExpiredObjectDeleteMarker"]
    {
        if !rule[name].is_null() {
            note(format!("`{name}` of a lifecycle rule has no effect here"));
        }
    }
    let noncurrent = &rule["NoncurrentVersionExpiration"]["NoncurrentDays"];
    let noncurrent = days(noncurrent).or_else(|| days(&rule["NoncurrentVersionExpirationInDays"]));
    let tags = rule["TagFilters"].as_array().into_iter().flatten();
    let tag = |tag: &Value| Some((tag["Key"].as_str()?.to_owned(), tag["Value"].as_str()?.to_owned()));
    Expiry {
        prefix: rule["Prefix"].as_str().unwrap_or_default().to_owned(),
        tags: tags.filter_map(tag).collect(),
        current: days(&rule["ExpirationInDays"]),
        noncurrent,
        uploads: days(&rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]),
    }
}

/// Days as a number, or as text as CloudFormation allows; in seconds.
fn days(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok()).map(|days| days.saturating_mul(DAY))
}

impl Expiry {
    fn covers(&self, meta: &Meta) -> bool {
        meta.key.starts_with(&self.prefix) && self.tags.iter().all(|tag| meta.tags.contains(tag))
    }
}

/// Deletes what is over in one bucket; `now` in milliseconds since 1970. How many it were.
pub(crate) fn sweep(shelf: &Shelf, rules: &[Expiry], versioning: Versioning, now: u64) -> usize {
    let mut count = 0;
    for rule in rules {
        for (meta, latest) in over(shelf, rule, now / 1000) {
            count += 1;
            if latest {
                // A disk that refuses is asked again next time.
                let _ = shelf.delete(&meta.key, versioning, now);
            } else {
                shelf.delete_version(&meta.key, &meta.version_id());
            }
        }
        count += sweep_uploads(&shelf.uploads, rule, now / 1000);
    }
    count
}

fn over(shelf: &Shelf, rule: &Expiry, now: u64) -> Vec<(Arc<Meta>, bool)> {
    let old = |since: u64, limit: Option<u64>| limit.is_some_and(|limit| since.saturating_add(limit) <= now);
    let mut over = Vec::new();
    for (_, versions) in shelf.index().from(&rule.prefix).take_while(|(key, _)| key.starts_with(&rule.prefix))
    {
        // A version is noncurrent since the one above it was written.
        let mut above: Option<&Arc<Meta>> = None;
        for meta in versions {
            let gone = match above {
                None => !meta.marker && old(meta.modified, rule.current),
                Some(newer) => old(newer.modified, rule.noncurrent),
            };
            if gone && rule.covers(meta) {
                over.push((meta.clone(), above.is_none()));
            }
            above = Some(meta);
        }
    }
    over
}

fn sweep_uploads(uploads: &uploads::Uploads, rule: &Expiry, now: u64) -> usize {
    let Some(limit) = rule.uploads else { return 0 };
    let old = |(key, _, at): &(String, String, u64)| {
        key.starts_with(&rule.prefix) && at.saturating_add(limit) <= now
    };
    let over: Vec<_> = uploads.list().into_iter().filter(old).collect();
    for (_, id, _) in &over {
        uploads.end(id);
        let _ = std::fs::remove_dir_all(uploads.folder(id));
    }
    over.len()
}

/// Sweeps all buckets every ten minutes, as long as they are there.
pub(crate) fn every_now_and_then(inner: Weak<Inner>) {
    let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
    runtime.spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_mins(10)).await;
            let Some(inner) = inner.upgrade() else { return };
            let _ = tokio::task::spawn_blocking(move || inner.sweep()).await;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Algorithm;
    use crate::store::spool::receive;
    use serde_json::json;

    #[test]
    fn reads_rules_that_are_enabled() {
        let mut notes = Vec::new();
        let rules = rules(
            &json!([
                { "Status": "Disabled", "ExpirationInDays": 1 },
                { "Status": "Enabled", "Prefix": "tmp/", "ExpirationInDays": "2", "Transitions": [] }
            ]),
            &mut |note| notes.push(note),
        );
        assert_eq!(rules, [Expiry { prefix: "tmp/".into(), current: Some(2 * DAY), ..Expiry::default() }]);
        assert_eq!(notes, ["objects stay in one storage class"]);
    }

    #[tokio::test]
    async fn deletes_what_is_over_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(folder.path().to_owned()).unwrap();
        for (key, at) in [("tmp/old", 0), ("tmp/new", DAY * 1000), ("keep", 0)] {
            let nothing = futures_util::stream::empty();
            let spooled = receive(shelf.temporary(), nothing, 1, Algorithm::Crc32).await.unwrap();
            let meta = Meta { key: key.into(), ..Meta::default() };
            shelf.commit(spooled, meta, Versioning::Off, at, |_| Ok(())).unwrap();
        }
        let rule = Expiry { prefix: "tmp/".into(), current: Some(DAY), ..Expiry::default() };
        assert_eq!(sweep(&shelf, std::slice::from_ref(&rule), Versioning::Off, DAY * 1000 - 1), 0);
        assert_eq!(sweep(&shelf, &[rule], Versioning::Off, DAY * 1000), 1);
        let left: Vec<_> = shelf.index().from("").map(|(key, _)| key.to_owned()).collect();
        assert_eq!(left, ["keep", "tmp/new"]);
    }
}
