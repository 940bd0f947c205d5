//! The gate before the captain's log: who may see which page, decided at the edge.

use super::{
    DynamoSessions, SessionId, clock, error_page, gate_client, login_location, place::Place,
    session::is_live, session_cookie, session_table::SessionTable,
};
use crate::{
    Failure, cookies,
    edge::{EdgeError, EdgeHandler, EdgeRequest, EdgeResponse, FromConfig, RequestAction},
};
use edge_config::SessionGate;
use std::time::{Duration, SystemTime};

/// How long a visitor waits for the table at most, well under the function's 5 s. A first connection to the far side of
/// the world takes four round trips, about a second.
const DEADLINE: Duration = Duration::from_millis(2500);

/// viewer-request: `/` is the log for a live session and a redirect to the login page without one; `/login/` is the
/// login page; all else passes. origin-response: what S3 does not have gets a page, with its status.
///
/// Whatever goes wrong at the table means "no session". Right it needs: `dynamodb:GetItem` on the table.
#[derive(Clone, Debug)]
pub struct Gate<T = DynamoSessions> {
    sessions: T,
    clock: fn() -> SystemTime,
    deadline: Duration,
}

impl<T: SessionTable> Gate<T> {
    /// The gate for these sessions.
    pub fn new(sessions: T, clock: fn() -> SystemTime) -> Self {
        Self { sessions, clock, deadline: DEADLINE }
    }

    async fn verdict(&self, request: &EdgeRequest) -> Verdict {
        let cookies = cookies::parse(request.headers().values("cookie"));
        let Some(id) = session_cookie::session(&cookies) else { return Verdict::Refused };
        // The SDK's futures are nested too deeply for the compiler to lay out in line.
        let is_on = Box::pin(self.is_on(&id));
        match tokio::time::timeout(self.deadline, is_on).await {
            Ok(Ok(true)) => Verdict::Live,
            Ok(Ok(false)) => Verdict::Refused,
            Ok(Err(Failure::Internal(cause))) => Verdict::Unknown(format!("sessions: {cause}")),
            Ok(Err(failure)) => Verdict::Unknown(format!("sessions: {}", failure.code())),
            Err(_) => Verdict::Unknown(format!("sessions: no answer in {} ms", self.deadline.as_millis())),
        }
    }

    async fn is_on(&self, id: &SessionId) -> Result<bool, Failure> {
        let now = clock::seconds((self.clock)())?;
        Ok(self.sessions.end(id).await?.is_some_and(|ttl| is_live(ttl, now)))
    }
}

enum Verdict {
    Live,
    Refused,
    /// The table did not tell, and why; for the visitor the same as refused.
    Unknown(String),
}

impl<T: SessionTable> EdgeHandler for Gate<T> {
    const NAME: &'static str = "captains-log-edge";

    async fn viewer_request(&self, request: EdgeRequest) -> Result<RequestAction, EdgeError> {
        Ok(match Place::of(request.method(), request.uri()) {
            Place::Other => RequestAction::Forward(request),
            Place::Login => RequestAction::Forward(request.with_uri("/login.html")),
            Place::Home => match self.verdict(&request).await {
                Verdict::Live => RequestAction::Forward(request.with_uri("/home.html")),
                Verdict::Refused => RequestAction::Respond(to_login(&request)),
                Verdict::Unknown(cause) => {
                    RequestAction::Respond(to_login(&request).with_remark(Some(cause)))
                }
            },
        })
    }

    async fn origin_response(
        &self,
        request: &EdgeRequest,
        response: EdgeResponse,
    ) -> Result<EdgeResponse, EdgeError> {
        Ok(match response.status() {
            403 | 404 => error_page::instead_of(request, response),
            _ => response,
        })
    }
}

fn to_login(request: &EdgeRequest) -> EdgeResponse {
    EdgeResponse::new(302, "Found")
        .header("Location", login_location::of(request.headers().only("host")))
        .header("Cache-Control", "no-store")
}

impl FromConfig for Gate {
    type Config = SessionGate;

    async fn from_config(config: SessionGate) -> Self {
        let client = gate_client::dynamodb(config.region(), DEADLINE).await;
        Self::new(DynamoSessions::new(client, config.sessions_table().as_str().to_owned()), SystemTime::now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        captains_log::{
            Session,
            clock::{self, Seconds},
            session_cookie::tests::ID,
            session_table::{Found, tests::MemorySessions},
        },
        edge::{Answer, respond},
    };
    use serde_json::{Value, json};
    use std::{future::pending, time::UNIX_EPOCH};

    const NOON: u64 = 1_795_176_000;

    fn noon() -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(NOON * 1000 + 999)
    }

    fn event(method: &str, uri: &str, cookies: &[&str]) -> Value {
        let cookies: Vec<_> = cookies.iter().map(|value| json!({"key": "Cookie", "value": value})).collect();
        json!({"Records": [{"cf": {
            "config": {"eventType": "viewer-request"},
            "request": {
                "clientIp": "192.0.2.1", "method": method, "uri": uri, "querystring": "a=1",
                "headers": {"host": [{"key": "Host", "value": "log.example.org"}], "cookie": cookies},
            },
        }}]})
    }

