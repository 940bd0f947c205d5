//! `stack-builder package`: compile the handlers, archive them and the sites, and fill their location in.

use super::Selection;
use crate::app::Synthesis;
use crate::exit::ExitStatus;
use crate::session::Session;
use crate::views;
use anyhow::Result;
use stack_builder_package::{PackageOptions, Packaged, package};

/// Compile and archive what the stacks need: their Lambda handlers and sites
///
/// Synthesizes first, then builds each Rust handler once for Lambda, checks that Lambda can load it, and archives it
/// under the hash of its content, as it does with the folder of each site. The same sources give the same bytes, and
/// what is there already is reused.
/// Beside each template it writes `<stack>.packaged.json`, which says where the archives will lie in the asset
/// bucket of the account, so that a plain `aws cloudformation deploy` can use it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct PackageArgs {
    #[command(flatten)]
    selection: Selection,
}

const EXAMPLES: &str = "\
EXAMPLES:
  stack-builder package                  the handlers and sites of every stack
  stack-builder package notes            those of one stack
  stack-builder package --json | jq '.assets[].size'";

/// Synthesizes, packages, and shows a table of archives.
pub(crate) fn run(args: &PackageArgs, session: &Session) -> Result<ExitStatus> {
    let synthesis = args.selection.synthesize(session)?;
    let packaged = archive(session, &synthesis, args.selection.json)?;
    if args.selection.json {
        views::package::json(&session.printer, &synthesis.assembly, &packaged)?;
    } else {
        views::package::table(&session.printer, &synthesis.assembly, &packaged);
    }
    Ok(ExitStatus::Done)
}

/// Packages every stack of the assembly and shows the progress; for the commands that go on from there as well.
pub(crate) fn archive(session: &Session, synthesis: &Synthesis, quiet: bool) -> Result<Packaged> {
    let stacks: Vec<_> = synthesis.assembly.manifest.stacks.iter().collect();
    let color = if session.printer.colors_errors() { "always" } else { "never" };
    let options = PackageOptions::new(&synthesis.workspace).variable("CARGO_TERM_COLOR", color);
    let mut steps = views::package::Steps::new(&session.printer, quiet);
    let packaged = package(&synthesis.assembly, &stacks, &options, &mut |step| steps.show(step));
    if packaged.is_err() {
        steps.show_held();
    }
    Ok(packaged?)
}
