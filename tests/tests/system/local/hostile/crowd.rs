//! Crowds, idlers, and bodies that lie about their length.

use super::raw::{address, connect, exchange, get, rest, status, unharmed};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use stack_builder_tests::Local;
use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

const CROWD: usize = 2_000;
const IDLERS: usize = 500;

/// This process holds as many connections as the server.
fn room_for_a_crowd() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum.map(|most| most.min(10_240)), maximum: limit.maximum };
    let _ = setrlimit(Resource::Nofile, raised);
}

fn asking(address: &str, path: &str) -> TcpStream {
    let mut stream = connect(address);
    stream.write_all(&get(address, path)).expect("a request is taken");
    stream
}

#[test]
fn two_thousand_at_once_are_all_answered() {
    room_for_a_crowd();
    let local = Local::start(&[]);
    let crowds = [
        (local.url("uploads", "SiteUrl"), "/", &[200][..]),
        (local.url("todo", "ApiUrl"), "/api/item", &[401, 429]),
        (local.url("uploads", "ApiUrl"), "/files", &[401, 429]),
        (local.url("uploads", "SignInDomain"), "/login", &[400]),
        (local.endpoint(), "/", &[403]),
    ];
    for (url, path, expected) in crowds {
        let address = address(&url);
        // Everybody has asked before anybody listens.
        let crowd: Vec<TcpStream> = (0..CROWD).map(|_| asking(&address, path)).collect();
        for mut one in crowd {
            let answer = rest(&mut one);
            assert!(expected.contains(&status(&answer)), "{url} on {path}: {answer}");
        }
    }
    unharmed(&local);
    local.stop();
}

#[test]
fn idlers_keep_nobody_waiting_and_are_sent_away() {
    room_for_a_crowd();
    let local = Local::start(&[]);
    let address = address(&local.url("uploads", "SiteUrl"));
    let begun = Instant::now();
    let mut idlers: Vec<TcpStream> = (0..IDLERS).map(|_| connect(&address)).collect();
    for (number, idler) in idlers.iter_mut().enumerate() {
        let said: &[u8] = [&b""[..], b"GET / HT", b"GET / HTTP/1.1\r\nX-Endless: "][number % 3];
        idler.write_all(said).expect("it is heard");
    }
    for _ in 0..50 {
        let asked = Instant::now();
        assert_eq!(status(&exchange(&address, &get(&address, "/"))), 200);
        assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    }
    for mut idler in idlers {
        let answer = rest(&mut idler);
        assert!(answer.is_empty() || status(&answer) == 408 || status(&answer) == 400, "{answer}");
    }
    assert!(begun.elapsed() < Duration::from_secs(40), "{:?}", begun.elapsed());
    unharmed(&local);
    local.stop();
}

#[test]
fn bodies_that_lie_or_never_end_are_given_up() {
    let local = Local::start(&[]);
    let domain = address(&local.url("uploads", "SignInDomain"));
    let endpoint = address(&local.endpoint());
    let form = "Content-Type: application/x-www-form-urlencoded\r\n";
    // Announced, and never sent: the connection ends by itself.
    for length in
        ["Content-Length: 1000", "Content-Length: 9223372036854775807", "Transfer-Encoding: chunked"]
    {
        let request = format!("POST /login HTTP/1.1\r\nHost: {domain}\r\n{form}{length}\r\n\r\n9\r\nabc");
        let answer = exchange(&domain, request.as_bytes());
        assert!(answer.is_empty() || (400..500).contains(&status(&answer)), "{length}: {answer}");
    }
    // Endless: it is not read to its end.
    for (address, path) in
        [(&domain, "/login"), (&domain, "/oauth2/token"), (&endpoint, "/"), (&endpoint, "/bucket/key")]
    {
        let mut stream = connect(address);
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: {address}\r\n{form}Transfer-Encoding: chunked\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("the head is taken");
        let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x10000));
        let taken = (0..4096).take_while(|_| stream.write_all(chunk.as_bytes()).is_ok()).count();
        assert!(taken < 4096, "{path} took 256 MB");
    }
    unharmed(&local);
    local.stop();
}
