//! The page for what is not there, baked into the function so that showing it needs nobody else.

use crate::edge::{EdgeRequest, EdgeResponse};

const PAGE: &str = include_str!("../../../site/captains-log/error.html");

/// The headers of S3's own error that speak of its XML body.
const OF_THE_BODY: [&str; 5] =
    ["content-length", "content-encoding", "etag", "last-modified", "accept-ranges"];

/// The page with the status of the response it stands for. A HEAD request gets its headers only.
pub(crate) fn instead_of(request: &EdgeRequest, response: EdgeResponse) -> EdgeResponse {
    let response = OF_THE_BODY
        .into_iter()
        .fold(response, EdgeResponse::without)
        .header("Content-Type", "text/html; charset=utf-8")
        .header("Cache-Control", "no-store");
    if request.method() == "HEAD" { response } else { response.with_body(PAGE) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        captains_log::{Gate, session_table::tests::MemorySessions},
        edge::respond,
    };
    use serde_json::{Value, json};
    use std::time::SystemTime;

    async fn answer(method: &str, status: &str) -> Value {
        let event = json!({"Records": [{"cf": {
            "config": {"eventType": "origin-response"},
            "request": {"clientIp": "192.0.2.1", "method": method, "uri": "/x", "querystring": "", "headers": {}},
            "response": {
                "status": status, "statusDescription": "As S3 says",
                "headers": {
                    "content-type": [{"key": "Content-Type", "value": "application/xml"}],
                    "content-length": [{"key": "Content-Length", "value": "243"}],
                    "transfer-encoding": [{"key": "Transfer-Encoding", "value": "chunked"}],
                    "x-amz-request-id": [{"key": "x-amz-request-id", "value": "A1B2C3"}],
                },
            },
        }}]});
        respond(&Gate::new(MemorySessions::default(), SystemTime::now), &event, "r-1").await.result
    }

    #[tokio::test]
    async fn what_s3_refuses_or_lacks_becomes_a_page_with_its_own_status() {
        for status in ["403", "404"] {
            assert_eq!(
                answer("GET", status).await,
                json!({
                    "status": status, "statusDescription": "As S3 says", "body": PAGE, "bodyEncoding": "text",
                    "headers": {
                        "cache-control": [{"key": "Cache-Control", "value": "no-store"}],
                        "content-type": [{"key": "Content-Type", "value": "text/html; charset=utf-8"}],
                        "transfer-encoding": [{"key": "Transfer-Encoding", "value": "chunked"}],
                        "x-amz-request-id": [{"key": "x-amz-request-id", "value": "A1B2C3"}],
                    },
                })
            );
        }
    }

    #[tokio::test]
    async fn other_answers_stay_as_they_are() {
        for status in ["200", "206", "304", "400", "405", "500", "503"] {
            let answer = answer("GET", status).await;
            assert_eq!((&answer["status"], answer.get("body")), (&json!(status), None));
            assert_eq!(answer["headers"]["content-type"][0]["value"], "application/xml");
        }
    }

    #[tokio::test]
    async fn a_head_request_gets_no_body() {
        let answer = answer("HEAD", "404").await;
        assert_eq!(answer.get("body"), None);
        assert_eq!(answer["headers"]["content-type"][0]["value"], "text/html; charset=utf-8");
    }

    /// The files it names are the site's own, which S3 has whatever path was asked for.
    #[test]
    fn the_page_is_whole_and_names_its_files_from_the_root() {
        assert!(PAGE.starts_with("<!DOCTYPE html>") && PAGE.trim_end().ends_with("</html>"));
        assert!(!PAGE.contains("href=\".") && !PAGE.contains("src=\"."));
    }
}
