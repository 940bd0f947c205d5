//! What packaging makes: archives, addresses, templates.

use crate::project::{Project, template};
use stack_builder_package::{Packaged, Progress};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

#[test]
fn an_archive_holds_an_executable_bootstrap_of_1980() {
    let project = Project::new();
    let packaged = project.packaged();
    let asset = &packaged.manifest.assets["List"];
    assert_eq!(asset.path, format!("assets/{}.zip", asset.hash));
    let file = fs::File::open(project.directory().join(&asset.path)).unwrap();
    assert_eq!(file.metadata().unwrap().len(), asset.size);

    let mut archive = zip::ZipArchive::new(file).unwrap();
    assert_eq!(archive.len(), 1);
    let mut entry = archive.by_index(0).unwrap();
    assert_eq!(entry.name().unwrap(), "bootstrap");
    assert_eq!(entry.unix_mode(), Some(0o100_755));
    let date = entry.last_modified().unwrap();
    assert_eq!((date.year(), date.month(), date.day()), (1980, 1, 1));
    assert_eq!(entry.compression(), zip::CompressionMethod::Deflated);
    let mut content = Vec::new();
    entry.read_to_end(&mut content).unwrap();
    assert!(content.starts_with(b"\x7fELF"));
}

#[test]
fn the_packaged_template_differs_only_in_the_keys() {
    let project = Project::new();
    let packaged = project.packaged();
    let mut expect = template();
    for name in ["List", "Put"] {
        let key = &mut expect["Resources"][format!("{name}Function")]["Properties"]["Code"]["S3Key"];
        *key = packaged.manifest.assets[name].object_key().into();
    }
    let expect = serde_json::to_string_pretty(&expect).unwrap() + "\n";
    let found = fs::read_to_string(project.directory().join("notes.packaged.json")).unwrap();
    assert_eq!(found, expect);
    assert_eq!(project.assembly().assets().unwrap(), packaged.manifest);
}

#[test]
fn a_stack_without_assets_takes_no_cargo() {
    let mut project = Project::new().variable("PATH", "/nowhere");
    (project.slots, project.assets) = (Vec::new(), BTreeMap::new());
    let packaged = project.packaged();
    assert_eq!(packaged.templates, ["notes"]);
    let text = |name: &str| fs::read_to_string(project.directory().join(name)).unwrap();
    assert_eq!(text("notes.packaged.json"), text("notes.template.json"));
}

#[test]
fn a_clone_elsewhere_gives_the_same_bytes() {
    let (one, other) = (Project::new(), Project::below("quite/another/place, with spaces"));
    one.packaged();
    other.packaged();
    assert_eq!(one.archives(), other.archives());
}

#[test]
fn a_clone_elsewhere_gives_the_same_bytes_with_the_users_flags_too() {
    let flags = |project: Project| project.variable("RUSTFLAGS", "--cfg notes -Cdebuginfo=0");
    let (one, other) = (flags(Project::new()), flags(Project::below("a/b")));
    let source = "#[cfg(notes)]\nfn main() { println!(\"noted {}\", file!()) }\n";
    let (one, other) =
        (one.source("handlers/src/bin/put.rs", source), other.source("handlers/src/bin/put.rs", source));
    one.packaged();
    other.packaged();
    assert_eq!(one.archives(), other.archives());
}

#[test]
fn flags_of_a_configuration_file_are_kept() {
    if ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"].into_iter().any(|name| std::env::var_os(name).is_some()) {
        // Cargo takes no flags from a file then.
        return;
    }
    let project = Project::new()
        .source(".cargo/config.toml", "[build]\nrustflags = [\"--cfg\", \"notes\"]\n")
        .source("handlers/src/bin/put.rs", "#[cfg(notes)]\nfn main() {}\n");
    project.packaged();
}

#[test]
fn the_users_own_profile_wins() {
    let manifest = "[workspace]\nmembers = [\"handlers\", \"shared\"]\nresolver = \"3\"\n";
    let loose = "[profile.lambda]\ninherits = \"dev\"\ndebug = true\n";
    let ours = Project::new().packaged();
    let theirs = Project::new().source("Cargo.toml", &format!("{manifest}{loose}")).packaged();
    let size = |packaged: &Packaged| packaged.manifest.assets["List"].size;
    assert!(size(&theirs) > 2 * size(&ours), "{} and {}", size(&theirs), size(&ours));
}

#[test]
fn progress_is_told_in_order() {
    let (result, steps) = Project::new().package();
    result.unwrap();
    let kinds: Vec<_> = steps
        .iter()
        .filter_map(|step| match step {
            Progress::Building { bins, .. } => Some(format!("building {}", bins.join(" "))),
            Progress::Built { rebuilt, .. } => Some(format!("built {}", rebuilt.join(" "))),
            Progress::Archiving { asset, .. } => Some(format!("archiving {asset}")),
            Progress::Archived { asset, reused, .. } => Some(format!("archived {asset} {reused}")),
            Progress::TemplateWritten { stack, .. } => Some(format!("template {stack}")),
            _ => None,
        })
        .collect();
    // How many archives are written at a time depends on the machine, so their two steps may interleave.
    assert_eq!(kinds[..2], ["building list put", "built list put"]);
    assert_eq!(kinds.last().unwrap(), "template notes");
    assert!(kinds.contains(&"archived List false".to_owned()) && kinds.len() == 7, "{kinds:?}");
    let compiling =
        |step: &Progress| matches!(step, Progress::Cargo { line } if line.contains("Compiling handlers"));
    assert!(steps.iter().any(compiling), "{steps:?}");
}
