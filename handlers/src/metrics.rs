//! Counts of served and refused requests, in CloudWatch's embedded metric format.

use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// The line that counts one request: `Success` 1 when it was served, `Error` 1 when it was refused or failed.
///
/// Written to standard output, where Lambda finds it:
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>.
/// It is a line of its own beside the one in the log, always at level INFO: under Lambda's JSON log format a line with
/// `level` and `timestamp` passes as it is, and a refusal's WARN says nothing about its count. (A function whose
/// application log level is set above INFO loses its metrics with its other INFO lines:
/// <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>.)
///
/// The only dimension is `Service`, the handler's name; status, request id and trace id are searchable beside the
/// metrics without making new ones.
pub(crate) fn line(namespace: &str, service: &str, log: &Value, now: SystemTime) -> Value {
    let metric = if log.get("error").is_some() { "Error" } else { "Success" };
    let mut line = json!({
        "level": "INFO",
        "_aws": {
            "Timestamp": milliseconds(now),
            "CloudWatchMetrics": [{
                "Namespace": namespace,
                "Dimensions": [["Service"]],
                "Metrics": [{"Name": metric, "Unit": "Count"}],
            }],
        },
        "Service": service,
        metric: 1,
    });
    for name in ["status", "requestId", "traceId"] {
        if let Some(value) = log.get(name) {
            line[name] = value.clone();
        }
    }
    line
}

/// Milliseconds since 1970; a clock before that is 0.
fn milliseconds(now: SystemTime) -> u64 {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn of(log: &Value) -> Value {
        line("TodoApp", "todo-list-items", log, UNIX_EPOCH + Duration::from_millis(1_795_176_000_999))
    }

    /// The specification's rules for one document, in its own words' order.
    fn assert_is_emf(line: &Value) {
        let metadata = line["_aws"].as_object().unwrap();
        assert_eq!(metadata.keys().collect::<Vec<_>>(), ["Timestamp", "CloudWatchMetrics"]);
        assert!(metadata["Timestamp"].is_u64());
        for directive in metadata["CloudWatchMetrics"].as_array().unwrap() {
            let members: Vec<_> = directive.as_object().unwrap().keys().collect();
            assert_eq!(members, ["Namespace", "Dimensions", "Metrics"]);
            let namespace = directive["Namespace"].as_str().unwrap();
            assert!((1..=1024).contains(&namespace.len()), "{namespace}");
            for set in directive["Dimensions"].as_array().unwrap() {
                let set = set.as_array().unwrap();
                assert!(set.len() <= 30, "{set:?}");
                for name in set {
                    let value = line[name.as_str().unwrap()].as_str().unwrap();
                    assert!((1..=1024).contains(&value.len()) && value.is_ascii(), "{value}");
                }
            }
            let metrics = directive["Metrics"].as_array().unwrap();
            assert!((1..=100).contains(&metrics.len()));
            for metric in metrics {
                assert_eq!(metric.as_object().unwrap().keys().collect::<Vec<_>>(), ["Name", "Unit"]);
                assert_eq!(metric["Unit"], "Count");
                assert!(line[metric["Name"].as_str().unwrap()].is_number(), "{line}");
            }
        }
        assert!(!line.to_string().contains('\n') && line.to_string().len() <= 256 * 1024);
    }

    #[test]
    fn every_line_keeps_the_specifications_rules() {
        for log in
            [json!({"status": 200}), json!({"status": 500, "error": "internal", "cause": "x"}), json!({})]
        {
            assert_is_emf(&of(&log));
        }
    }

    #[test]
    fn a_served_request_is_a_success() {
        assert_eq!(
            of(
                &json!({"level": "WARN", "remark": "odd", "status": 200, "requestId": "r-1", "traceId": "1-a-b"})
            ),
            json!({
                "level": "INFO",
                "_aws": {
                    "Timestamp": 1_795_176_000_999_u64,
                    "CloudWatchMetrics": [{
                        "Namespace": "TodoApp",
                        "Dimensions": [["Service"]],
                        "Metrics": [{"Name": "Success", "Unit": "Count"}],
                    }],
                },
                "Service": "todo-list-items",
                "Success": 1,
                "status": 200,
                "requestId": "r-1",
                "traceId": "1-a-b",
            })
        );
    }

    #[test]
    fn refusals_and_failures_are_errors_without_their_cause() {
        let line = of(&json!({"status": 500, "error": "internal", "cause": "secret"}));
        assert_eq!((&line["Error"], line.get("Success")), (&json!(1), None));
        assert_eq!(
            line["_aws"]["CloudWatchMetrics"][0]["Metrics"],
            json!([{"Name": "Error", "Unit": "Count"}])
        );
        assert!(!line.to_string().contains("secret"), "{line}");
    }
}
