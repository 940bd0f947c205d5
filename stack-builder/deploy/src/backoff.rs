//! Polling that is quick at first and patient later.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(2);

/// The pause before the next look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff(Duration);

impl Backoff {
    pub(crate) fn new() -> Self {
        Self(FIRST)
    }

    /// Sleeps, and makes the next pause half as long again.
    pub(crate) async fn pause(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = self.0.mul_f32(1.5).min(LONGEST);
    }

    /// Something moved: look again soon.
    pub(crate) fn reset(&mut self) {
        *self = Self::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_to_two_seconds_and_start_afresh() {
        let mut backoff = Backoff::new();
        for _ in 0..10 {
            backoff.pause().await;
        }
        assert_eq!(backoff.0, LONGEST);
        backoff.reset();
        assert_eq!(backoff.0, FIRST);
    }
}
