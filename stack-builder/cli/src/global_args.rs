//! What can be typed with every command.

use clap::{Args, ValueEnum};

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
