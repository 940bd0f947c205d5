//! Environment variables that Lambda sets itself.

use crate::scope::Scope;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::Object;

/// Those that a function's settings may not set, sorted.
///
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime>
const RESERVED: &[&str] = &[
    "AWS_ACCESS_KEY",
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

/// Reports each of `variables` that Lambda would refuse, at the line that set it.
pub(super) fn report(scope: &mut Scope, variables: &Object) {
    let reserved = |name: &str| RESERVED.binary_search(&name).is_ok();
    for variable in variables.entries().iter().filter(|variable| reserved(&variable.key)) {
        let message = format!("Lambda sets the variable `{}` itself, and lets nobody else", variable.key);
        let hint = "choose another name, or leave it out where Lambda's own value is meant";
        let diagnostic = Diagnostic::error("reserved-variable", message).hint(hint);
        let path = format!("{}.Environment.Variables.{}", scope.logical_id(), variable.key);
        scope.report(diagnostic.caused_by(variable.source).at(path));
    }
}

#[cfg(test)]
mod tests {
    use super::RESERVED;

    #[test]
    fn the_list_is_sorted() {
        assert!(RESERVED.is_sorted());
    }
}
