//! What the global options mean: what every command has at hand.

use crate::args::GlobalArgs;
use crate::views::Printer;

/// The choices that hold for the whole run.
#[derive(Debug)]
pub(crate) struct Session {
    /// The package or folder that holds the stacks, when it was named.
    pub(crate) app: Option<String>,
    /// The stage to synthesize.
    pub(crate) stage: String,
    /// Where output goes.
    pub(crate) printer: Printer,
}

impl Session {
    pub(crate) fn new(global: GlobalArgs) -> Self {
        let printer = Printer::new(global.color, global.quiet, global.verbose);
        Self { app: global.app, stage: global.stage, printer }
    }
}
