//! `POST /login {userName, password}`: begins a session.

use super::{
    DynamoAttempts, DynamoSessions, Session, SessionId,
    attempt_table::AttemptTable,
    attempts,
    clock::{self, Seconds},
    credentials::Credentials,
    own_pages,
    password_source::{PasswordSource, Remembered, SecretPasswords},
    session_cookie,
    session_table::SessionTable,
};
use crate::{Failure, FromEnvironment, Handler, Request, Response, StartUpError, aws, environment};
use serde_json::json;
use std::time::SystemTime;

/// One message for a wrong password and for a user that does not exist: which names exist is nobody's business.
const REFUSED: Failure = Failure::Unauthorized("wrong user name or password");

/// Answers `{userName, creationTime, ttl}` with the session in a cookie; never in the body, where scripts could read it.
///
/// Each login is a new session under a new id, whatever cookie came along.
#[derive(Debug)]
pub struct Login<S = DynamoSessions, A = DynamoAttempts, P = Remembered<SecretPasswords>> {
    sessions: S,
    attempts: A,
    passwords: P,
    length: Seconds,
    clock: fn() -> SystemTime,
}

impl<S: SessionTable, A: AttemptTable, P: PasswordSource> Login<S, A, P> {
    /// The handler for these tables and passwords; sessions last `length` seconds.
    pub fn new(sessions: S, attempts: A, passwords: P, length: u64, clock: fn() -> SystemTime) -> Self {
        Self { sessions, attempts, passwords, length, clock }
    }

    async fn begin(&self, user_name: String, now: Seconds) -> Result<Session, Failure> {
        let ttl = now.saturating_add(self.length);
        let session = Session { id: SessionId::random()?, user_name, creation_time: now, ttl };
        self.sessions.add(&session).await?;
        Ok(session)
    }
}

impl<S: SessionTable, A: AttemptTable, P: PasswordSource> Handler for Login<S, A, P> {
    const NAME: &'static str = "captains-log-login";

    /// The passwords are loaded before the attempt is taken: a fault of ours is nobody's failed attempt.
    async fn handle(&self, request: &Request) -> Result<Response, Failure> {
        own_pages::only(request)?;
        let Credentials { user_name, password } = Credentials::read(request)?;
        let passwords = self.passwords.load().await?;
        let now = clock::seconds((self.clock)())?;
        attempts::take(&self.attempts, &user_name, now).await?;
        if !passwords.admit(&user_name, &password) {
            return Err(REFUSED);
        }
        let session = self.begin(user_name, now).await?;
        let forgotten = self.attempts.forget(&session.user_name).await;
        let body = json!({
            "userName": session.user_name, "creationTime": session.creation_time, "ttl": session.ttl,
        });
        let response = Response::ok(body).cookie(session_cookie::begun(&session.id, self.length));
        Ok(Response { remark: forgotten.err().map(|failure| format!("attempts: {failure:?}")), ..response })
    }
}

impl FromEnvironment for Login {
    async fn from_environment() -> Result<Self, StartUpError> {
        let [sessions, attempts, secret, length] = environment::required([
            "SESSIONS_TABLE",
            "ATTEMPTS_TABLE",
            "PASSWORDS_SECRET",
            "SESSION_SECONDS",
        ])?;
        let length = session_length(&length)?;
        let config = aws::configuration().await?;
        let dynamodb = aws::dynamodb(&config);
        let secrets = SecretPasswords::new(aws_sdk_secretsmanager::Client::new(&config), secret);
        Ok(Self::new(
            DynamoSessions::new(dynamodb.clone(), sessions),
            DynamoAttempts::new(dynamodb, attempts),
            Remembered::new(secrets, SystemTime::now),
            length,
            SystemTime::now,
        ))
    }
}

