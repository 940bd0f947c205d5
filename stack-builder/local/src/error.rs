//! What stops a local run.

use std::io;
use std::path::PathBuf;

/// Why the application cannot run here.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A port is in use, or may not be used.
    #[error(
        "cannot listen on 127.0.0.1:{port}\nhint: end what uses it, or choose another with `--port`; `--port 0` takes any that is free"
    )]
    Listen {
        /// The port.
        port: u16,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// State cannot be read or written.
    #[error("cannot use `{}`", path.display())]
    State {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A store cannot be opened.
    #[error("cannot open the local {service}: {message}{}", hint(message))]
    Store {
        /// Such as `DynamoDB`.
        service: &'static str,
        /// Why.
        message: String,
    },
    /// A template of the assembly cannot be read.
    #[error(transparent)]
    Assembly(#[from] stack_builder_assembly::AssemblyError),
    /// A parameter has no value.
    #[error(
        "parameter `{parameter}` of stack `{stack}` has no value\nhint: give it a default in the description, or pass `--parameter {parameter}=VALUE`"
    )]
    Parameter {
        /// The stack's name.
        stack: String,
        /// The parameter.
        parameter: String,
    },
    /// Stacks take outputs of each other in a circle.
    #[error("the stacks {stacks} take outputs of each other in a circle")]
    Circle {
        /// Their names.
        stacks: String,
    },
    /// No certificate can be made.
    #[error("cannot make a certificate for TLS: {0}")]
    Certificate(String),
}

/// What helps where the store itself does not know.
fn hint(message: &str) -> &'static str {
    if message.contains("hint: ") {
        return "";
    }
    "\nhint: move `.stack-builder/local` away to begin anew, or pass `--ephemeral`"
}
