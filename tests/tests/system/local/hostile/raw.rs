//! Bytes on a socket, and what comes back.

use stack_builder_tests::Local;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// Longer than the server waits for the rest of a head.
const PATIENCE: Duration = Duration::from_secs(45);

/// One port of each kind: its name, and `127.0.0.1:port`.
pub(super) fn doors(local: &Local) -> Vec<(&'static str, String)> {
    [
        ("AWS's API", local.endpoint()),
        ("a distribution with a gate", local.url("captains-log", "SiteUrl")),
        ("a distribution", local.url("uploads", "SiteUrl")),
        ("a REST API", local.url("captains-log", "ApiUrl")),
        ("an HTTP API", local.url("uploads", "ApiUrl")),
        ("a sign-in domain", local.url("uploads", "SignInDomain")),
    ]
    .map(|(name, url)| (name, address(&url)))
    .to_vec()
}

/// `127.0.0.1:port` of a URL.
pub(super) fn address(url: &str) -> String {
    url.split('/').nth(2).unwrap_or_else(|| panic!("`{url}` is no URL")).to_owned()
}

pub(super) fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap_or_else(|error| panic!("{address}: {error}"));
    stream.set_read_timeout(Some(PATIENCE)).expect("a limit on the wait");
    stream
}

/// Sends bytes, and reads until the server ends the connection. That it does not take everything is its right.
#[track_caller]
pub(super) fn exchange(address: &str, bytes: &[u8]) -> String {
    let mut stream = connect(address);
    let _ = stream.write_all(bytes);
    rest(&mut stream)
}

/// What comes until the end of the connection.
#[track_caller]
pub(super) fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        use std::io::ErrorKind::{TimedOut, WouldBlock};
        assert!(!matches!(error.kind(), TimedOut | WouldBlock), "the connection is left open");
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// The status of an answer; 0 when there is none.
pub(super) fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default()
}

/// A lawful request.
pub(super) fn get(address: &str, path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").into_bytes()
}

/// Nothing has gone wrong inside.
#[track_caller]
pub(super) fn unharmed(local: &Local) {
    let said = local.errors();
    assert!(!said.contains("panicked"), "{said}");
    for (name, address) in doors(local) {
        let answer = exchange(&address, &get(&address, "/"));
        assert!((200..500).contains(&status(&answer)), "{name} no longer answers: {answer}");
    }
}
