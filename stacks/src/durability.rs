//! How long what users leave behind lasts.

use stack_builder::{RemovalPolicy, Stage, Table, UserPool};

/// What differs between a stage that people try things on and one that people rely on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Durability {
    /// Days for which logs are kept.
    pub(crate) log_retention: u32,
    /// What becomes of data when the stack goes.
    pub(crate) removal: RemovalPolicy,
    /// Whether data is guarded against deletion by people, and recoverable to any second of the last 35 days.
    pub(crate) guarded: bool,
}

impl Durability {
    /// In production everything lasts; elsewhere a stack leaves nothing behind.
    pub(crate) fn of(stage: &Stage) -> Self {
        if stage.is_production() {
            Self { log_retention: 90, removal: RemovalPolicy::RetainExceptOnCreate, guarded: true }
        } else {
            Self { log_retention: 14, removal: RemovalPolicy::Delete, guarded: false }
        }
    }

    /// `table`, lasting like this.
    #[track_caller]
    pub(crate) fn table(self, table: Table) -> Table {
        let table = table.removal_policy(self.removal);
        if self.guarded { table.deletion_protection() } else { table.without_recovery() }
    }

    /// `users`, lasting like this.
    #[track_caller]
    pub(crate) fn users(self, users: UserPool) -> UserPool {
        let users = users.removal_policy(self.removal);
        if self.guarded { users.deletion_protection() } else { users }
    }
}
