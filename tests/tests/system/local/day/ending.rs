//! Ending: by Ctrl-C, twice, by SIGTERM, by a reader who goes away; and nobody stays behind.

use super::{Stage, work};
use stack_builder_tests::{Local, StackBuilder, inspect, repository_root};
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The functions at work, of which there must be some.
#[track_caller]
fn functions(local: &Local) -> Vec<u32> {
    let children = inspect::descendants(local.pid());
    let is_function = |child: &&u32| inspect::environment(**child).contains_key("AWS_LAMBDA_FUNCTION_NAME");
    let functions = children.iter().filter(is_function);
    assert!(functions.count() >= 1, "no function runs");
    children
}

#[track_caller]
fn gone(children: &[u32]) {
    let end = Instant::now() + Duration::from_secs(3);
    while children.iter().any(|child| inspect::runs(*child)) {
        let left: Vec<_> = children.iter().filter(|child| inspect::runs(**child)).collect();
        assert!(Instant::now() < end, "{left:?} of {children:?} are still there");
        sleep(Duration::from_millis(10));
    }
}

#[test]
fn ctrl_c_and_sigterm_leave_no_process() {
    let stage = Stage::new("ends");
    for signal in ["INT", "TERM"] {
        let mut local = stage.start(&["--ephemeral"]);
        work(&local, "ada@example.org");
        let children = functions(&local);
        let began = Instant::now();
        local.signal(signal);
        assert_eq!(local.ended(), Some(0), "{signal}");
        assert!(began.elapsed() < Duration::from_secs(3), "{signal}: {:?}", began.elapsed());
        gone(&children);
    }
}

#[test]
fn a_second_ctrl_c_is_meant() {
    let stage = Stage::new("ends-twice");
    let mut local = stage.start(&["--ephemeral"]);
    work(&local, "ada@example.org");
    let children = functions(&local);
    local.signal("INT");
    local.signal("INT");
    let code = local.ended();
    assert!(code == Some(130) || code == Some(0), "{code:?}");
    gone(&children);
}

#[test]
fn a_kill_takes_the_functions_along() {
    let stage = Stage::new("killed");
    let mut local = stage.start(&["--ephemeral"]);
    work(&local, "ada@example.org");
    let children = functions(&local);
    local.signal("KILL");
    assert_eq!(local.ended(), None);
    gone(&children);
}

/// `stack-builder local --json | head -1`: who started it for its events has gone, and it would run for nobody.
#[test]
fn a_reader_who_goes_away_ends_it() {
    let stage = Stage::new("unread");
    let mut command = Command::new(StackBuilder::program());
    command.current_dir(repository_root()).stdin(Stdio::null());
    command.args(["local", "todo", "--ephemeral", "--no-watch", "--port", "0", "--json", "--stage", stage.0]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    let mut said = child.stderr.take().expect("piped");
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut first).expect("a line");
    assert!(first.starts_with('{'), "{first}");
    let end = Instant::now() + Duration::from_mins(1);
    while child.try_wait().expect("a child").is_none() {
        if Instant::now() > end {
            let _ = child.kill();
            let _ = child.wait();
            panic!("it goes on for nobody");
        }
        sleep(Duration::from_millis(20));
    }
    let mut text = String::new();
    said.read_to_string(&mut text).expect("text");
    assert!(!text.contains("panicked") && text.lines().count() < 20, "{text}");
}
