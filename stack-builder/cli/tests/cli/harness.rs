//! Runs the command and compares what it says.

use crate::fixture;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// One run of the command, to be configured and then [run](Test::run).
pub(crate) struct Test {
    folder: TempDir,
    directory: PathBuf,
    arguments: Vec<String>,
    variables: Vec<(&'static str, String)>,
    exit: u8,
}

/// What a run left.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The assembly's folder; it lives as long as this.
    pub(crate) output: PathBuf,
    _folder: TempDir,
}

impl Test {
    /// In the fixture's workspace, whose program writes one sound stack.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("canned")).unwrap();
        let test = Self {
            folder,
            directory: fixture::workspace().to_owned(),
            arguments: Vec::new(),
            variables: Vec::new(),
            exit: 0,
        };
        test.manifest(&fixture::manifest()).canned("notes.template.json", &fixture::template())
    }

    /// What the program writes as its manifest.
    pub(crate) fn manifest(self, manifest: &Value) -> Self {
        self.canned("manifest.json", manifest)
    }

    /// A file that the program writes.
    pub(crate) fn canned(self, name: &str, content: &Value) -> Self {
        fs::write(self.folder.path().join("canned").join(name), content.to_string()).unwrap();
        self
    }

    /// A file in the folder where the command runs [`outside`](Self::outside) of the workspace.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        fs::write(self.folder.path().join(name), text).unwrap();
        self
    }

    /// The program writes nothing.
    pub(crate) fn writes_nothing(self) -> Self {
        fs::remove_dir_all(self.folder.path().join("canned")).unwrap();
        fs::create_dir(self.folder.path().join("canned")).unwrap();
        self
    }

    /// The exit status of the program.
    pub(crate) fn exits(mut self, status: u8) -> Self {
        self.exit = status;
        self
    }

    pub(crate) fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    /// With an account in eu-west-1 of the cloud at `endpoint`, whatever this machine is set to.
    pub(crate) fn cloud(self, endpoint: &str) -> Self {
        let variables = [
            ("AWS_ACCESS_KEY_ID", "key"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL", endpoint),
            ("AWS_CONFIG_FILE", "absent"),
            ("AWS_SHARED_CREDENTIALS_FILE", "absent"),
        ];
        variables.into_iter().fold(self, |test, (name, value)| test.variable(name, value))
    }

    /// Runs in an empty folder rather than in the workspace.
    pub(crate) fn outside(mut self) -> Self {
        self.directory = self.folder.path().to_owned();
        self
    }

    /// Runs in `folder` rather than in the fixture's workspace.
    pub(crate) fn in_folder(mut self, folder: &Path) -> Self {
        folder.clone_into(&mut self.directory);
        self
    }

    /// The arguments; `[OUT]` stands for the folder that receives the assembly.
    pub(crate) fn args<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        let output = self.output().display().to_string();
        self.arguments.extend(arguments.into_iter().map(|argument| argument.replace("[OUT]", &output)));
        self
    }

    /// `synth` into a folder of this test's own.
    pub(crate) fn synth<'a>(self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        self.args(["synth", "--output", "[OUT]"]).args(arguments)
    }

    fn output(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// The command as it will be run, for what [`run`](Self::run) cannot do.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stack-builder"));
        command.args(&self.arguments).current_dir(&self.directory).stdin(Stdio::null());
        command.env("CANNED", self.folder.path().join("canned")).env("CANNED_EXIT", self.exit.to_string());
        command.env("CARGO_TARGET_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/target"));
        for name in
            ["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "RUST_BACKTRACE", "CARGO_TERM_COLOR", "RUSTFLAGS"]
        {
            command.env_remove(name);
        }
        let aws = std::env::vars_os().map(|(name, _)| name);
        for name in aws.filter(|name| name.to_string_lossy().starts_with("AWS_")) {
            command.env_remove(name);
        }
        command.envs(self.variables.iter().map(|(name, value)| (*name, value)));
        command
    }

    pub(crate) fn run(self) -> Outcome {
        let output = self.command().output().unwrap();
        let plain = |bytes: &[u8]| self.plain(std::str::from_utf8(bytes).unwrap());
        Outcome {
            code: output.status.code(),
            stdout: plain(&output.stdout),
            stderr: plain(&output.stderr),
            output: self.output(),
            _folder: self.folder,
        }
    }

    /// Puts words in place of what differs from run to run.
    fn plain(&self, text: &str) -> String {
        let text = text.replace(&self.output().display().to_string(), "[OUT]");
        let text = text.replace(&fixture::workspace().display().to_string(), "[APP]");
        let words: Vec<_> = text.split(' ').collect();
        let mut plain = Vec::new();
        for (index, word) in words.iter().enumerate() {
            let unit = words.get(index + 1).is_some_and(|next| next.trim_end_matches([')', '\n']) == "s");
            let (open, number) = word.strip_prefix('(').map_or(("", *word), |number| ("(", number));
            let time = unit && number.parse::<f64>().is_ok();
            plain.push(if time { format!("{open}[TIME]") } else { (*word).to_owned() });
        }
        plain.join(" ")
    }
}

impl Outcome {
    /// Compares everything that the run left.
    #[track_caller]
    pub(crate) fn check(&self, code: i32, stdout: &str, stderr: &str) {
        assert_eq!(
            self.stdout.trim_end(),
            stdout.trim(),
            "standard output; standard error is:\n{}",
            self.stderr
        );
        assert_eq!(self.stderr.trim_end(), stderr.trim(), "standard error");
        assert_eq!(self.code, Some(code), "exit code");
    }

    /// Compares the exit code, and looks for each of `parts` in the standard error, in this order.
    #[track_caller]
    pub(crate) fn fails(&self, code: i32, parts: &[&str]) {
        assert_eq!(self.code, Some(code), "exit code; standard error is:\n{}", self.stderr);
        let mut rest = self.stderr.as_str();
        for part in parts {
            let at = rest.find(part);
            rest = &rest[at.unwrap_or_else(|| panic!("no {part:?} (in this order) in:\n{}", self.stderr))..];
        }
    }

    /// Standard output as JSON, with nothing beside it.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}