    async fn ask<T: SessionTable>(sessions: T, event: &Value) -> Answer {
        let mut gate = Gate::new(sessions, noon);
        gate.deadline = Duration::from_millis(50);
        respond(&gate, event, "r-1").await
    }

    async fn uri<T: SessionTable>(sessions: T, method: &str, uri: &str) -> Value {
        let mut answer = ask(sessions, &event(method, uri, &[&format!("session-id={ID}")])).await;
        answer.result["uri"].take()
    }

    fn ending(ttl: u64) -> MemorySessions {
        MemorySessions::with(ID, "picard", ttl)
    }

    #[track_caller]
    fn assert_redirect(answer: &Answer) {
        let expect = json!({
            "status": "302", "statusDescription": "Found",
            "headers": {
                "location": [{"key": "Location", "value": "https://log.example.org/login/"}],
                "cache-control": [{"key": "Cache-Control", "value": "no-store"}],
            },
        });
        assert_eq!(answer.result, expect);
    }

    #[tokio::test]
    async fn a_live_session_opens_the_log() {
        for method in ["GET", "HEAD"] {
            assert_eq!(uri(ending(NOON + 1), method, "/").await, "/home.html");
        }
        let answer = ask(ending(NOON + 1), &event("GET", "/", &[&format!("session-id={ID}")])).await;
        assert_eq!((&answer.result["querystring"], answer.line), (&json!("a=1"), None));
    }

    #[tokio::test]
    async fn a_session_is_over_at_its_last_second() {
        for ttl in [NOON, NOON - 1, 0] {
            let answer = ask(ending(ttl), &event("GET", "/", &[&format!("session-id={ID}")])).await;
            assert_redirect(&answer);
            assert_eq!(answer.line.unwrap()["level"], "INFO");
        }
    }

    #[tokio::test]
    async fn without_a_session_that_the_table_has_there_is_only_the_login_page() {
        let unknown = format!("session-id={}", "A".repeat(43));
        for cookies in [vec![], vec!["a=1"], vec!["session-id=x"], vec![unknown.as_str()]] {
            assert_redirect(&ask(ending(NOON + 1), &event("GET", "/", &cookies)).await);
        }
    }

    #[tokio::test]
    async fn a_table_that_fails_refuses_and_says_why_in_the_log() {
        let broken = MemorySessions { broken: true, ..ending(NOON + 1) };
        let answer = ask(broken, &event("GET", "/", &[&format!("session-id={ID}")])).await;
        assert_redirect(&answer);
        let line = answer.line.unwrap();
        assert_eq!(line["level"], "WARN");
        assert!(line["remark"].as_str().unwrap().contains("no such table"), "{line}");
        assert!(!line.to_string().contains(ID), "{line}");
    }

    #[tokio::test]
    async fn a_clock_that_nobody_set_refuses() {
        let gate = Gate::new(ending(u64::MAX), clock::tests::unset);
        let answer = respond(&gate, &event("GET", "/", &[&format!("session-id={ID}")]), "r-1").await;
        assert_redirect(&answer);
        assert_eq!(answer.line.unwrap()["remark"], "sessions: the clock stands before 1970");
    }

    struct Silent;

    impl SessionTable for Silent {
        async fn end(&self, _: &SessionId) -> Result<Option<Seconds>, Failure> {
            pending().await
        }

        async fn find(&self, _: &SessionId) -> Result<Option<Found>, Failure> {
            pending().await
        }

        async fn add(&self, _: &Session) -> Result<(), Failure> {
            pending().await
        }

        async fn remove(&self, _: &SessionId) -> Result<(), Failure> {
            pending().await
        }
    }

    #[tokio::test]
    async fn a_table_that_never_answers_refuses_in_time() {
        let answer = ask(Silent, &event("GET", "/", &[&format!("session-id={ID}")])).await;
        assert_redirect(&answer);
        assert_eq!(answer.line.unwrap()["remark"], "sessions: no answer in 50 ms");
    }

    #[tokio::test]
    async fn other_paths_never_ask_the_table() {
        for path in ["/home.html", "/login", "//login/", "/%2e%2e/", "/LOGIN/", "//", "/log.css"] {
            assert_eq!(uri(Silent, "GET", path).await, path);
        }
        assert_eq!(uri(Silent, "GET", "/login/").await, "/login.html");
        assert_eq!(uri(Silent, "POST", "/").await, "/");
    }

    #[tokio::test]
    async fn a_doubtful_host_gets_a_path() {
        for hosts in [json!([]), json!([{"value": "a"}, {"value": "b"}]), json!([{"value": "evil/@x"}])] {
            let mut event = event("GET", "/", &[]);
            event["Records"][0]["cf"]["request"]["headers"]["host"] = hosts.clone();
            let answer = ask(Silent, &event).await;
            assert_eq!(answer.result["headers"]["location"][0]["value"], "/login/", "{hosts}");
        }
    }
}
