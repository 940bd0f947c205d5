//! Packaging again: after nothing, an edit, a loss, an interruption, or at the same time.

use crate::project::Project;
use stack_builder_package::{PackageOptions, Packaged, Progress, package};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

#[test]
fn a_second_run_makes_and_writes_nothing() {
    let project = Project::new();
    let first = project.packaged();
    assert_eq!(first.rebuilt, ["list", "put"]);
    assert_eq!(first.archived, ["List", "Put"]);
    assert_eq!(first.templates, ["notes"]);

    let outputs = || {
        let mut files = modified(&project.directory().join("assets"));
        files.extend(modified(&project.directory()));
        files.retain(|path, _| !path.ends_with("manifest.json") && !path.ends_with("notes.template.json"));
        files.retain(|path, _| !path.ends_with(".lock"));
        files
    };
    let before = outputs();
    assert_eq!(before.len(), 5, "{before:?}");
    let second = project.packaged();
    assert_eq!(outputs(), before);
    assert_eq!((second.rebuilt.len(), second.archived.len(), second.templates.len()), (0, 0, 0));
    assert_eq!(second.reused, ["List", "Put"]);
    assert_eq!(second.manifest, first.manifest);
}

#[test]
fn an_edit_changes_one_address() {
    let project = Project::new();
    let first = project.packaged();
    let project = project.source("handlers/src/bin/put.rs", "fn main() { println!(\"edited\") }\n");
    let second = project.packaged();
    assert_eq!(second.rebuilt, ["put"]);
    assert_eq!((&second.archived[..], &second.reused[..]), (&["Put".into()][..], &["List".into()][..]));
    assert_eq!(second.templates, ["notes"]);
    assert_eq!(hashes(&first)[0], hashes(&second)[0]);
    assert_ne!(hashes(&first)[1], hashes(&second)[1]);
}

#[test]
fn a_damaged_archive_is_made_again() {
    let project = Project::new();
    let first = project.packaged();
    let file = project.directory().join(&first.manifest.assets["List"].path);
    let whole = fs::read(&file).unwrap();
    // Cut short, and of the right length with other content.
    let mut spoilt = whole.clone();
    let middle = spoilt.len() / 2;
    spoilt[middle] ^= 1;
    for damage in [&whole[..100], &spoilt] {
        fs::write(&file, damage).unwrap();
        fs::remove_file(project.directory().join("assets/stamps.json")).unwrap();
        assert_eq!(project.packaged().archived, ["List"]);
        assert!(fs::read(&file).unwrap() == whole, "the archive is still damaged");
    }
    fs::write(&file, &whole[..100]).unwrap();
    assert_eq!(project.packaged().archived, ["List"], "its size alone gives it away");
}
#[test]
fn an_archive_survives_the_loss_of_every_note_about_it() {
    let project = Project::new();
    let first = project.packaged();
    fs::remove_file(project.directory().join("assets/stamps.json")).unwrap();
    fs::write(project.directory().join("assets.json"), "{ half").unwrap();
    let second = project.packaged();
    assert_eq!(second.reused, ["List", "Put"]);
    assert_eq!(second.manifest, first.manifest);
}

#[test]
fn a_lost_archive_is_made_again_with_the_same_bytes() {
    let project = Project::new();
    let first = project.packaged();
    let before = project.archives();
    let archive = project.directory().join(&first.manifest.assets["Put"].path);
    // As a run would leave them that was killed half-way.
    fs::rename(&archive, archive.with_extension("partial")).unwrap();
    let partial = fs::OpenOptions::new().append(true).open(archive.with_extension("partial")).unwrap();
    partial.set_len(1_000_000).unwrap();
    let second = project.packaged();
    assert_eq!((second.archived, second.reused), (vec!["Put".to_owned()], vec!["List".to_owned()]));
    assert_eq!(project.archives(), before);
    assert!(!archive.with_extension("partial").exists());
}

#[test]
fn runs_at_the_same_time_wait_for_one_another() {
    let project = Project::new();
    let assembly = project.assembly();
    let all: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..3).map(|_| scope.spawn(|| project.package_again(&assembly).0)).collect();
        running.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
    });
    assert!(all.iter().all(|packaged| packaged.manifest == all[0].manifest));
    assert_eq!(all.iter().filter(|packaged| !packaged.archived.is_empty()).count(), 1);
    assert!(project.archives().values().all(|archive| archive.starts_with(b"PK")));
}

#[test]
fn a_run_waits_for_another_one() {
    let mut project = Project::new();
    (project.slots, project.assets) = Default::default();
    let assembly = project.assembly();
    let archives = project.directory().join("assets");
    fs::create_dir(&archives).unwrap();
    let mut other = Some(fs::File::create(archives.join(".lock")).unwrap());
    other.as_ref().unwrap().lock().unwrap();

    let mut waited = false;
    let stacks: Vec<_> = assembly.manifest.stacks.iter().collect();
    package(&assembly, &stacks, &PackageOptions::new("."), &mut |step| {
        if step == (Progress::Waiting { directory: project.directory() }) {
            assert!(!project.directory().join("notes.packaged.json").exists());
            (waited, other) = (true, None);
        }
    })
    .unwrap();
    assert!(waited);
}

fn hashes(packaged: &Packaged) -> [&str; 2] {
    ["List", "Put"].map(|name| packaged.manifest.assets[name].hash.as_str())
}

fn modified(directory: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    files
        .filter(|path| path.is_file())
        .map(|path| (path.clone(), path.metadata().unwrap().modified().unwrap()))
        .collect()
}
