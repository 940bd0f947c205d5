//! Colour, readers that go away, and texts that are not ours.

use crate::fixture;
use crate::harness::Test;
use std::process::Stdio;

#[test]
fn plain_into_a_pipe() {
    let outcome = Test::new().synth([]).run();
    assert!(!outcome.stdout.contains('\u{1b}') && !outcome.stderr.contains('\u{1b}'));
}

#[test]
fn colour_when_asked_for() {
    let outcome = Test::new().synth(["--color", "always"]).run();
    assert!(outcome.stdout.starts_with("\u{1b}[1mnotes\u{1b}[0m"), "{:?}", outcome.stdout);
}

#[test]
fn no_color_outweighs_a_terminal_that_can() {
    let forced = Test::new().synth([]).variable("CLICOLOR_FORCE", "1").run();
    assert!(forced.stdout.contains('\u{1b}'), "the control: {:?}", forced.stdout);
    let outcome = Test::new().synth([]).variable("CLICOLOR_FORCE", "1").variable("NO_COLOR", "1").run();
    assert!(!outcome.stdout.contains('\u{1b}'), "{:?}", outcome.stdout);
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    for arguments in [&["list"][..], &["list", "--json"], &["--help"]] {
        let mut command = Test::new().args(arguments.iter().copied());
        command = command.variable("RUST_BACKTRACE", "0");
        let mut child = command.command().stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!stderr.contains("panicked"), "{stderr}");
        assert_eq!(output.status.code(), Some(0), "{stderr}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_one() {
    let test = Test::new().args(["list"]);
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = test.command().stdout(full).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("error: cannot write to standard output\ncaused by: "), "{stderr}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn no_text_of_a_stack_begins_a_line_of_its_own() {
    let mut manifest = fixture::manifest();
    manifest["stacks"][0]["description"] = "one\n::error::two\r\u{1b}[31mred".into();
    for command in ["list", "synth"] {
        let outcome = Test::new().manifest(&manifest).args([command]).run();
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        let shown = r"one\n::error::two\r\u{1b}[31mred";
        assert!(outcome.stdout.contains(shown), "{command}: {}", outcome.stdout);
    }
    let listed = Test::new().manifest(&manifest).args(["list", "--json"]).run().json();
    assert_eq!(
        listed["stacks"][0]["description"], manifest["stacks"][0]["description"],
        "programs get it as it is"
    );
}
