//! What Linux tells about processes: who started whom, with which environment, and who listens where.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Every process that `ancestor` or one of its children has started and that still runs.
pub fn descendants(ancestor: u32) -> Vec<u32> {
    let parents = parents();
    let mut found = vec![ancestor];
    let mut next = 0;
    while next < found.len() {
        let parent = found[next];
        found.extend(parents.iter().filter(|(_, of)| **of == parent).map(|(child, _)| *child));
        next += 1;
    }
    found.split_off(1)
}

/// Whether the process runs; one that has ended and waits to be reaped does not.
pub fn runs(process: u32) -> bool {
    state(process).is_some_and(|(state, _)| state != "Z" && state != "X")
}

/// The file that the process runs.
pub fn program(process: u32) -> String {
    let target = fs::read_link(format!("/proc/{process}/exe")).unwrap_or_default();
    target.to_string_lossy().into_owned()
}

/// The environment that the process was started with.
pub fn environment(process: u32) -> BTreeMap<String, String> {
    let bytes = fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
    let variables = bytes.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    let pairs = variables.filter_map(|variable| {
        variable.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
    });
    pairs.collect()
}

/// The addresses at which the process waits for TCP connections, with ports.
pub fn listens_at(process: u32) -> BTreeSet<(IpAddr, u16)> {
    let entries = fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    let targets = entries.filter_map(|entry| fs::read_link(entry.path()).ok());
    let own: BTreeSet<String> = targets.map(|target| target.to_string_lossy().into_owned()).collect();
    let mut found = BTreeSet::new();
    for table in ["tcp", "tcp6"] {
        let text = fs::read_to_string(format!("/proc/{process}/net/{table}")).unwrap_or_default();
        found.extend(text.lines().filter_map(|line| listener(line, &own)));
    }
    found
}

/// Memory that the process has for itself and shares, in bytes.
pub fn memory(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0) * 1024
}

fn parents() -> BTreeMap<u32, u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    processes.filter_map(|process| Some((process, state(process)?.1))).collect()
}

/// The state of a process, and its parent.
fn state(process: u32) -> Option<(String, u32)> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before them is in parentheses, and may hold anything.
    let (_, rest) = text.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}

/// Where a line of the kernel's table of sockets says that one of `own` listens.
fn listener(line: &str, own: &BTreeSet<String>) -> Option<(IpAddr, u16)> {
    const LISTENS: &str = "0A";
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [_, local, _, LISTENS, ..] = fields.as_slice() else { return None };
    let inode = fields.get(9)?;
    own.contains(&format!("socket:[{inode}]")).then(|| address(local)).flatten()
}

/// An address as the kernel writes it: words of the machine's byte order, in hexadecimal, and the port.
fn address(text: &str) -> Option<(IpAddr, u16)> {
    let (host, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let words =
        host.as_bytes().chunks(8).map(|word| u32::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok());
    let words: Vec<u32> = words.collect::<Option<_>>()?;
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
    let host = match bytes.as_slice() {
        [a, b, c, d] => Ipv4Addr::new(*a, *b, *c, *d).into(),
        bytes => Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).into(),
    };
    Some((host, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::process::Command;

    #[test]
    fn a_listener_and_a_child_are_found() {
        let me = std::process::id();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        assert!(listens_at(me).contains(&(address.ip(), address.port())));
        drop(listener);
        assert!(!listens_at(me).contains(&(address.ip(), address.port())));

        let mut child = Command::new("sleep").arg("30").env("SPEAKS", "a=b").spawn().expect("a child");
        let id = child.id();
        assert!(descendants(me).contains(&id) && runs(id) && !descendants(id).contains(&me));
        assert!(memory(me) > 100_000);
        child.kill().expect("ended");
        assert!(child.wait().is_ok() && !runs(id) && !descendants(me).contains(&id));
    }

    #[test]
    fn ipv6_is_read_too() {
        let listener = TcpListener::bind("[::1]:0");
        let Ok(listener) = listener else { return };
        let port = listener.local_addr().expect("its address").port();
        assert!(listens_at(std::process::id()).contains(&(Ipv6Addr::LOCALHOST.into(), port)));
    }
}
