//! The lines that Lambda itself writes about a call: that it began, and what it cost.

use crate::definition::Logging;
use crate::failure::Failure;
use crate::timestamp;
use serde_json::{Value, json};
use std::time::Duration;

/// What a call cost.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Report {
    pub(crate) request_id: String,
    pub(crate) duration: Duration,
    /// How long the environment took to start, told with its first call.
    pub(crate) init: Option<Duration>,
    /// Megabytes that it may use.
    pub(crate) memory: u32,
    /// Bytes that it has used at most, where the system tells.
    pub(crate) peak: Option<u64>,
    pub(crate) failure: Option<Failure>,
}

/// The line at the beginning.
pub(crate) fn start(logging: &Logging, request_id: &str, version: &str, now: u64) -> Option<String> {
    if logging.json {
        let record = json!({ "requestId": request_id, "version": version });
        return (!logging.only_failures).then(|| event(now, "platform.start", record));
    }
    Some(format!("START RequestId: {request_id} Version: {version}"))
}

impl Report {
    /// The lines at the end; what is wrong comes first.
    pub(crate) fn lines(&self, logging: &Logging, now: u64) -> Vec<String> {
        match (&self.failure, logging.json) {
            (None, true) if logging.only_failures => Vec::new(),
            (_, true) => vec![event(now, "platform.report", self.record())],
            (failure, false) => {
                let wrong = failure.iter().map(|failure| self.wrong(failure, now));
                wrong.chain([format!("END RequestId: {}", self.request_id), self.text()]).collect()
            }
        }
    }

    fn wrong(&self, failure: &Failure, now: u64) -> String {
        let told = failure.message.split_once(" Error: ").map_or(failure.message.as_str(), |(_, told)| told);
        if failure.is_timeout() {
            return format!("{} {} {told}", timestamp::iso(now), self.request_id);
        }
        format!("RequestId: {} Error: {told}\n{}", self.request_id, failure.kind)
    }

    /// Starting is paid for too.
    fn billed(&self) -> u128 {
        (self.duration + self.init.unwrap_or_default()).as_micros().div_ceil(1000)
    }

    fn used(&self) -> Option<u64> {
        self.peak.map(|bytes| bytes.div_ceil(1 << 20))
    }

    fn status(&self) -> &'static str {
        match &self.failure {
            None => "success",
            Some(failure) if failure.is_timeout() => "timeout",
            Some(_) => "error",
        }
    }

    fn text(&self) -> String {
        let Self { request_id, memory, .. } = self;
        let (duration, billed) = (millis(self.duration), self.billed());
        let mut line = format!(
            "REPORT RequestId: {request_id}\tDuration: {duration:.2} ms\tBilled Duration: {billed} ms\t\
             Memory Size: {memory} MB"
        );
        let used = self.used().map(|used| format!("\tMax Memory Used: {used} MB"));
        let init = self.init.map(|init| format!("\tInit Duration: {:.2} ms", millis(init)));
        let status = self.failure.as_ref().map(|_| format!("\tStatus: {}", self.status()));
        let kind = self.failure.iter().find(|failure| !failure.is_timeout());
        let kind = kind.map(|failure| format!("\tError Type: {}", failure.kind));
        line.extend([used, init, status, kind].into_iter().flatten());
        line
    }

    fn record(&self) -> Value {
        let mut metrics = json!({
            "durationMs": rounded(self.duration),
            "billedDurationMs": u64::try_from(self.billed()).unwrap_or(u64::MAX),
            "memorySizeMB": self.memory,
        });
        if let Some(used) = self.used() {
            metrics["maxMemoryUsedMB"] = used.into();
        }
        if let Some(init) = self.init {
            metrics["initDurationMs"] = rounded(init).into();
        }
        let mut record = json!({ "requestId": self.request_id, "metrics": metrics, "status": self.status() });
        if let Some(failure) = self.failure.iter().find(|failure| !failure.is_timeout()) {
            record["errorType"] = failure.kind.into();
        }
        record
    }
}

fn event(now: u64, kind: &str, record: Value) -> String {
    json!({ "time": timestamp::iso(now), "type": kind, "record": record }).to_string()
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// To the thousandth of a millisecond.
fn rounded(duration: Duration) -> f64 {
    (millis(duration) * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logging(json: bool, only_failures: bool) -> Logging {
        Logging { group: String::new(), json, level: None, only_failures }
    }

    fn report(failure: Option<Failure>) -> Report {
        let (duration, init) = (Duration::from_micros(1234), Some(Duration::from_millis(20)));
        let peak = Some(9 << 20);
        Report { request_id: "id".to_owned(), duration, init, memory: 128, peak, failure }
    }

    #[test]
    fn text_is_what_lambda_prints() {
        assert_eq!(
            start(&logging(false, false), "id", "$LATEST", 0).as_deref(),
            Some("START RequestId: id Version: $LATEST")
        );
        let lines = report(None).lines(&logging(false, false), 0);
        let line = "REPORT RequestId: id\tDuration: 1.23 ms\tBilled Duration: 22 ms\tMemory Size: 128 MB\t\
                    Max Memory Used: 9 MB\tInit Duration: 20.00 ms";
        assert_eq!(lines, ["END RequestId: id", line]);
        let late = report(Some(Failure::timed_out("id", Duration::from_secs(3))));
        let lines = late.lines(&logging(false, false), 0);
        assert_eq!(lines[0], "1970-01-01T00:00:00.000Z id Task timed out after 3.00 seconds");
        assert!(lines[2].ends_with("\tStatus: timeout"), "{lines:?}");
        let lines = report(Some(Failure::exited("id", None))).lines(&logging(false, false), 0);
        assert_eq!(
            lines[0],
            "RequestId: id Error: Runtime exited without providing a reason\nRuntime.ExitError"
        );
        assert!(lines[2].ends_with("\tStatus: error\tError Type: Runtime.ExitError"), "{lines:?}");
    }

    #[test]
    fn json_is_one_event_a_line_and_successes_can_be_left_out() {
        let lines = report(None).lines(&logging(true, false), 0);
        let event: Value = serde_json::from_str(&lines[0]).expect("JSON");
        assert_eq!(event["type"], "platform.report");
        assert_eq!(event["record"]["metrics"]["durationMs"], 1.234);
        assert_eq!(event["record"]["status"], "success");
        assert_eq!(report(None).lines(&logging(true, true), 0), [""; 0]);
        assert_eq!(start(&logging(true, true), "id", "1", 0), None);
        let crashed = report(Some(Failure::exited("id", None))).lines(&logging(true, true), 0);
        assert!(crashed[0].contains("\"errorType\":\"Runtime.ExitError\""), "{crashed:?}");
    }
}
