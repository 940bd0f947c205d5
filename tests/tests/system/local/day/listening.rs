//! Who is listened to: this machine, at addresses and under names of its own.

use super::super::shared::local;
use stack_builder_tests::{Http, inspect};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};

#[test]
fn only_loopback_listens() {
    let local = local();
    let http = Http::plain();
    http.send("GET", &local.url("todo", "SiteUrl"), &[], "");
    let doors = inspect::listens_at(local.pid());
    assert!(doors.len() >= 8, "{doors:?}");
    assert!(doors.iter().all(|(address, _)| *address == IpAddr::V4(Ipv4Addr::LOCALHOST)), "{doors:?}");
    for child in inspect::descendants(local.pid()) {
        let doors = inspect::listens_at(child);
        assert!(doors.iter().all(|(address, _)| address.is_loopback()), "a function listens at {doors:?}");
    }
    let Some(other) = own_address() else { return };
    for (_, port) in doors {
        assert!(TcpStream::connect((other, port)).is_err(), "{other}:{port} answers");
    }
}

/// An address of this machine that others can reach, if it has one; nothing is sent to find it.
fn own_address() -> Option<IpAddr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    let is_ours = TcpListener::bind((address, 0)).is_ok();
    (is_ours && !address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// A page of somebody else's could have its name point here, and read what a browser may read of its own host.
#[test]
fn other_names_are_refused() {
    let local = local();
    let http = Http::plain();
    for url in
        [local.url("todo", "SiteUrl"), local.endpoint(), format!("{}/_stack-builder", local.endpoint())]
    {
        let port = url.split(':').nth(2).and_then(|rest| rest.split('/').next()).unwrap_or_default();
        let answer = http.send("GET", &url, &[("host", &format!("evil.example:{port}"))], "");
        assert_eq!(answer.status, 403, "{url}: {answer:?}");
    }
}
