//! What an application asks the pages for, checked: client, address to return to, scopes, PKCE.

use super::html;
use super::visit::redirect;
use crate::client::Client;
use crate::form::{Form, query};
use crate::pool::Pool;
use stack_builder_local_core::Response;
use std::sync::Arc;

/// Parameters that the pages carry from one to the next.
const CARRIED: &[&str] = &[
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "login_hint",
];
/// Longest value of a parameter.
const LONGEST: usize = 4096;

pub(super) struct Flow {
    pub(super) client: Arc<Client>,
    pub(super) redirect: String,
    /// Whether tokens are wanted in the address (`token`) instead of a code.
    pub(super) is_implicit: bool,
    pub(super) scopes: Vec<String>,
    pub(super) state: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) challenge: Option<String>,
    /// The parameters, to be carried on.
    pub(super) fields: Vec<(&'static str, String)>,
}

/// Why the pages do not begin.
pub(super) enum Refusal {
    /// Nobody can be trusted to be told: a page says it.
    Page { error: &'static str, told: String },
    /// The application is told.
    Back(String),
}

impl Refusal {
    pub(super) fn answer(self) -> Response {
        match self {
            Self::Page { error, told } => html::refused(error, &told),
            Self::Back(location) => redirect(&location),
        }
    }
}

impl Flow {
    /// Reads and checks the parameters of a query or a form.
    pub(super) fn read(pool: &Pool, form: &Form) -> Result<Self, Refusal> {
        let page = |error, told: &str| Err(Refusal::Page { error, told: told.to_owned() });
        if form.repeats(CARRIED) || CARRIED.iter().any(|name| form.text(name).len() > LONGEST) {
            return page("invalid_request", "The request has a parameter twice, or one that is too long.");
        }
        let Some(client) = pool.client(form.text("client_id")).cloned() else {
            return page("invalid_request", "The request names no client of this user pool (`client_id`).");
        };
        let Some(redirect) = form.get("redirect_uri").or(client.default_redirect.as_deref()) else {
            return page("invalid_request", "The request names no address to return to (`redirect_uri`).");
        };
        if !client.callbacks.contains(redirect) {
            let told = "The address to return to (`redirect_uri`) is not among the client's `CallbackURLs`.";
            return page("redirect_mismatch", told);
        }
        let (redirect, state) = (redirect.to_owned(), form.get("state").map(str::to_owned));
        let back = |error: &str| Refusal::Back(back(&redirect, error, state.as_deref()));
        let is_implicit = response_type(&client, form).map_err(back)?;
        let scopes = scopes(&client, form.text("scope")).map_err(back)?;
        let challenge = challenge(form).map_err(back)?;
        let fields = CARRIED.iter().filter_map(|name| Some((*name, form.get(name)?.to_owned()))).collect();
        let nonce = form.get("nonce").map(str::to_owned);
        Ok(Self {
            redirect: redirect.clone(),
            is_implicit,
            scopes,
            state: state.clone(),
            nonce,
            challenge,
            fields,
            client,
        })
    }

    /// The parameters as a query.
    pub(super) fn query(&self) -> String {
        query(self.fields.iter().map(|(name, value)| (*name, value.as_str())))
    }

    /// The application's address with an error.
    pub(super) fn refused(&self, error: &str) -> String {
        back(&self.redirect, error, self.state.as_deref())
    }

    /// The application's address with more in its query or, for tokens, its fragment.
    pub(super) fn back_with(&self, mark: char, fields: &[(&str, &str)]) -> String {
        let state = self.state.as_deref().map(|state| ("state", state));
        let query = query(fields.iter().copied().chain(state));
        let mark = if mark == '?' && self.redirect.contains('?') { '&' } else { mark };
        format!("{}{mark}{query}", self.redirect)
    }
}

fn back(redirect: &str, error: &str, state: Option<&str>) -> String {
    let mark = if redirect.contains('?') { '&' } else { '?' };
    let fields = std::iter::once(("error", error)).chain(state.map(|state| ("state", state)));
    format!("{redirect}{mark}{}", query(fields))
}

fn response_type(client: &Client, form: &Form) -> Result<bool, &'static str> {
    let (flow, is_implicit) = match form.text("response_type") {
        "code" => ("code", false),
        "token" => ("implicit", true),
        "" => return Err("invalid_request"),
        _ => return Err("unsupported_response_type"),
    };
    if client.oauth_flows.contains(flow) { Ok(is_implicit) } else { Err("unauthorized_client") }
}

fn scopes(client: &Client, asked: &str) -> Result<Vec<String>, &'static str> {
    let asked: Vec<String> = asked.split_ascii_whitespace().map(str::to_owned).collect();
    if asked.is_empty() {
        return Ok(client.scopes.iter().cloned().collect());
    }
    if asked.iter().all(|scope| client.scopes.contains(scope)) { Ok(asked) } else { Err("invalid_scope") }
}

/// Cognito knows `S256` alone: <https://docs.aws.amazon.com/cognito/latest/developerguide/using-pkce-in-authorization-code.html>.
fn challenge(form: &Form) -> Result<Option<String>, &'static str> {
    match (form.get("code_challenge"), form.get("code_challenge_method")) {
        (None, None) => Ok(None),
        (Some(challenge), Some("S256")) if challenge.len() == 43 => Ok(Some(challenge.to_owned())),
        _ => Err("invalid_request"),
    }
}
