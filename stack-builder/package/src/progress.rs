//! What happens during packaging, as values for a view to show.

use stack_builder_assembly::Architecture;
use std::path::PathBuf;

/// One step of [`package`](crate::package), in the order in which it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// Another run packages the same assembly; this one waits for it.
    Waiting {
        /// The assembly directory.
        directory: PathBuf,
    },
    /// Cargo starts on the binaries of one architecture.
    Building {
        /// The binaries, sorted.
        bins: Vec<String>,
        /// What they are built for.
        architecture: Architecture,
        /// The target as cargo is given it: `x86_64-unknown-linux-gnu`, with a glibc version when `cargo zigbuild`
        /// does the linking.
        target: String,
    },
    /// Cargo starts on the binaries for this machine.
    BuildingLocally {
        /// The binaries, sorted.
        bins: Vec<String>,
    },
    /// A line of cargo's standard error, without its line end: progress, warnings and compile errors.
    Cargo {
        /// The line.
        line: String,
    },
    /// Cargo is done with the binaries of one architecture.
    Built {
        /// What they are built for.
        architecture: Architecture,
        /// Those that were not up to date.
        rebuilt: Vec<String>,
    },
    /// A binary is about to be checked and archived; not sent for one that an earlier run archived as it is.
    Archiving {
        /// Logical name of the asset.
        asset: String,
        /// Bytes of the binary.
        size: u64,
    },
    /// An archive is there.
    Archived {
        /// Logical name of the asset.
        asset: String,
        /// Address of the content.
        hash: String,
        /// Bytes of the archive.
        size: u64,
        /// Whether it was there before.
        reused: bool,
    },
    /// An archive for the edge is above the quota that older accounts have for viewer events; sent when it is made.
    LargeAtEdge {
        /// Logical name of the asset.
        asset: String,
        /// Bytes of the archive.
        size: u64,
        /// The older quota, in bytes.
        older_limit: u64,
    },
    /// A packaged template changed; not sent for one that stays as it is.
    TemplateWritten {
        /// Name of the stack.
        stack: String,
        /// The file.
        path: PathBuf,
    },
}
