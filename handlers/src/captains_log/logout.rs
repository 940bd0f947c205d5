//! `POST /logout`: ends a session.

use super::{DynamoSessions, own_pages, session_cookie, session_table::SessionTable};
use crate::{Failure, FromEnvironment, Handler, Request, Response, StartUpError, aws, environment};

/// Answers 204 and clears the cookie; also when there is no session, so that nobody is stuck with a broken one.
///
/// Cookies that name several sessions open none, but end them all: one of them is the visitor's own, and must not
/// outlive the click.
///
/// A table that fails is a 500, not a 204: the session would still open the log to whoever holds its id.
#[derive(Clone, Debug)]
pub struct Logout<S = DynamoSessions> {
    sessions: S,
}

impl<S: SessionTable> Logout<S> {
    /// The handler for these sessions.
    pub fn new(sessions: S) -> Self {
        Self { sessions }
    }
}

impl<S: SessionTable> Handler for Logout<S> {
    const NAME: &'static str = "captains-log-logout";

    async fn handle(&self, request: &Request) -> Result<Response, Failure> {
        own_pages::only(request)?;
        for id in session_cookie::named(&request.cookies) {
            self.sessions.remove(&id).await?;
        }
        Ok(Response::no_content().cookie(session_cookie::ended()))
    }
}

impl FromEnvironment for Logout {
    async fn from_environment() -> Result<Self, StartUpError> {
        let [sessions] = environment::required(["SESSIONS_TABLE"])?;
        let config = aws::configuration().await?;
        Ok(Self::new(DynamoSessions::new(aws::dynamodb(&config), sessions)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::captains_log::{session_cookie::tests::ID, session_table::tests::MemorySessions};

    async fn log_out(sessions: &MemorySessions, cookies: &[&str]) -> Result<Response, Failure> {
        let cookies = cookies.iter().map(|id| ("session-id".to_owned(), (*id).to_owned())).collect();
        Logout::new(sessions.clone()).handle(&Request { cookies, ..Request::default() }).await
    }

    #[tokio::test]
    async fn the_session_is_gone_from_table_and_browser() {
        let sessions = MemorySessions::with(ID, "kirk", 60);
        let response = log_out(&sessions, &[ID]).await.unwrap();
        assert_eq!((response.status, response.body), (204, None));
        assert!(response.headers["set-cookie"].starts_with("session-id=; Max-Age=0; "));
        assert!(sessions.sessions.borrow().is_empty());
    }

    #[tokio::test]
    async fn without_a_session_the_cookie_is_cleared_all_the_same() {
        let other = "A".repeat(43);
        for cookies in [vec![], vec!["x"], vec![&other]] {
            let sessions = MemorySessions::with(ID, "kirk", 60);
            let response = log_out(&sessions, &cookies).await.unwrap();
            assert!(response.headers["set-cookie"].starts_with("session-id=; "));
            assert_eq!(sessions.sessions.borrow().len(), 1, "another one's session stays");
        }
    }

    /// A neighbouring host can plant a second cookie, which opens nothing; it must not keep the first one's session on.
    #[tokio::test]
    async fn a_planted_cookie_does_not_keep_the_session_on() {
        let other = "A".repeat(43);
        for cookies in [vec![ID, &other], vec![&other, ID], vec!["x", ID], vec![ID, ID]] {
            let sessions = MemorySessions::with(ID, "kirk", 60);
            assert_eq!(log_out(&sessions, &cookies).await.unwrap().status, 204);
            assert!(sessions.sessions.borrow().is_empty(), "{cookies:?}");
        }
    }

    #[tokio::test]
    async fn another_sites_page_cannot_log_a_visitor_out() {
        let sessions = MemorySessions::with(ID, "kirk", 60);
        let cookies = vec![("session-id".to_owned(), ID.to_owned())];
        let request = Request { cookies, fetch_site: Some("same-site".into()), ..Request::default() };
        assert_eq!(Logout::new(sessions.clone()).handle(&request).await.unwrap_err().status(), 403);
        assert_eq!(sessions.sessions.borrow().len(), 1);
    }

    #[tokio::test]
    async fn a_session_that_could_not_be_ended_is_reported() {
        let broken = MemorySessions { broken: true, ..MemorySessions::default() };
        assert!(matches!(log_out(&broken, &[ID]).await, Err(Failure::Internal(_))));
    }
}
