//! What the global options mean: what every command has at hand.

use crate::global_args::GlobalArgs;
use crate::views::Printer;
use stack_builder_package::Cancel;

/// The choices that hold for the whole run.
#[derive(Debug)]
pub(crate) struct Session {
    /// The package or folder that holds the stacks, when it was named.
    pub(crate) app: Option<String>,
    /// The stage to synthesize.
    pub(crate) stage: String,
    /// The region, when it was named.
    pub(crate) region: Option<String>,
    /// Where output goes.
    pub(crate) printer: Printer,
    /// Ends cargo before its time.
    pub(crate) cancel: Cancel,
}

impl Session {
    pub(crate) fn new(global: GlobalArgs) -> Self {
        let printer = Printer::new(global.color, global.quiet, global.verbose);
        let cancel = Cancel::default();
        Self { app: global.app, stage: global.stage, region: global.region, printer, cancel }
    }

    /// The region as far as it is known without looking into profiles, for what needs no account.
    pub(crate) fn likely_region(&self) -> Option<String> {
        // The SDK's order.
        let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter();
        let mut set =
            variables.filter_map(|name| std::env::var(name).ok()).filter(|region| !region.is_empty());
        self.region.clone().or_else(|| set.next())
    }
}
