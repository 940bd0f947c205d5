//! The stage of a REST API: its name, its limits and its log.

use super::methods::Throttled;
use crate::constructs::routes::Throttle;
use crate::constructs::{access_log, log_group};
use crate::scope::Scope;
use stack_builder_assembly::Diagnostic;
use stack_builder_cfn::apigateway::{self as l1, stage as nested};
use stack_builder_cfn::{Source, Value, logs};

/// What is said of the stage.
pub(super) struct StageSettings {
    pub(super) name: Option<(String, Source)>,
    pub(super) throttle: Throttle,
    pub(super) trace: bool,
    pub(super) metrics: bool,
    pub(super) log: logs::LogGroup,
    pub(super) log_format: Option<(String, Source)>,
}

impl StageSettings {
    #[track_caller]
    pub(super) fn new() -> Self {
        Self {
            name: None,
            throttle: Throttle::default(),
            trace: false,
            metrics: false,
            log: log_group::new(),
            log_format: None,
        }
    }

    /// The stage's name; one that API Gateway does not take is reported.
    pub(super) fn checked_name(&self, scope: &mut Scope) -> String {
        let given = self.name.as_ref();
        let name = given.map_or_else(|| scope.stage().name().to_owned(), |(name, _)| name.clone());
        let legal = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !(1..=128).contains(&name.len()) || !name.chars().all(legal) {
            let message = format!("the REST API's stage cannot be called `{name}`");
            let hint = "give it a `stage_name` of 1 to 128 letters, digits, `-` and `_`";
            let diagnostic = Diagnostic::error("illegal-name", message).hint(hint);
            scope.report(match given {
                Some((_, source)) => diagnostic.caused_by(source),
                None => diagnostic,
            });
        }
        name
    }

    fn checked_format(&self, scope: &mut Scope) -> String {
        let Some((format, source)) = &self.log_format else {
            return access_log::json(&[
                ("resourcePath", "resourcePath"),
                ("integrationLatency", "integrationLatency"),
                ("error", "error.message"),
                ("apiKeyId", "identity.apiKeyId"),
                ("traceId", "xrayTraceId"),
            ]);
        };
        for (code, message, hint) in problems_of(format) {
            scope.report(Diagnostic::error(code, message).hint(hint).caused_by(source));
        }
        format.clone()
    }
}

/// What is wrong with the format of an access log: code, message and hint.
fn problems_of(format: &str) -> Vec<(&'static str, &'static str, &'static str)> {
    let mut found = Vec::new();
    if !["$context.requestId", "$context.extendedRequestId"].iter().any(|id| format.contains(id)) {
        let message = "the access log's format does not name the request";
        found.push(("illegal-log-format", message, "add `$context.requestId`"));
    }
    if format.contains('\n') {
        let message = "the access log's format has more than one line";
        found.push(("illegal-log-format", message, "write it in one line"));
    }
    let key = "$context.identity.apiKey";
    if format.split(key).skip(1).any(|rest| !rest.starts_with("Id")) {
        let message = "the access log would hold the API keys of its callers";
        found.push(("plain-secret", message, "write `$context.identity.apiKeyId`"));
    }
    found
}

/// Adds the stage, and returns its name.
pub(super) fn add(
    scope: &mut Scope,
    settings: StageSettings,
    api: &Value<String>,
    name: &str,
    deployment: &Value<String>,
    throttled: Vec<Throttled>,
) -> Value<String> {
    let format = settings.checked_format(scope);
    let metrics = settings.metrics;
    let log = access_log::add(scope, api, settings.log);
    let mut stage = l1::Stage::new()
        .rest_api_id(api)
        .stage_name(name)
        .deployment_id(deployment)
        .tracing_enabled(settings.trace)
        .access_log_setting_with(|l1| l1.destination_arn(log).format(format))
        .add_method_settings(|_| method_setting("*", "/*", settings.throttle, metrics));
    for method in throttled {
        let path = escaped(&method.path);
        stage = stage.add_method_settings(|_| method_setting(method.verb, &path, method.throttle, metrics));
    }
    scope.add("Stage", stage).reference()
}

fn method_setting(verb: &str, path: &str, throttle: Throttle, metrics: bool) -> nested::MethodSetting {
    nested::MethodSetting::new()
        .http_method(verb)
        .resource_path(path)
        .throttling_rate_limit(f64::from(throttle.rate))
        .throttling_burst_limit(throttle.burst)
        .metrics_enabled(metrics)
}

/// The path as method settings name it: `/item/{id}` is `/~1item~1{id}`.
///
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-methodsetting.html>
fn escaped(path: &str) -> String {
    if path == "/" {
        return path.to_owned();
    }
    format!("/{}", path.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn method_settings_escape_slashes() {
        assert_eq!(escaped("/"), "/");
        assert_eq!(escaped("/login"), "/~1login");
        assert_eq!(escaped("/item/{id}/done"), "/~1item~1{id}~1done");
    }

    #[test]
    fn a_log_names_requests_and_keeps_keys_out() {
        let codes = |format| problems_of(format).into_iter().map(|(code, ..)| code).collect::<Vec<_>>();
        assert!(codes("$context.requestId $context.identity.apiKeyId").is_empty());
        assert_eq!(codes("$context.status"), ["illegal-log-format"]);
        assert_eq!(codes("$context.extendedRequestId\n"), ["illegal-log-format"]);
        assert_eq!(codes("$context.requestId $context.identity.apiKey"), ["plain-secret"]);
    }
}
