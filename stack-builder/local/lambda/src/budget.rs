//! How much a handler may log: some at once, and then so much a second.

use std::time::Instant;

/// Bytes at once, and bytes a second; a log group keeps no more than this anyway.
const MOST: usize = 1 << 20;

/// What may still be written.
#[derive(Debug)]
pub(crate) struct Budget {
    left: usize,
    filled: Instant,
}

impl Budget {
    pub(crate) fn new(now: Instant) -> Self {
        Self { left: MOST, filled: now }
    }

    /// Takes what a line of `bytes` costs; `false` when it is too much at this time.
    pub(crate) fn take(&mut self, bytes: usize, now: Instant) -> bool {
        let passed = now.saturating_duration_since(self.filled).as_millis();
        let earned = usize::try_from(passed).unwrap_or(MOST).saturating_mul(MOST / 1000);
        if earned > 0 {
            self.left = self.left.saturating_add(earned).min(MOST);
            self.filled = now;
        }
        // An empty line costs too.
        let cost = bytes + 32;
        let affordable = cost <= self.left;
        if affordable {
            self.left -= cost;
        }
        affordable
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_flood_is_stopped_and_a_second_later_there_is_room_again() {
        let start = Instant::now();
        let mut budget = Budget::new(start);
        let taken = (0..10_000).filter(|_| budget.take(1000, start)).count();
        assert_eq!(taken, MOST / 1032);
        assert!(!budget.take(1000, start));
        let later = start + Duration::from_secs(1);
        let again = (0..10_000).filter(|_| budget.take(1000, later)).count();
        assert!((1000..=taken).contains(&again), "{again}");
    }
}
