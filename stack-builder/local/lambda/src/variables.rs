//! The environment variables that a handler finds.

use crate::definition::Definition;
use stack_builder_local_core::Credentials;
use std::path::Path;

/// What Lambda sets itself, so that a function cannot.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>
const RESERVED: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
];

/// Whether a function cannot have this variable of its own.
pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// What the variables depend on beside the function.
pub(crate) struct Surroundings<'a> {
    pub(crate) version: &'a str,
    pub(crate) stream: &'a str,
    pub(crate) credentials: &'a Credentials,
    /// `host:port` of the Runtime API.
    pub(crate) runtime_api: &'a str,
    pub(crate) task_root: &'a Path,
    /// Where AWS's API answers.
    pub(crate) endpoint: &'a str,
    pub(crate) extra: &'a [(String, String)],
}

/// All variables; nothing else is passed on, and of two with the same name the later counts.
///
/// `AWS_EXECUTION_ENV` is not among them, as on Lambda for runtimes that are an operating system only.
pub(crate) fn variables(function: &Definition, with: &Surroundings<'_>) -> Vec<(String, String)> {
    let root = with.task_root.to_string_lossy();
    let fixed = [
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime"),
        ("LANG", "en_US.UTF-8"),
        ("PATH", "/usr/local/bin:/usr/bin/:/bin:/opt/bin"),
        ("TZ", ":UTC"),
        ("AWS_REGION", &function.region),
        ("AWS_DEFAULT_REGION", &function.region),
        ("AWS_LAMBDA_FUNCTION_NAME", &function.name),
        ("AWS_LAMBDA_FUNCTION_VERSION", with.version),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", &function.memory.to_string()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", &function.logging.group),
        ("AWS_LAMBDA_LOG_STREAM_NAME", with.stream),
        ("AWS_LAMBDA_LOG_FORMAT", if function.logging.json { "JSON" } else { "Text" }),
        ("AWS_LAMBDA_RUNTIME_API", with.runtime_api),
        ("AWS_ACCESS_KEY_ID", &with.credentials.access_key),
        ("AWS_SECRET_ACCESS_KEY", &with.credentials.secret_key),
        ("AWS_SESSION_TOKEN", with.credentials.session_token.as_deref().unwrap_or_default()),
        ("AWS_ENDPOINT_URL", with.endpoint),
        ("LAMBDA_TASK_ROOT", &root),
        ("LD_LIBRARY_PATH", &format!("{root}:{root}/lib")),
        ("_HANDLER", &function.handler),
    ];
    let level = function.logging.level.iter().map(|level| ("AWS_LAMBDA_LOG_LEVEL".to_owned(), level.clone()));
    let own = function.variables.iter().filter(|(name, _)| !is_reserved(name));
    let own = own.map(|(name, value)| (name.clone(), value.clone()));
    let fixed = fixed.map(|(name, value)| (name.to_owned(), value.to_owned()));
    fixed.into_iter().chain(level).chain(with.extra.iter().cloned()).chain(own).collect()
}
