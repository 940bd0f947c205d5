//! The sign-in pages of a user pool's domain, and its OAuth endpoints.
//!
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html>

mod enter;
mod flow;
mod html;
mod leave;
mod recover;
mod tokens;
mod user_info;
mod visit;

use crate::form::Form;
use crate::pools::Pools;
use stack_builder_local_core::{Answer, Request, Response, Service, collect, empty, text};
use std::collections::BTreeMap;
use visit::{Sent, Visit};

/// Longest form.
const LONGEST: usize = 64 * 1024;

/// What the sign-in pages cannot know by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostedOptions {
    /// URL of the page that shows mailed codes; the pages point to it.
    pub inbox: Option<String>,
    /// Whether the pages are served with TLS, so that cookies may be `Secure`.
    pub is_secure: bool,
    /// Where each domain is served, by the domain's prefix or name: `http://127.0.0.1:4005`.
    pub urls: BTreeMap<String, String>,
}

/// The pages of one domain.
pub(crate) struct Hosted {
    pools: Pools,
    domain: String,
}

impl Hosted {
    pub(crate) fn new(pools: Pools, domain: &str) -> Self {
        Self { pools, domain: domain.to_owned() }
    }

    async fn answer(&self, request: Request) -> Response {
        let Some(pool) = self.pools.of_domain(&self.domain) else {
            return text(404, "This domain belongs to no user pool any more");
        };
        let (parts, body) = request.into_parts();
        let Ok(body) = collect(body, LONGEST).await else { return text(413, "The form is too long") };
        let sent = Sent {
            form: Form::parse(&String::from_utf8_lossy(&body)),
            query: Form::parse(parts.uri.query().unwrap_or_default()),
            parts,
        };
        route(&Visit { pool, options: self.pools.options(), sent })
    }
}

impl Service for Hosted {
    fn call(&self, request: Request) -> Answer<'_> {
        Box::pin(self.answer(request))
    }
}

fn route(visit: &Visit) -> Response {
    let parts = &visit.sent.parts;
    let method = if parts.method == http::Method::HEAD { "GET" } else { parts.method.as_str() };
    match (method, parts.uri.path()) {
        ("OPTIONS", "/oauth2/token" | "/oauth2/revoke" | "/oauth2/userInfo") => tokens::preflight(),
        ("POST", "/oauth2/token") => tokens::token(visit),
        ("POST", "/oauth2/revoke") => tokens::revoke(visit),
        ("GET" | "POST", "/oauth2/userInfo") => user_info::user_info(visit),
        ("GET", "/oauth2/authorize") => enter::authorize(visit),
        ("GET", "/login") => enter::login_page(visit),
        ("POST", "/login") => visit.posted(enter::login),
        ("GET", "/signup") => enter::sign_up_page(visit),
        ("POST", "/signup") => visit.posted(enter::sign_up),
        ("GET", "/confirm" | "/confirmUser") => recover::confirm_page(visit),
        ("POST", "/confirm") => visit.posted(recover::confirm),
        ("POST", "/resendcode") => visit.posted(recover::resend),
        ("POST", "/changePassword") => visit.posted(recover::change_password),
        ("GET", "/forgotPassword") => recover::forgot_page(visit),
        ("POST", "/forgotPassword") => visit.posted(recover::forgot),
        ("POST", "/confirmForgotPassword") => visit.posted(recover::reset),
        ("GET", "/logout") => leave::logout(visit),
        ("GET", "/error") => leave::error(visit),
        ("GET", "/") => visit.redirect("/login", None),
        (_, "/oauth2/token" | "/oauth2/revoke" | "/login" | "/signup" | "/logout" | "/oauth2/authorize") => {
            empty(405)
        }
        _ => html::message(404, "Not found", "There is no such page here."),
    }
}
