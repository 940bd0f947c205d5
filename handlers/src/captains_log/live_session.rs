//! Whose request this is.

use super::{
    clock::Seconds,
    session::is_live,
    session_cookie,
    session_table::{Found, SessionTable},
};
use crate::{Failure, Request};

/// A session that is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LiveSession {
    pub(crate) user_name: String,
    pub(crate) ends: Seconds,
}

/// The live session that the request's cookie names.
///
/// # Errors
/// [`Failure::Unauthorized`], one and the same, when there is no cookie, no such session, or its end has come.
pub(crate) async fn of(
    request: &Request,
    sessions: &impl SessionTable,
    now: Seconds,
) -> Result<LiveSession, Failure> {
    const NONE: Failure = Failure::Unauthorized("there is no session, or it is over; log in again");
    let id = session_cookie::session(&request.cookies).ok_or(NONE)?;
    match sessions.find(&id).await? {
        Some(Found { user_name: Some(user_name), ttl }) if is_live(ttl, now) => {
            Ok(LiveSession { user_name, ends: ttl })
        }
        _ => Err(NONE),
    }
}
