//! What several rules read in the same way.

pub(super) mod distribution;
pub(super) mod policy;
pub(super) mod runtimes;
pub(super) mod text;
