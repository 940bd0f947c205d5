//! What is packaged beside plain functions: functions at the edge, and sites.

use crate::project::Project;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use stack_builder_package::Packaged;
use std::fs;
use std::io::Read as _;
use std::path::PathBuf;

/// Names, modes and texts of what an archive holds; a binary's text is left out.
fn content(project: &Project, packaged: &Packaged, asset: &str) -> Vec<(String, u32, String)> {
    let file = fs::File::open(project.directory().join(&packaged.manifest.assets[asset].path)).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut entry = archive.by_index(index).unwrap();
            let mut text = String::new();
            let _ = entry.read_to_string(&mut text);
            (entry.name().unwrap().into_owned(), entry.unix_mode().unwrap() & 0o777, text)
        })
        .collect()
}

fn edge(config: Value) -> Project {
    Project::new().edge("Gate", "put", config)
}

#[cfg(target_arch = "x86_64")]
#[test]
fn an_edge_function_knows_what_is_baked_in_and_is_started_by_python() {
    let project = edge(json!({"region": "eu-west-1"}));
    let packaged = project.packaged();
    let files = content(&project, &packaged, "Gate");
    let names: Vec<_> = files.iter().map(|(name, mode, _)| (name.as_str(), *mode)).collect();
    assert_eq!(names, [("bootstrap", 0o755), ("config.json", 0o644), ("index.py", 0o644)]);
    assert_eq!(files[1].2, "{\n  \"region\": \"eu-west-1\"\n}\n");
    assert!(files[2].2.contains("os.execv"), "{}", files[2].2);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn a_version_receives_the_hash_of_its_archive() {
    let project = edge(json!({}));
    let packaged = project.packaged();
    let asset = &packaged.manifest.assets["Gate"];
    let archive = fs::read(project.directory().join(&asset.path)).unwrap();
    let digest = Sha256::digest(archive);
    assert_eq!(asset.sha256, BASE64_STANDARD.encode(digest));
    // Else an archive that another compressor made of the same content would keep this one out of the bucket.
    let bytes: Vec<_> =
        (0..32).map(|at| u8::from_str_radix(&asset.hash[2 * at..2 * at + 2], 16).unwrap()).collect();
    assert_eq!(bytes, digest.to_vec());
    let template = fs::read(project.directory().join("notes.packaged.json")).unwrap();
    let template: Value = serde_json::from_slice(&template).unwrap();
    assert_eq!(template["Resources"]["PutFunction"]["Properties"]["CodeSha256"], json!(asset.sha256));
}

/// Archives are made side by side; two of one content are one file, which both must find whole.
#[cfg(target_arch = "x86_64")]
#[test]
fn twins_share_an_archive() {
    for _ in 0..3 {
        let project = Project::new().edge("A", "put", json!({"a": 1})).edge("B", "put", json!({"a": 1}));
        let packaged = project.packaged();
        assert_eq!(packaged.manifest.assets["A"], packaged.manifest.assets["B"]);
    }
}

#[cfg(target_arch = "x86_64")]
#[test]
fn another_configuration_is_another_archive() {
    let project = edge(json!({"table": "a"}));
    let first = project.packaged();
    assert_eq!(project.packaged().reused, ["Gate", "List", "Put"]);
    let project = project.edge("Gate", "put", json!({"table": "b"}));
    let second = project.packaged();
    assert_eq!(second.archived, ["Gate"]);
    assert_ne!(first.manifest.assets["Gate"].hash, second.manifest.assets["Gate"].hash);
}

fn site() -> Project {
    Project::new()
        .site()
        .source("site/index.html", "<p>")
        .source("site/a/app.js", "1")
        .source("site/.well-known/security.txt", "x")
        .source("site/.swp", "hidden")
        .source("site/.git/HEAD", "hidden")
}

#[test]
fn a_site_is_archived_without_hidden_files() {
    let project = site();
    let packaged = project.packaged();
    let files: Vec<_> =
        content(&project, &packaged, "site").into_iter().map(|file| (file.0, file.2)).collect();
    let expect = [(".well-known/security.txt", "x"), ("a/app.js", "1"), ("index.html", "<p>")];
    assert_eq!(files, expect.map(|(name, text)| (name.to_owned(), text.to_owned())));
    assert!(project.packaged().reused.contains(&"site".to_owned()));
    let changed = project.source("site/a/app.js", "2").packaged();
    assert_eq!(changed.archived, ["site"]);
}

/// What is said of a site with `change` made to its folder.
#[track_caller]
fn check_refused(change: impl FnOnce(PathBuf), expect: &str) {
    let project = site();
    change(project.workspace().join("site"));
    let error = project.package().0.unwrap_err().to_string();
    let error = error.replace(project.workspace().to_str().unwrap(), "ROOT");
    assert_eq!(error, expect);
}

#[test]
fn what_cannot_be_published_is_refused() {
    check_refused(
        |site| std::os::unix::fs::symlink("/etc/passwd", site.join("a/link")).unwrap(),
        "the site `site` cannot be published from `ROOT/site/a/link`: it is a symbolic link\n\
         hint: put a copy of what it leads to in its place",
    );
    check_refused(
        |site| {
            fs::remove_dir_all(&site).unwrap();
            fs::create_dir(site).unwrap();
        },
        "the site `site` cannot be published from `ROOT/site`: it holds no file\n\
         hint: correct the folder's name in the stack",
    );
    check_refused(
        |site| fs::remove_dir_all(site).unwrap(),
        "the site `site` cannot be published from `ROOT/site`: there is no such folder\n\
         hint: correct the folder's name in the stack",
    );
}
