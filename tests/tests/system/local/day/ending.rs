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
    let functions = children.iter().filter(|child| inspect::program(**child).contains("/todo-"));
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

/// `stack-builder local | head -1`: whoever reads no longer is no reason for a message on every request.
#[test]
fn a_reader_who_goes_away_ends_it_or_is_not_missed() {
    let stage = Stage::new("unread");
    let mut command = Command::new("sh");
    let program = StackBuilder::program();
    command.current_dir(repository_root()).args(["-c", r#""$0" "$@" | head -1"#]).arg(program);
    command.args(["local", "todo", "--ephemeral", "--no-watch", "--port", "0", "--json", "--stage", stage.0]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a shell");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let first = lines.next().expect("a line").expect("text");
    assert!(first.starts_with('{'), "{first}");
    assert!(lines.next().is_none(), "head gives one line");
    let own = inspect::descendants(child.id());
    let end = Instant::now() + Duration::from_secs(20);
    while own.iter().any(|process| inspect::runs(*process)) && Instant::now() < end {
        sleep(Duration::from_millis(50));
    }
    let stays: Vec<_> = own.into_iter().filter(|process| inspect::runs(*process)).collect();
    for process in &stays {
        let _ = Command::new("kill").args(["-s", "INT", &process.to_string()]).status();
    }
    let mut said = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut said).expect("text");
    let _ = child.wait();
    assert!(!said.contains("panicked"), "{said}");
    assert!(said.lines().count() < 20, "{said}");
    assert!(stays.is_empty(), "it goes on for nobody: {stays:?}\n{said}");
}
