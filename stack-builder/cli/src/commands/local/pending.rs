//! What has to be made again.

use std::ops::BitOrAssign;

/// Parts of the application whose sources have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pending {
    /// The program that describes the stacks.
    pub(super) stacks: bool,
    /// The handlers.
    pub(super) handlers: bool,
    /// The folders of sites.
    pub(super) sites: bool,
}

impl Pending {
    /// Everything but the stacks, which come first.
    pub(super) const AT_FIRST: Self = Self { stacks: false, handlers: true, sites: true };

    /// Whether there is nothing to do.
    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl BitOrAssign for Pending {
    fn bitor_assign(&mut self, other: Self) {
        self.stacks |= other.stacks;
        self.handlers |= other.handlers;
        self.sites |= other.sites;
    }
}
