//! Noticing that files change.

use super::pending::Pending;
use super::sources::Sources;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

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
        Ok(Self { system, paths, watched: BTreeSet::new(), sources: Sources::default() })
    }

    /// From now on the application is made from these.
    pub(super) fn follow(&mut self, sources: Sources) {
        self.sources = sources;
        self.refresh();
    }

    /// Waits for changes, and says what has to be made again, and since when.
    pub(super) async fn next(&mut self) -> (Pending, Instant) {
        loop {
            let Some(first) = self.paths.recv().await else { return std::future::pending().await };
            let (mut began, mut pending) = (Instant::now(), self.concerned(&first));
            while let Ok(Some(path)) = timeout(SILENCE, self.paths.recv()).await {
                let more = self.concerned(&path);
                if pending.is_empty() {
                    began = Instant::now();
                }
                pending |= more;
            }
            if !pending.is_empty() {
                return (pending, began);
            }
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
