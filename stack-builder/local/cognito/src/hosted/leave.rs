//! Leaving, and the page that says what went wrong.

use super::html;
use super::visit::{Visit, redirect};
use stack_builder_local_core::Response;

/// Signs the browser out, then back to the application (`logout_uri`) or on to sign in again (`redirect_uri`).
pub(super) fn logout(visit: &Visit) -> Response {
    let query = &visit.sent.query;
    let Some(client) = visit.pool.client(query.text("client_id")) else {
        return html::refused(
            "invalid_request",
            "The request names no client of this user pool (`client_id`).",
        );
    };
    let mut response = match (query.get("logout_uri"), query.get("redirect_uri")) {
        (Some(address), _) if client.logouts.contains(address) => redirect(address),
        (Some(_), _) => {
            let told = "The address to return to (`logout_uri`) is not among the client's `LogoutURLs`.";
            return html::refused("redirect_mismatch", told);
        }
        (None, Some(_)) => visit.redirect("/login", None),
        (None, None) => {
            let told = "The request names neither `logout_uri` nor `redirect_uri`.";
            return html::refused("invalid_request", told);
        }
    };
    visit.forget(&mut response);
    response
}

/// Says an error that somebody was sent here with.
pub(super) fn error(visit: &Visit) -> Response {
    let error = visit.sent.query.get("error").unwrap_or("unknown_error");
    html::refused(error, "Something went wrong with this sign-in. Go back to the application and try again.")
}
