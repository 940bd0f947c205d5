//! One request of a browser to the pages: what it sent, its cookies, and answers to it.

use super::HostedOptions;
use super::flow::Flow;
use super::html;
use crate::form::{Form, cookie};
use crate::pool::{Browser, Pool};
use crate::random::{base64url, from_base64url, same, token};
use http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use stack_builder_local_core::{Response, empty};
use std::sync::Arc;

/// Seconds that a browser stays signed in: one hour, as at Cognito.
const SESSION: u64 = 3600;
/// Seconds that a half-finished sign-in may take.
const PROOF: u64 = 3600;

pub(super) struct Sent {
    pub(super) form: Form,
    pub(super) query: Form,
    pub(super) parts: http::request::Parts,
}

pub(super) struct Visit {
    pub(super) pool: Arc<Pool>,
    pub(super) options: Arc<HostedOptions>,
    pub(super) sent: Sent,
}

/// A form that came back, with what it belongs to.
pub(super) struct Posted<'a> {
    pub(super) visit: &'a Visit,
    pub(super) flow: Flow,
    pub(super) form: &'a Form,
}

impl Visit {
    /// Names of cookies tell the pool: on one machine all ports share them.
    fn cookie_name(&self, kind: &str) -> String {
        format!("cognito-{kind}-{}", self.pool.definition.short_id())
    }

    fn cookie(&self, kind: &str) -> Option<&str> {
        cookie(&self.sent.parts.headers, &self.cookie_name(kind))
    }

    /// The cookie that forms are bound to, and whether it is new.
    fn form_cookie(&self) -> (String, bool) {
        let known =
            self.cookie("form").filter(|value| from_base64url(value).is_some_and(|bytes| bytes.len() == 32));
        known.map_or_else(|| (token(), true), |known| (known.to_owned(), false))
    }

    fn form_token(&self, cookie: &str) -> String {
        base64url(&self.pool.pretence(&format!("form {cookie}")))
    }

    /// Hands a form to its reader, when it is one of ours and belongs to a flow.
    pub(super) fn posted(&self, read: fn(&Posted<'_>) -> Response) -> Response {
        let form = &self.sent.form;
        let (cookie, is_new) = self.form_cookie();
        if is_new || !same(self.form_token(&cookie).as_bytes(), form.text("_csrf").as_bytes()) {
            let told = "This page was open too long, or its cookies were removed. Go back to the application and sign in \
                        from there.";
            return html::message(403, "Please try again", told);
        }
        match Flow::read(&self.pool, form) {
            Ok(flow) => read(&Posted { visit: self, flow, form }),
            Err(refusal) => refusal.answer(),
        }
    }

    /// A page with a form in it; the content gets the hidden fields that every form needs.
    pub(super) fn page(
        &self,
        status: u16,
        flow: &Flow,
        title: &str,
        content: impl FnOnce(&str) -> String,
    ) -> Response {
        let (cookie, is_new) = self.form_cookie();
        let hidden = flow.fields.iter().map(|(name, value)| html::hidden(name, value)).collect::<String>();
        let hidden = hidden + &html::hidden("_csrf", &self.form_token(&cookie));
        let mut response = html::page(status, title, &content(&hidden), Some(&flow.redirect));
        if is_new {
            self.set_cookie(&mut response, "form", &cookie, None);
        }
        response
    }

    fn set_cookie(&self, response: &mut Response, kind: &str, value: &str, age: Option<u64>) {
        let secure = if self.options.is_secure { "; Secure" } else { "" };
        let age = age.map(|age| format!("; Max-Age={age}")).unwrap_or_default();
        let text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}", self.cookie_name(kind));
        if let Ok(text) = text.parse() {
            response.headers_mut().append(SET_COOKIE, text);
        }
    }

    /// The browser's session, when it is signed in.
    pub(super) fn browser(&self) -> Option<Browser> {
        self.pool.state.browsers.get(self.cookie("session")?, self.pool.now())
    }

    /// Keeps the browser signed in.
    pub(super) fn keep(&self, response: &mut Response, browser: Browser) {
        let key = token();
        self.pool.state.browsers.put(key.clone(), self.pool.now() + SESSION, browser);
        self.set_cookie(response, "session", &key, Some(SESSION));
    }

    /// Signs the browser out.
    pub(super) fn forget(&self, response: &mut Response) {
        if let Some(key) = self.cookie("session") {
            self.pool.state.browsers.take(key, 0);
        }
        self.set_cookie(response, "session", "", Some(0));
    }

    /// Sends the browser elsewhere.
    pub(super) fn redirect(&self, path: &str, query: Option<&str>) -> Response {
        let query =
            query.or(self.sent.parts.uri.query()).map(|query| format!("?{query}")).unwrap_or_default();
        redirect(&format!("{path}{query}"))
    }

    /// Remembers that the user showed the right password.
    pub(super) fn prove(&self, username: &str) -> String {
        let proof = token();
        self.pool.state.proved.put(proof.clone(), self.pool.now() + PROOF, username.to_owned());
        proof
    }

    /// Where codes can be read here, as a sentence in HTML.
    pub(super) fn inbox_hint(&self) -> String {
        let inbox = self.options.inbox.as_deref().map(html::escape);
        let place = inbox
            .map(|url| format!(" and in <a href=\"{url}\" target=\"_blank\" rel=\"noopener\">the inbox</a>"));
        format!(
            "<p class=\"hint\">No mail leaves this machine: the code is in the terminal{}.</p>",
            place.unwrap_or_default()
        )
    }
}

/// Sends the browser elsewhere; nobody keeps the answer.
pub(super) fn redirect(location: &str) -> Response {
    let mut response = empty(302);
    let Ok(location) = location.parse() else {
        return html::message(400, "Bad address", "The address is not valid.");
    };
    response.headers_mut().insert(LOCATION, location);
    response.headers_mut().insert(CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    response
}
