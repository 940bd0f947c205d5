//! Load that stays: memory, files, threads and processes must not grow with it.
//!
//! `SOAK_SECONDS=600 cargo test -p stack-builder-tests --test system local::hostile::load` takes ten minutes of it.

use super::raw::{address, connect, get, status, unharmed};
use crate::local::person::Person;
use crate::local::shared::aws;
use stack_builder_tests::Local;
use std::io::{BufRead as _, BufReader, Write as _};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

const WORKERS: usize = 64;
/// What the caches of pages and logs may still take after the first part of the time.
const MOST_GROWTH: u64 = 32 << 10;

/// What a process holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    kilobytes: u64,
    files: u64,
    threads: u64,
}

#[test]
fn nothing_grows_under_load() {
    let local = Local::start(&["--seed"]);
    let person = Person::signed_up(&local, &aws(&local), "todo", "load@example.org");
    let seconds = std::env::var("SOAK_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(20);
    let (over, answers, wrong) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let work = |number: usize| {
        let mut turn = 0;
        while !over.load(Ordering::Relaxed) {
            let as_expected = ask(&local, &person, number, turn);
            turn += 1;
            answers.fetch_add(1, Ordering::Relaxed);
            wrong.fetch_add(u64::from(!as_expected), Ordering::Relaxed);
        }
    };
    let (warm, hot) = thread::scope(|scope| {
        let work = &work;
        (0..WORKERS).for_each(|number| drop(scope.spawn(move || work(number))));
        thread::sleep(Duration::from_secs(seconds / 2));
        let warm = held(local.pid());
        thread::sleep(Duration::from_secs(seconds / 2));
        let hot = held(local.pid());
        over.store(true, Ordering::Relaxed);
        (warm, hot)
    });
    let answers = answers.into_inner();
    println!("{answers} answers in {seconds} s; {warm:?}, then {hot:?}");
    assert_eq!(wrong.into_inner(), 0, "of {answers} answers");
    assert!(answers > 10 * seconds, "{answers}");
    assert!(hot.kilobytes < warm.kilobytes + MOST_GROWTH, "{warm:?}, then {hot:?}");
    assert!(hot.files < warm.files + 100 && hot.threads < warm.threads + 20, "{warm:?}, then {hot:?}");
    unharmed(&local);
    local.stop();
}

/// One request of one kind, and whether its answer is a lawful one. A throttled request is one.
fn ask(local: &Local, person: &Person, number: usize, turn: usize) -> bool {
    let missing = format!("/no/such/{number}/{turn}");
    let expected: (String, String, &[u16]) = match number % 8 {
        0 | 1 => (local.url("uploads", "SiteUrl"), "/".to_owned(), &[200]),
        2 => (local.url("todo", "SiteUrl"), missing, &[404]),
        3 => (local.url("captains-log", "SiteUrl"), "/".to_owned(), &[302]),
        4 => (local.url("uploads", "SignInDomain"), "/login".to_owned(), &[400]),
        5 => (local.endpoint(), "/_stack-builder/api/overview".to_owned(), &[200]),
        6 => (local.url("uploads", "ApiUrl"), "/files".to_owned(), &[401, 429]),
        _ => return listed(person),
    };
    let (url, path, statuses) = expected;
    statuses.contains(&answered(&address(&url), &path))
}

/// With a token, through authorizer, function and table; not faster than the stage lets anybody.
fn listed(person: &Person) -> bool {
    thread::sleep(Duration::from_millis(500));
    [200, 429].contains(&person.send("GET", "/item", "").status)
}

fn answered(address: &str, path: &str) -> u16 {
    let mut stream = connect(address);
    if stream.write_all(&get(address, path)).is_err() {
        return 0;
    }
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    let _ = reader.read_line(&mut head);
    // To its end, so that the connection is not reset.
    let _ = std::io::copy(&mut reader, &mut std::io::sink());
    status(&head)
}

/// From `/proc`; elsewhere nothing is known.
fn held(process: u32) -> Held {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let value = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
    };
    let files = std::fs::read_dir(format!("/proc/{process}/fd")).map_or(0, Iterator::count);
    Held { kilobytes: value("VmRSS:"), files: files as u64, threads: value("Threads:") }
}
