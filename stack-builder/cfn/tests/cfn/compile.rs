//! What must not compile, with the message that it gets, and what must go on compiling.
//!
//! A case opens with what can no longer be written, and with what the message must say. After a new compiler or a
//! refresh of the facts, `TRYBUILD=overwrite cargo test -p stack-builder-cfn --test cfn` writes the messages anew.

use std::fs;
use std::path::{Path, PathBuf};

fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    files.sort();
    files
}

#[test]
#[cfg_attr(feature = "all", ignore = "the compiler writes types in full whose names another service has too")]
fn the_types_refuse_what_they_should() {
    let harness = trybuild::TestCases::new();
    harness.compile_fail("tests/compile_fail/*.rs");
    harness.pass("tests/compile_pass/*.rs");
}

#[test]
fn every_message_says_what_is_wrong() {
    let cases = cases("compile_fail");
    assert!(cases.len() >= 28, "{} cases are left", cases.len());
    for case in cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let source = fs::read_to_string(&case).unwrap();
        let message = fs::read_to_string(case.with_extension("stderr")).unwrap();
        let says: Vec<_> = source.lines().filter_map(|line| line.strip_prefix("//! Says: ")).collect();
        assert!(!says.is_empty(), "{name} does not say what its message says");
        for phrase in says {
            assert!(message.contains(phrase), "the message of {name} does not say: {phrase}\n{message}");
        }
        let errors = message.lines().filter(|line| line.starts_with("error")).count();
        assert_eq!(errors, 1, "the message of {name}:\n{message}");
    }
}

#[test]
fn no_message_names_a_folder_of_this_machine() {
    for case in cases("compile_fail") {
        let message = fs::read_to_string(case.with_extension("stderr")).unwrap();
        for arrow in message.lines().filter(|line| line.trim_start().starts_with("--> ")) {
            let path = arrow.trim_start().trim_start_matches("--> ");
            let known = ["tests/compile_fail/", "src/", "$OUT_DIR[stack-builder-cfn]/"];
            assert!(known.iter().any(|start| path.starts_with(start)), "{}: {path}", case.display());
        }
    }
}
