//! Noticing that files change.

use super::pending::Pending;
use super::sources::Sources;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout_at;

/// Silence after which a save is over; editors write a file in several steps.
const SILENCE: Duration = Duration::from_millis(50);
/// Folders watched at most; the systems have limits of their own, which others need too.
const FOLDERS: usize = 4000;

/// Watches the sources, once it knows them.
pub(super) struct Watcher {
    system: RecommendedWatcher,
    paths: UnboundedReceiver<PathBuf>,
    watched: BTreeSet<PathBuf>,
    sources: Sources,
    save: Option<Save>,
}

/// A save that may go on.
#[derive(Clone, Copy)]
struct Save {
    pending: Pending,
    began: Instant,
    latest: Instant,
}

impl Watcher {
    /// Watches nothing yet.
    pub(super) fn new() -> notify::Result<Self> {
        let (sender, paths) = unbounded_channel();
        let system = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            if matches!(event.kind, EventKind::Access(_)) {
                return;
            }
            for path in event.paths {
                // Nobody listens any more when it is all about to end.
                let _ = sender.send(path);
            }
        })?;
        Ok(Self { system, paths, watched: BTreeSet::new(), sources: Sources::default(), save: None })
    }

    /// From now on the application is made from these.
    pub(super) fn follow(&mut self, sources: Sources) {
        self.sources = sources;
        self.refresh();
    }

    /// Waits for changes, and says what has to be made again, and since when. Whoever stops waiting loses nothing: the
    /// next call goes on.
    pub(super) async fn next(&mut self) -> (Pending, Instant) {
        loop {
            let next = self.paths.recv();
            let path = match &self.save {
                None => next.await,
                Some(save) => timeout_at((save.latest + SILENCE).into(), next).await.unwrap_or_default(),
            };
            match (path, self.save) {
                (Some(path), _) => self.notice(&path, Instant::now()),
                (None, Some(save)) => {
                    self.save = None;
                    return (save.pending, save.began);
                }
                (None, None) => std::future::pending().await,
            }
        }
    }

    fn notice(&mut self, path: &Path, now: Instant) {
        let pending = self.concerned(path);
        if !pending.is_empty() {
            let save = self.save.get_or_insert(Save { pending, began: now, latest: now });
            save.pending |= pending;
            save.latest = now;
        }
    }

    fn concerned(&mut self, path: &Path) -> Pending {
        if path.is_dir() {
            if self.watched.contains(path) || !self.sources.may_hold(path) {
                return Pending::default();
            }
            // A new folder: its files may have come before we watch it.
            self.refresh();
            return files(path).iter().fold(Pending::default(), |mut pending, file| {
                pending |= self.sources.concerned(file);
                pending
            });
        }
        self.sources.concerned(path)
    }

    /// Watches the folders that are not watched yet.
    fn refresh(&mut self) {
        let mut wanted: BTreeSet<PathBuf> = self.sources.folders().into_iter().map(Path::to_owned).collect();
        for tree in self.sources.trees() {
            walk(tree, &mut wanted);
        }
        self.watched.retain(|folder| wanted.contains(folder) && folder.is_dir());
        for folder in wanted {
            if !self.watched.contains(&folder)
                && self.system.watch(&folder, RecursiveMode::NonRecursive).is_ok()
            {
                self.watched.insert(folder);
            }
        }
    }
}

/// Adds `folder` and those below it that can hold sources.
fn walk(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    if found.len() >= FOLDERS || !found.insert(folder.to_owned()) {
        return;
    }
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let skipped =
            name.starts_with('.') && name != ".well-known" || name == "target" || name == "node_modules";
        // Links are not followed: they could lead round in a circle.
        if !skipped && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            walk(&entry.path(), found);
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut folders = BTreeSet::new();
    walk(folder, &mut folders);
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::timeout;

    const MOMENT: Duration = Duration::from_millis(5);

    #[tokio::test]
    async fn a_save_is_told_also_to_one_who_is_interrupted_all_the_time() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().canonicalize().unwrap();
        let mut watcher = Watcher::new().unwrap();
        watcher.follow(Sources::of_site(&folder));
        fs::write(folder.join("app.js"), "1").unwrap();
        let began = Instant::now();
        let told = loop {
            assert!(began.elapsed() < Duration::from_secs(20), "nobody was told");
            // As a busy journal interrupts it.
            if let Ok((pending, _)) = timeout(MOMENT, watcher.next()).await {
                break pending;
            }
        };
        assert_eq!(told, Pending { sites: true, ..Pending::default() });
        fs::write(folder.join(".app.js.swp"), "1").unwrap();
        assert!(timeout(4 * SILENCE, watcher.next()).await.is_err(), "an editor's own file");
    }
}
