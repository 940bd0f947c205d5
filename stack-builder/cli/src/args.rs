//! What can be typed: the commands, each with arguments of its own.

use crate::commands::{
    bootstrap::BootstrapArgs, deploy::DeployArgs, destroy::DestroyArgs, list::ListArgs, local::LocalArgs,
};
use crate::commands::{
    outputs::OutputsArgs, package::PackageArgs, seed::SeedArgs, synth::SynthArgs, validate::ValidateArgs,
};
use crate::global_args::GlobalArgs;
use clap::{Parser, Subcommand};

/// Describe AWS applications in Rust, and deploy them
///
/// You describe stacks in an ordinary Rust program that depends on the `stack-builder` crate.
/// This command builds and runs that program, and works on what it writes: the cloud assembly, a folder
/// with one CloudFormation template a stack and a manifest.
///
/// A first walk: `list` shows the stacks of the program, `synth` writes their templates and reports mistakes with
/// the line of your own source that caused them, `local` runs the whole application on this machine, without an AWS
/// account, and `package` compiles the Lambda handlers and fills their location in.
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
  stack-builder local --seed               run everything on this machine
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
    Local(LocalArgs),
    Bootstrap(BootstrapArgs),
    Deploy(DeployArgs),
    Seed(SeedArgs),
    Outputs(OutputsArgs),
    Destroy(DestroyArgs),
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
}
