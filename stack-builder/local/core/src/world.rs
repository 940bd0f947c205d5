//! What every service is given beside its resources.

use crate::{Clock, Identities, Journal, Logs, State};

/// The account, the region, and what is shared while the process runs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct World {
    /// Twelve digits; `000000000000` unless chosen otherwise.
    pub account: String,
    /// The region of stacks that are not pinned to another.
    pub region: String,
    /// The time.
    pub clock: Clock,
    /// What happens, for the terminal and the console.
    pub journal: Journal,
    /// What functions log.
    pub logs: Logs,
    /// Who has credentials.
    pub identities: Identities,
    /// Where what must survive a restart is kept.
    pub state: State,
}

impl World {
    /// A world without a past and without a future, for tests.
    pub fn ephemeral() -> Self {
        let clock = Clock::default();
        Self {
            account: "000000000000".to_owned(),
            region: "us-east-1".to_owned(),
            journal: Journal::new(clock.clone()),
            logs: Logs::default(),
            identities: Identities::default(),
            state: State::Ephemeral,
            clock,
        }
    }
}
