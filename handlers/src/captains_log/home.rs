//! `GET /home?limit=&next=`: the log of whoever the session belongs to.

use super::{
    DynamoLogs, DynamoSessions, clock, live_session, log_table::LogTable, session_table::SessionTable,
};
use crate::{
    Failure, FromEnvironment, Handler, Request, Response, StartUpError, aws, cursor::Cursors, environment,
    paging,
};
use serde_json::json;
use std::time::SystemTime;

/// Answers `{userName, expiresAt, logs: [{stardate, title, entry}], next}`, `expiresAt` in seconds since 1970 and `next`
/// null on the last page.
///
/// The user is the session's, always; neither query nor body can name another one.
#[derive(Clone, Debug)]
pub struct Home<S = DynamoSessions, L = DynamoLogs> {
    sessions: S,
    logs: L,
    clock: fn() -> SystemTime,
}

impl<S: SessionTable, L: LogTable> Home<S, L> {
    /// The handler for these tables.
    pub fn new(sessions: S, logs: L, clock: fn() -> SystemTime) -> Self {
        Self { sessions, logs, clock }
    }
}

impl<S: SessionTable, L: LogTable> Handler for Home<S, L> {
    const NAME: &'static str = "captains-log-home";

    async fn handle(&self, request: &Request) -> Result<Response, Failure> {
        let now = clock::seconds((self.clock)())?;
        let session = live_session::of(request, &self.sessions, now).await?;
        let cursors = Cursors::of("captains-log/logs", &session.user_name);
        let wanted = paging::wanted(request, cursors)?;
        let page = self.logs.page(&session.user_name, wanted.limit, wanted.after.as_deref()).await?;
        let body = json!({
            "userName": session.user_name,
            "expiresAt": session.ends,
            "logs": page.records,
            "next": page.next.map(|stardate| cursors.encode(&stardate)),
        });
        Ok(Response { remark: paging::remark(page.unreadable), ..Response::ok(body) })
    }
}

impl FromEnvironment for Home {
    async fn from_environment() -> Result<Self, StartUpError> {
        let [sessions, logs] = environment::required(["SESSIONS_TABLE", "LOGS_TABLE"])?;
        let dynamodb = aws::dynamodb(&aws::configuration().await?);
        let sessions = DynamoSessions::new(dynamodb.clone(), sessions);
        Ok(Self::new(sessions, DynamoLogs::new(dynamodb, logs), SystemTime::now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Page,
        captains_log::{LogEntry, session_cookie::tests::ID, session_table::tests::MemorySessions},
        paging::tests::page,
        timestamp::tests::noon,
    };
    use serde_json::Value;

    const NOON: u64 = 1_795_176_000;

    /// Three entries of `picard`, one of `kirk`.
    #[derive(Clone)]
    struct Logs;

    impl LogTable for Logs {
        async fn page(
            &self,
            user_name: &str,
            limit: u32,
            after: Option<&str>,
        ) -> Result<Page<LogEntry>, Failure> {
            let stardates: &[&str] = match user_name {
                "picard" => &["41153.7", "43125.8", "45047.2"],
                "kirk" => &["1329.1"],
                _ => &[],
            };
            let entries = stardates.iter().map(|stardate| LogEntry {
                stardate: (*stardate).into(),
                title: format!("Of {user_name}"),
                entry: String::new(),
            });
            Ok(page(entries, |entry| &entry.stardate, limit, after))
        }
    }

    async fn ask(user: &str, ttl: u64, query: &[(&str, &str)]) -> Result<Value, Failure> {
        let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let cookies = vec![("session-id".to_owned(), ID.to_owned())];
        let request = Request { query, cookies, ..Request::default() };
        let home = Home::new(MemorySessions::with(ID, user, ttl), Logs, noon);
        home.handle(&request).await.map(|response| response.body.unwrap())
    }

    fn stardates(body: &Value) -> Vec<&str> {
        body["logs"].as_array().unwrap().iter().map(|entry| entry["stardate"].as_str().unwrap()).collect()
    }

    #[tokio::test]
    async fn the_log_is_that_of_the_sessions_user() {
        let body = ask("kirk", NOON + 7, &[("userName", "picard"), ("user", "picard")]).await.unwrap();
        assert_eq!(
            body,
            json!({
                "userName": "kirk", "expiresAt": NOON + 7, "next": null,
                "logs": [{"stardate": "1329.1", "title": "Of kirk", "entry": ""}],
            })
        );
        assert_eq!(ask("q", NOON + 7, &[]).await.unwrap()["logs"], json!([]));
    }

    #[tokio::test]
    async fn a_session_is_over_at_its_end_even_if_the_item_is_still_there() {
        assert!(ask("kirk", NOON + 1, &[]).await.is_ok());
        for ttl in [NOON, NOON - 60, 0] {
            assert!(matches!(ask("kirk", ttl, &[]).await, Err(Failure::Unauthorized(_))), "{ttl}");
        }
    }

    #[tokio::test]
    async fn without_a_good_cookie_there_is_no_session() {
        let other = "A".repeat(43);
        for cookies in [vec![], vec!["x"], vec![&other], vec![ID, &other]] {
            let cookies =
                cookies.into_iter().map(|id: &str| ("session-id".to_owned(), id.to_owned())).collect();
            let home = Home::new(MemorySessions::with(ID, "kirk", NOON + 60), Logs, noon);
            let outcome = home.handle(&Request { cookies, ..Request::default() }).await;
            assert!(matches!(outcome, Err(Failure::Unauthorized(_))));
        }
    }

    #[tokio::test]
    async fn pages_follow_one_another() {
        let first = ask("picard", NOON + 7, &[("limit", "2")]).await.unwrap();
        assert_eq!(stardates(&first), ["41153.7", "43125.8"]);
        let next = first["next"].as_str().unwrap();
        let second = ask("picard", NOON + 7, &[("limit", "2"), ("next", next)]).await.unwrap();
        assert_eq!((stardates(&second), &second["next"]), (vec!["45047.2"], &Value::Null));
        assert!(matches!(ask("kirk", NOON + 7, &[("next", next)]).await, Err(Failure::Fields(_))));
    }

    #[tokio::test]
    async fn a_table_that_fails_shows_nothing() {
        let broken = MemorySessions { broken: true, ..MemorySessions::with(ID, "kirk", NOON + 60) };
        let cookies = vec![("session-id".to_owned(), ID.to_owned())];
        let outcome = Home::new(broken, Logs, noon).handle(&Request { cookies, ..Request::default() }).await;
        assert!(matches!(outcome, Err(Failure::Internal(_))));
    }
}
