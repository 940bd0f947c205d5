//! The pinned sources of the facts: which version, which bytes, and which client fetches them.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::tools;
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

/// One public, openly licensed package, pinned to its bytes.
pub(crate) struct Pin {
    /// The file the client saves.
    pub(crate) file: &'static str,
    /// SHA-256 of that file, in lower-case hexadecimal.
    pub(crate) sha256: &'static str,
    /// The ordinary client of the registry, and its arguments; it saves into the current folder.
    client: &'static [&'static str],
    /// Where to get the client.
    hint: &'static str,
}

/// One JSON schema a resource type (`cfn-lint`, MIT-0).
pub(crate) const SCHEMAS: Pin = Pin {
    file: "cfn_lint-1.58.0-py3-none-any.whl",
    sha256: "9d9f06043160756a6158f5c3f92a44ce38254b1c578127461608305bc8262987",
    client: &["pip", "download", "--quiet", "--no-deps", "--no-binary=:none:", "cfn-lint==1.58.0"],
    hint: "run `cargo xtask tools` first, or have `pip` on the PATH",
};

/// What `Ref` returns where it is not the primary identifier (`@aws-cdk/aws-service-spec`, Apache-2.0).
pub(crate) const REFERENCES: Pin = Pin {
    file: "aws-cdk-aws-service-spec-0.1.216.tgz",
    sha256: "2305b840c961bf7ab982a3e67a44cd2fe1f8fad78d8f2598c0fd36fbf17c9af8",
    client: &["npm", "pack", "--silent", "@aws-cdk/aws-service-spec@0.1.216"],
    hint: "install Node.js with npm, and have `npm` on the PATH",
};

impl Pin {
    /// The bytes of the verified file in `folder`, fetched first if it is not there.
    pub(crate) fn bytes(&self, folder: &Path) -> Result<Vec<u8>> {
        let path = folder.join(self.file);
        if !path.exists() {
            self.fetch(folder)?;
        }
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        self.verify(&bytes, &path)?;
        Ok(bytes)
    }

    fn fetch(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
        let (program, arguments) = self.client.split_first().context("a pin names its client")?;
        let command = self.client.join(" ");
        // npm prints the name of the file it saved; only its complaints matter here.
        let output = match Command::new(installed(program)).args(arguments).current_dir(folder).output() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                bail!("`{program}` is needed for `{command}`, but there is none\nhint: {}", self.hint)
            }
            output => output.with_context(|| format!("cannot start `{command}`"))?,
        };
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!(
                "`{command}` failed ({})\n{}\nhint: the registry must be reachable once",
                output.status,
                said.trim()
            );
        }
        Ok(())
    }

    fn verify(&self, bytes: &[u8], path: &Path) -> Result<()> {
        let found = hexadecimal(&Sha256::digest(bytes));
        if found != self.sha256 {
            let (path, expected) = (path.display(), self.sha256);
            bail!(
                "`{path}` is not the pinned file: its SHA-256 is {found}, expected {expected}\n\
                 hint: delete the file and run `cargo xtask codegen` again; if the version is to change, change the pin"
            );
        }
        Ok(())
    }
}

/// The project's own client where there is one: Debian's Python comes without pip.
fn installed(program: &str) -> PathBuf {
    let own = tools::root().join("python/bin").join(program);
    if own.exists() { own } else { program.into() }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from_digit(four.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bytes_are_refused_with_both_hashes() {
        let error = SCHEMAS.verify(b"other", Path::new("x.whl")).unwrap_err().to_string();
        assert!(error.contains(SCHEMAS.sha256) && error.contains("hint: delete the file"), "{error}");
        assert!(
            error.contains("d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa"),
            "{error}"
        );
    }

    #[test]
    fn a_missing_client_is_named_with_a_hint() {
        let folder = std::env::temp_dir();
        let pin = Pin { file: "absent", sha256: "", client: &["no-such-client", "get"], hint: "install it" };
        let error = pin.bytes(&folder).unwrap_err().to_string();
        assert_eq!(
            error,
            "`no-such-client` is needed for `no-such-client get`, but there is none\nhint: install it"
        );
    }
}
