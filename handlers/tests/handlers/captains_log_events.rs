//! No event makes the captain's log panic, let anybody in, or tell a secret.

use crate::hostile::statuses;
use handlers::{
    Failure, Handler, Page, Request, Response,
    captains_log::{
        AttemptTable, Attempts, Found, Home, LogEntry, LogTable, Login, Logout, PasswordSource, Passwords,
        Session, SessionId, SessionTable,
    },
};
use serde_json::json;
use std::time::SystemTime;

/// Tables without anything; and nothing may come to be in them, for no event brings the right password or a session.
#[derive(Clone)]
struct Nothing;

impl SessionTable for Nothing {
    async fn end(&self, _: &SessionId) -> Result<Option<u64>, Failure> {
        Ok(None)
    }

    async fn find(&self, _: &SessionId) -> Result<Option<Found>, Failure> {
        Ok(None)
    }

    async fn add(&self, session: &Session) -> Result<(), Failure> {
        panic!("a session for `{}`", session.user_name)
    }

    async fn remove(&self, id: &SessionId) -> Result<(), Failure> {
        panic!("{id:?} was in no event")
    }
}

impl AttemptTable for Nothing {
    async fn read(&self, user_name: &str) -> Result<Option<Attempts>, Failure> {
        assert!((1..=64).contains(&user_name.chars().count()));
        Ok(None)
    }

    async fn replace(&self, _: &str, _: Option<&Attempts>, _: &Attempts) -> Result<bool, Failure> {
        Ok(true)
    }

    async fn forget(&self, user_name: &str) -> Result<(), Failure> {
        panic!("`{user_name}` was let in")
    }
}

impl LogTable for Nothing {
    async fn page(&self, user_name: &str, _: u32, _: Option<&str>) -> Result<Page<LogEntry>, Failure> {
        panic!("the log of `{user_name}`")
    }
}

impl PasswordSource for Nothing {
    async fn load(&self) -> Result<Passwords, Failure> {
        Passwords::read(r#"{"picard": "makeitso"}"#).map_err(|fault| Failure::Internal(fault.into()))
    }
}

fn login() -> Login<Nothing, Nothing, Nothing> {
    Login::new(Nothing, Nothing, Nothing, 60, SystemTime::now)
}

#[tokio::test]
async fn log_in() {
    let body = json!({"userName": "picard", "password": "engage", "ttl": 1, "session-id": {"a": ["b"]}});
    assert_eq!(statuses(login(), body).await, [400, 401, 413, 415]);
}

#[tokio::test]
async fn home() {
    assert_eq!(statuses(Home::new(Nothing, Nothing, SystemTime::now), json!({})).await, [401]);
}

#[tokio::test]
async fn log_out() {
    assert_eq!(statuses(Logout::new(Nothing), json!({})).await, [204]);
}

/// What is logged of a request and of its answer, whoever sent it.
#[tokio::test]
async fn neither_password_nor_session_is_ever_logged() {
    let id = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGw";
    let event = json!({
        "httpMethod": "POST", "resource": "/login",
        "headers": {"Content-Type": "application/json", "Cookie": format!("session-id={id}")},
        "requestContext": {},
        "body": json!({"userName": "jean-luc", "password": "sesame-7"}).to_string(),
    });
    let invocation = handlers::Invocation { request_id: "r-1", ..Default::default() };
    let origins = handlers::AllowedOrigins::default();
    let answered = handlers::respond(&login(), &event, invocation, &origins).await;
    assert_eq!(answered.log["status"], 401);
    for secret in [id, "sesame-7", "makeitso"] {
        assert!(!answered.log.to_string().contains(secret), "{}", answered.log);
        assert!(!answered.answer.to_string().contains(secret), "{}", answered.answer);
    }
}

/// An unknown user and a wrong password get the same answer, to the byte.
#[tokio::test]
async fn refusals_are_alike() {
    let ask = async |user: &str| -> Result<Response, Failure> {
        let body = json!({"userName": user, "password": "engage"}).to_string();
        login().handle(&Request { body, ..Request::default() }).await
    };
    let answer = |outcome: Result<Response, Failure>| outcome.unwrap_err().response("r-1").into_event();
    assert_eq!(answer(ask("picard").await), answer(ask("nobody").await));
}
