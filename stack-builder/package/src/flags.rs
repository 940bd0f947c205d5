//! What cargo is told beyond the user's own settings: a profile that suits Lambda, and paths that do not matter.

use crate::workspace::Workspace;
use crate::{PackageOptions, toolchain};
use std::ffi::OsString;
use std::fs;
use std::path::Path;

/// Name of the profile that handlers are built with.
pub(crate) const PROFILE: &str = "lambda";

/// The profile's settings, unless the user's workspace has a profile of that name.
///
/// Measured on a handler with two AWS SDK clients: a 3.8 MB archive and 3 s to link again. Fat LTO saves 0.9 MB more
/// but takes 28 s a binary for every edit.
const SETTINGS: [&str; 5] =
    ["inherits='release'", "opt-level='z'", "lto='off'", "panic='abort'", "strip='symbols'"];

/// Separates flags in `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: &str = "\u{1f}";

/// How the remapping of paths reaches rustc.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RustFlags {
    /// Appended to what the user's environment says, which turns off the flags in configuration files anyway.
    Encoded(OsString),
    /// A `--config` key, which cargo joins with the `build.rustflags` of the user's configuration files.
    Config(String),
}

/// `--config` keys for the profile; none when the user's manifest or configuration defines it.
pub(crate) fn profile_keys(workspace: &Workspace) -> Vec<String> {
    let files = ["Cargo.toml", ".cargo/config.toml"];
    let mut texts = files.into_iter().filter_map(|file| fs::read_to_string(workspace.root.join(file)).ok());
    if texts.any(|text| defines_profile(&text)) {
        return Vec::new();
    }
    SETTINGS.iter().map(|setting| format!("profile.{PROFILE}.{setting}")).collect()
}

/// Flags that hide where this machine keeps sources, so that every clone gives the same bytes.
///
/// Later flags win over earlier ones: the target directory and Cargo's home may lie in the workspace.
pub(crate) fn remap(
    workspace: &Workspace,
    toolchain: &toolchain::Toolchain,
    options: &PackageOptions,
) -> Vec<String> {
    let library = toolchain.sysroot.join("lib/rustlib/src/rust");
    let commit = toolchain.commit.as_ref().map(|commit| (library, format!("/rustc/{commit}")));
    let home = toolchain::cargo_home(options).map(|home| (home, "/cargo".to_owned()));
    [
        Some((workspace.root.clone(), "/workspace".to_owned())),
        Some((workspace.target_directory.clone(), "/target".to_owned())),
        home,
        commit,
    ]
    .into_iter()
    .flatten()
    .filter_map(|(from, to)| remapping(&from, &to))
    .collect()
}

/// Adds `remap` to the user's flags, wherever those come from.
///
/// Where they come from a `target` table of a configuration file, cargo takes those alone: the user's flags must not
/// be lost, so then the bytes depend on the directory.
pub(crate) fn rust_flags(remap: &[String], options: &PackageOptions) -> RustFlags {
    let encoded = options.lookup("CARGO_ENCODED_RUSTFLAGS");
    let plain = || options.lookup("RUSTFLAGS").map(|flags| encode(&flags.to_string_lossy()));
    let Some(mut flags) = encoded.or_else(plain) else {
        // A TOML array of basic strings is written like a JSON array.
        return RustFlags::Config(format!("build.rustflags={}", serde_json::json!(remap)));
    };
    for flag in remap {
        if !flags.is_empty() {
            flags.push(SEPARATOR);
        }
        flags.push(flag);
    }
    RustFlags::Encoded(flags)
}

fn encode(flags: &str) -> OsString {
    flags.split_whitespace().collect::<Vec<_>>().join(SEPARATOR).into()
}

fn remapping(from: &Path, to: &str) -> Option<String> {
    from.to_str().map(|from| format!("--remap-path-prefix={from}={to}"))
}

/// Whether a manifest or a configuration file has a table `[profile.lambda]`.
fn defines_profile(text: &str) -> bool {
    text.lines().any(|line| {
        let line: String = line.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'')).collect();
        let key = line.trim_start_matches('[');
        let rest = key.strip_prefix("profile.").and_then(|key| key.strip_prefix(PROFILE));
        rest.is_some_and(|rest| rest.starts_with([']', '.', '=']))
    })
}

#[cfg(test)]
mod tests {
    use super::{RustFlags, defines_profile, rust_flags};
    use crate::PackageOptions;

    #[track_caller]
    fn check_profile(manifest: &str, expect: bool) {
        assert_eq!(defines_profile(manifest), expect, "{manifest}");
    }

    #[test]
    fn sees_the_users_own_profile() {
        check_profile("[profile.lambda]\nlto = true", true);
        check_profile("[package]\nname = 'x'\n[ profile . \"lambda\" ] # ours", true);
        check_profile("[profile.lambda.package.'*']", true);
        check_profile("profile.lambda.inherits = 'release'", true);
        check_profile("[profile.lambda-small]", false);
        check_profile("[profile.release]\n# [profile.lambda]", false);
    }

    #[track_caller]
    fn check_flags(options: &PackageOptions, expect: &str) {
        let remap = ["--remap-path-prefix=/a b=/workspace".to_owned()];
        assert_eq!(rust_flags(&remap, options), RustFlags::Encoded(expect.into()));
    }

    #[test]
    fn keeps_the_users_flags() {
        let options = || PackageOptions::new(".");
        check_flags(
            &options().variable("CARGO_ENCODED_RUSTFLAGS", "--cfg\u{1f}feature = \"x y\""),
            "--cfg\u{1f}feature = \"x y\"\u{1f}--remap-path-prefix=/a b=/workspace",
        );
        check_flags(
            &options().variable("CARGO_ENCODED_RUSTFLAGS", ""),
            "--remap-path-prefix=/a b=/workspace",
        );
    }
}
