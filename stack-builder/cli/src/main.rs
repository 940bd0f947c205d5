//! The `stack-builder` command: arguments become an operation, and its result becomes a view.

mod app;
mod args;
mod commands;
mod exit;
mod failure;
mod global_args;
mod session;
mod views;
mod yaml;

use args::{Cli, Command};
use clap::Parser as _;
use exit::ExitStatus;
use session::Session;

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    let session = Session::new(cli.global);
    let status = run(&cli.command, &session)
        .and_then(|status| session.printer.finish().map(|()| status))
        .unwrap_or_else(|error| views::failure::show(&session.printer, &error));
    status.into()
}

fn run(command: &Command, session: &Session) -> anyhow::Result<ExitStatus> {
    match command {
        Command::List(args) => commands::list::run(args, session),
        Command::Synth(args) => commands::synth::run(args, session),
        Command::Validate(args) => commands::validate::run(args, session),
        Command::Package(args) => commands::package::run(args, session),
        Command::Local(args) => commands::local::run(args, session),
        Command::Bootstrap(args) => commands::bootstrap::run(args, session),
        Command::Deploy(args) => commands::deploy::run(args, session),
        Command::Seed(args) => commands::seed::run(args, session),
        Command::Outputs(args) => commands::outputs::run(args, session),
        Command::Destroy(args) => commands::destroy::run(args, session),
    }
}
