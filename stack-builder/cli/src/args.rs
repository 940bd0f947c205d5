//! What can be typed.

use crate::commands::{bootstrap::BootstrapArgs, deploy::DeployArgs, destroy::DestroyArgs, list::ListArgs};
use crate::commands::{
    outputs::OutputsArgs, package::PackageArgs, seed::SeedArgs, synth::SynthArgs, validate::ValidateArgs,
};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Describe AWS applications in Rust, and deploy them
///
/// You describe stacks in an ordinary Rust program that depends on the `stack-builder` crate.
/// This command builds and runs that program, and works on what it writes: the cloud assembly, a folder
/// with one CloudFormation template a stack and a manifest.
///
/// A first walk: `list` shows the stacks of the program, `synth` writes their templates and reports mistakes with
/// the line of your own source that caused them, `package` compiles the Lambda handlers and fills their location in.
/// Then `bootstrap` prepares your AWS account and its regions once, `deploy` shows what would change, asks, and does
/// it, sites included, `seed` loads demonstration data, `outputs` shows the addresses of what runs, and `destroy`
/// takes it away again.
#[derive(Debug, Parser)]
#[command(name = "stack-builder", version, after_help = EXAMPLES, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
EXAMPLES:
  stack-builder list                       which stacks are there?
  stack-builder synth                      write every template to target/assembly
  stack-builder synth notes --stage prod   one stack, for another stage
  stack-builder validate template.yaml     judge any CloudFormation template
  stack-builder package                    compile and archive the Lambda handlers
  stack-builder bootstrap                  prepare the AWS account and its regions, once
  stack-builder deploy                     create or update every stack
  stack-builder destroy notes              take one away again

EXIT CODES:
  0  done
  1  failed: the stacks have errors, or something on the way did
  2  usage: an unknown option, stack, stage or package
  130  interrupted by Ctrl-C";

/// One variant a command, in the order in which they are used.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    List(ListArgs),
    Synth(SynthArgs),
    Validate(ValidateArgs),
    Package(PackageArgs),
    Bootstrap(BootstrapArgs),
    Deploy(DeployArgs),
    Seed(SeedArgs),
    Outputs(OutputsArgs),
    Destroy(DestroyArgs),
}

// Options of every command. (No doc comment: clap would show it in place of the one of `Cli`.)
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// Package of the workspace, or folder with a `Cargo.toml`, that describes the stacks
    ///
    /// Without it: the package you are in if it depends on `stack-builder`; else the one named by `app` in
    /// `[workspace.metadata.stack-builder]` (or `[package.metadata.stack-builder]`) of Cargo.toml; else the only one
    /// of the workspace that depends on `stack-builder`.
    #[arg(long, global = true, value_name = "PACKAGE")]
    pub(crate) app: Option<String>,

    /// Stage to synthesize, part of every name in the cloud
    ///
    /// A lower-case letter, then up to 19 lower-case letters, digits and hyphens.
    #[arg(long, global = true, value_name = "NAME", default_value = "dev", value_parser = stage)]
    pub(crate) stage: String,

    /// Region of the stacks that are not pinned to one [default: `AWS_REGION`, else that of the profile]
    ///
    /// `list`, `synth` and `package` use no AWS settings but this option, `AWS_REGION` and `AWS_DEFAULT_REGION`.
    #[arg(long, global = true, value_name = "REGION")]
    pub(crate) region: Option<String>,

    /// When to use colour; `auto` means on a terminal, unless `NO_COLOR` is set
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = ColorWhen::Auto)]
    pub(crate) color: ColorWhen,

    /// Print results and errors only, no progress
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say which programs are run, and how
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// When to colour the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal that can.
    Auto,
    /// Also into a pipe or a file.
    Always,
    /// Nowhere.
    Never,
}

fn stage(text: &str) -> Result<String, &'static str> {
    let mut characters = text.chars();
    let starts = characters.next().is_some_and(|c| c.is_ascii_lowercase());
    let goes_on = characters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if starts && goes_on && text.len() <= 20 {
        Ok(text.to_owned())
    } else {
        Err("a stage is a lower-case letter, then up to 19 lower-case letters, digits and hyphens")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_teaches_by_example() {
        for command in Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.starts_with("EXAMPLES:"), "`{}` has no examples", command.get_name());
            assert!(command.get_long_about().is_some(), "`{}` has no walk-through", command.get_name());
        }
    }

    #[test]
    fn stages() {
        for good in ["dev", "a", "prod-2", "abcdefghijklmnopqrst"] {
            assert_eq!(stage(good).as_deref(), Ok(good));
        }
        for bad in ["", "Dev", "1st", "-a", "a_b", "a.b", "abcdefghijklmnopqrstu", "é"] {
            assert!(stage(bad).is_err(), "{bad:?}");
        }
    }
}