/// A minute in the original; more than 30 days would be no session any more.
fn session_length(text: &str) -> Result<Seconds, StartUpError> {
    let length = text.parse().ok().filter(|length| (1..=30 * 24 * 60 * 60).contains(length));
    length.ok_or(StartUpError::Unusable("SESSION_SECONDS", "must be a whole number from 1 to 2592000"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        captains_log::{
            attempt_table::tests::MemoryAttempts, session_cookie::tests::ID,
            session_table::tests::MemorySessions,
        },
        timestamp::tests::noon,
    };

    const CREW: &str = r#"{"picard": "makeitso", "kirk": "KHAAAN!!!"}"#;
    const NOON: Seconds = 1_795_176_000;

    type TestLogin = Login<MemorySessions, MemoryAttempts, &'static str>;

    fn login() -> TestLogin {
        Login::new(MemorySessions::default(), MemoryAttempts::default(), CREW, 60, noon)
    }

    async fn as_user(login: &TestLogin, user_name: &str, password: &str) -> Result<Response, Failure> {
        let body = json!({"userName": user_name, "password": password}).to_string();
        login.handle(&Request { body, ..Request::default() }).await
    }

    #[tokio::test]
    async fn a_session_begins_in_the_table_and_in_a_cookie() {
        let login = login();
        let response = as_user(&login, "picard", "makeitso").await.unwrap();
        assert_eq!((response.status, &response.remark), (200, &None));
        let body = response.body.unwrap();
        assert_eq!(body, json!({"userName": "picard", "creationTime": NOON, "ttl": NOON + 60}));
        let sessions = login.sessions.sessions.borrow();
        let session = sessions.values().next().unwrap();
        assert_eq!(
            (session.user_name.as_str(), session.creation_time, session.ttl),
            ("picard", NOON, NOON + 60)
        );
        let cookie = &response.headers["set-cookie"];
        assert_eq!(cookie, &session_cookie::begun(&session.id, 60));
        assert!(!body.to_string().contains(session.id.as_str()));
    }

    #[tokio::test]
    async fn each_login_has_a_new_id_whatever_cookie_came_along() {
        let login = login();
        let body = json!({"userName": "picard", "password": "makeitso"}).to_string();
        let cookies = vec![("session-id".to_owned(), ID.to_owned())];
        for _ in 0..2 {
            let request = Request { body: body.clone(), cookies: cookies.clone(), ..Request::default() };
            login.handle(&request).await.unwrap();
        }
        let sessions = login.sessions.sessions.borrow();
        assert!(sessions.len() == 2 && !sessions.contains_key(ID));
    }

    #[tokio::test]
    async fn who_is_wrong_hears_the_same_whatever_was_wrong() {
        for (user, password) in [("picard", "KHAAAN!!!"), ("riker", "makeitso"), ("PICARD", "makeitso")] {
            let login = login();
            assert_eq!(as_user(&login, user, password).await, Err(REFUSED), "{user}");
            assert!(login.sessions.sessions.borrow().is_empty());
            assert_eq!(login.attempts.attempts.borrow()[user].failures, 1);
        }
    }

    #[tokio::test]
    async fn a_pause_holds_for_the_right_password_too() {
        let login = login();
        for _ in 0..3 {
            assert_eq!(as_user(&login, "kirk", "x").await, Err(REFUSED));
        }
        assert_eq!(as_user(&login, "kirk", "KHAAAN!!!").await, Err(Failure::TooManyRequests(2)));
        assert!(as_user(&login, "picard", "makeitso").await.is_ok(), "another name");
    }

    #[tokio::test]
    async fn success_forgets_the_failures() {
        let login = login();
        for _ in 0..4 {
            assert_eq!(as_user(&login, "kirk", "x").await, Err(REFUSED));
            assert!(as_user(&login, "kirk", "KHAAAN!!!").await.is_ok());
        }
        assert!(login.attempts.attempts.borrow().is_empty());
    }

    #[tokio::test]
    async fn a_fault_of_ours_is_nobodys_failed_attempt() {
        let login = Login { passwords: "no object", ..login() };
        assert!(matches!(as_user(&login, "picard", "makeitso").await, Err(Failure::Internal(_))));
        assert!(login.attempts.attempts.borrow().is_empty());
        let broken = MemorySessions { broken: true, ..MemorySessions::default() };
        let login = Login { passwords: CREW, sessions: broken, ..login };
        assert!(matches!(as_user(&login, "picard", "makeitso").await, Err(Failure::Internal(_))));
    }

    #[tokio::test]
    async fn another_sites_page_cannot_log_a_visitor_in() {
        let login = login();
        let body = json!({"userName": "picard", "password": "makeitso"}).to_string();
        let request = Request { body, fetch_site: Some("cross-site".into()), ..Request::default() };
        assert_eq!(login.handle(&request).await.unwrap_err().status(), 403);
        assert!(login.sessions.sessions.borrow().is_empty() && login.attempts.attempts.borrow().is_empty());
    }

    /// No session without an end, and no lock without one, come of a clock that is wrong for a while.
    #[tokio::test]
    async fn a_clock_that_nobody_set_leaves_nothing_behind() {
        let login = Login { clock: clock::tests::unset, ..login() };
        for password in ["makeitso", "x"] {
            assert!(matches!(as_user(&login, "picard", password).await, Err(Failure::Internal(_))));
        }
        assert!(login.sessions.sessions.borrow().is_empty() && login.attempts.attempts.borrow().is_empty());
    }

    #[tokio::test]
    async fn what_is_no_login_is_no_attempt() {
        let login = login();
        assert!(matches!(as_user(&login, "picard", "").await, Err(Failure::Fields(_))));
        assert!(login.attempts.attempts.borrow().is_empty());
    }

    #[test]
    fn a_session_lasts_from_a_second_to_a_month() {
        assert_eq!((session_length("1"), session_length("2592000")), (Ok(1), Ok(2_592_000)));
        for text in ["0", "-1", "2592001", "60s", "1.5", "", "99999999999999999999"] {
            assert!(session_length(text).is_err(), "{text}");
        }
    }
}
