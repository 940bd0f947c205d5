//! File descriptors: as many as the system allows, and how many of them connections may take.

use std::sync::OnceLock;

/// More than this is no use here, and macOS refuses more for a process (`OPEN_MAX`).
const MOST: u64 = 10_240;
/// Kept for what connections need to be answered: files, databases, pipes of functions.
const KEPT: u64 = 1024;

/// Asks the system for many descriptors, once, and says how many connections one port may hold.
///
/// A shell gives 1,024 or even 256 as a rule, though the system would allow more.
pub(crate) fn connections() -> usize {
    static ROOM: OnceLock<usize> = OnceLock::new();
    *ROOM.get_or_init(|| share(raise()))
}

/// Half of what is not kept, so that one port cannot close the others; a quarter where there is little.
fn share(descriptors: u64) -> usize {
    let share = (descriptors.saturating_sub(KEPT) / 2).max(descriptors / 4).max(1);
    usize::try_from(share).unwrap_or(usize::MAX)
}

#[cfg(unix)]
fn raise() -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let now = getrlimit(Resource::Nofile);
    let wanted = now.maximum.unwrap_or(MOST).min(MOST);
    let current = now.current.unwrap_or(MOST);
    if current >= wanted {
        return current;
    }
    let raised = Rlimit { current: Some(wanted), maximum: now.maximum };
    setrlimit(Resource::Nofile, raised).map_or(current, |()| wanted)
}

#[cfg(not(unix))]
fn raise() -> u64 {
    MOST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_takes_no_more_than_its_share() {
        assert_eq!(share(10_240), 4608);
        assert_eq!(share(1024), 256);
        assert_eq!(share(3), 1);
        assert!(share(u64::MAX) > 1 << 30);
    }

    #[cfg(unix)]
    #[test]
    fn the_system_gives_what_it_allows() {
        use rustix::process::{Resource, getrlimit};
        let got = raise();
        let limit = getrlimit(Resource::Nofile);
        assert_eq!(limit.current.unwrap_or(MOST), got);
        assert!(got >= limit.maximum.unwrap_or(MOST).min(MOST));
    }
}
