//! Coming in: the beginning of a flow, signing in, signing up.

use super::flow::Flow;
use super::html::{Field, escape, hidden, news, problem};
use super::recover;
use super::visit::{Posted, Visit, redirect};
use crate::accounts::{self, Newcomer};
use crate::pool::{Authorization, Browser};
use crate::random::uuid;
use crate::sign_in::{self, Next};
use crate::token::{self, Grant};
use crate::user::User;
use stack_builder_local_core::{ApiError, Response};
use std::collections::BTreeMap;

/// Seconds that an authorization code may wait.
const CODE: u64 = 300;

impl Visit {
    /// The flow that a query describes.
    fn with_flow(&self, answer: impl FnOnce(Flow) -> Response) -> Response {
        match Flow::read(&self.pool, &self.sent.query) {
            Ok(flow) => answer(flow),
            Err(refusal) => refusal.answer(),
        }
    }
}

/// A browser that is signed in goes back at once; others sign in first.
pub(super) fn authorize(visit: &Visit) -> Response {
    visit.with_flow(|flow| {
        let prompt = visit.sent.query.text("prompt");
        let browser = visit.browser().filter(|_| prompt != "login");
        let user = browser.as_ref().and_then(|browser| visit.pool.user(&browser.username));
        let user = user.filter(|user| sign_in::next(&visit.pool, user) == Ok(Next::Tokens));
        match (user, browser) {
            (Some(user), Some(browser)) => back(visit, &flow, &user, browser.signed_in),
            _ if prompt == "none" => redirect(&flow.refused("login_required")),
            _ => visit.redirect("/login", Some(&flow.query())),
        }
    })
}

/// Sends the browser back with what the application asked for.
fn back(visit: &Visit, flow: &Flow, user: &User, signed_in: u64) -> Response {
    let pool = &visit.pool;
    if flow.is_implicit {
        return back_with_tokens(visit, flow, user, signed_in);
    }
    let code = uuid();
    let authorization = Authorization {
        client: flow.client.id.clone(),
        redirect: flow.redirect.clone(),
        challenge: flow.challenge.clone(),
        username: user.username.clone(),
        scopes: flow.scopes.clone(),
        nonce: flow.nonce.clone(),
        signed_in,
    };
    pool.state.authorizations.put(code.clone(), pool.now() + CODE, authorization);
    redirect(&flow.back_with('?', &[("code", &code)]))
}

fn back_with_tokens(visit: &Visit, flow: &Flow, user: &User, signed_in: u64) -> Response {
    let (scopes, nonce) = (flow.scopes.clone(), flow.nonce.clone());
    let grant = Grant { scopes, is_hosted: true, nonce, signed_in, origin: uuid() };
    let Ok(tokens) = token::make(&visit.pool, &flow.client, user, &grant) else {
        return redirect(&flow.refused("server_error"));
    };
    let lasts = tokens.lasts.to_string();
    let mut fields =
        vec![("access_token", tokens.access.as_str()), ("token_type", "Bearer"), ("expires_in", &lasts)];
    fields.extend(tokens.id.as_deref().map(|id| ("id_token", id)));
    redirect(&flow.back_with('#', &fields))
}

/// Signs the browser in and sends it back.
pub(super) fn finish(posted: &Posted<'_>, user: &User) -> Response {
    let (visit, signed_in) = (posted.visit, posted.visit.pool.now());
    let mut response = back(visit, &posted.flow, user, signed_in);
    visit.forget_old_session();
    visit.keep(&mut response, Browser { username: user.username.clone(), signed_in });
    response
}

pub(super) fn login_page(visit: &Visit) -> Response {
    visit.with_flow(|flow| login_form(visit, &flow, visit.sent.query.text("login_hint"), "", ""))
}

/// What users type as their name.
pub(super) fn name_field<'a>(visit: &Visit, value: &'a str) -> Field<'a> {
    let definition = &visit.pool.definition;
    let by = |attribute| definition.username_attributes.contains(attribute);
    let (label, kind) = match (by("email"), by("phone_number")) {
        (true, false) => ("Email address", "email"),
        (false, true) => ("Telephone number", "tel"),
        (true, true) => ("Email address or telephone number", "text"),
        (false, false) => ("User name", "text"),
    };
    Field { label, name: "username", kind, autocomplete: "username", value, hint: "" }
}

/// The page to sign in on.
pub(super) fn login_form(visit: &Visit, flow: &Flow, name: &str, told: &str, happened: &str) -> Response {
    let status = if told.is_empty() { 200 } else { 400 };
    visit.page(status, flow, "Sign in", |fields| {
        let password = Field {
            label: "Password",
            name: "password",
            kind: "password",
            autocomplete: "current-password",
            value: "",
            hint: "",
        };
        let query = escape(&flow.query());
        let sign_up = if visit.pool.definition.only_admin_creates {
            String::new()
        } else {
            format!("<a href=\"/signup?{query}\">Create an account</a>")
        };
        format!(
            "{}{}<form method=\"post\" action=\"/login\">{fields}{}{}<button>Sign in</button></form>\n\
             <nav><a href=\"/forgotPassword?{query}\">Forgot your password?</a>{sign_up}</nav>",
            problem(told),
            news(happened),
            name_field(visit, name).html(name.is_empty()),
            password.html(!name.is_empty()),
        )
    })
}

/// Somebody typed a password.
pub(super) fn login(posted: &Posted<'_>) -> Response {
    let (visit, flow) = (posted.visit, &posted.flow);
    let (name, password) = (posted.form.text("username").trim(), posted.form.text("password"));
    if name.chars().count() > 128 || password.chars().count() > 256 {
        return login_form(visit, flow, "", "Incorrect username or password.", "");
    }
    match sign_in::by_password(&visit.pool, &flow.client, name, password) {
        Ok(user) => proved(posted, &user, name),
        Err(error) => login_form(visit, flow, name, &error.message, ""),
    }
}

/// The password was right: back to the application, or what must come before.
fn proved(posted: &Posted<'_>, user: &User, name: &str) -> Response {
    let (visit, flow) = (posted.visit, &posted.flow);
    match sign_in::next(&visit.pool, user) {
        Ok(Next::Tokens) => finish(posted, user),
        Ok(Next::NewPassword) => {
            let proof = visit.prove(&user.username);
            recover::change_form(visit, flow, &proof, "")
        }
        Err(ApiError { code, .. }) if code == "UserNotConfirmedException" => {
            let proof = visit.prove(&user.username);
            recover::confirm_form(visit, flow, name, &proof, "", "This account is not confirmed yet.")
        }
        Err(ApiError { code, .. }) if code == "PasswordResetRequiredException" => {
            recover::reset_form(visit, flow, name, "", "The password must be set anew.")
        }
        Err(error) => login_form(visit, flow, name, &error.message, ""),
    }
}

pub(super) fn sign_up_page(visit: &Visit) -> Response {
    visit.with_flow(|flow| sign_up_form(visit, &flow, &BTreeMap::new(), "", ""))
}

/// Attributes that a new user is asked for beside the name.
fn asked(visit: &Visit) -> Vec<String> {
    let definition = &visit.pool.definition;
    let mut all: Vec<String> = definition.schema.lacking(&BTreeMap::new());
    all.extend(
        definition.auto_verified.iter().filter(|_| definition.username_attributes.is_empty()).cloned(),
    );
    all.retain(|name| !definition.username_attributes.contains(name));
    all.sort();
    all.dedup();
    all
}

fn sign_up_form(
    visit: &Visit,
    flow: &Flow,
    given: &BTreeMap<String, String>,
    name: &str,
    told: &str,
) -> Response {
    let status = if told.is_empty() { 200 } else { 400 };
    visit.page(status, flow, "Create an account", |fields| {
        let hint = visit.pool.definition.policy.sentence();
        let password = Field {
            label: "Password",
            name: "password",
            kind: "password",
            autocomplete: "new-password",
            value: "",
            hint: &hint,
        };
        let others: String = asked(visit)
            .iter()
            .map(|name| {
                let label = name.trim_start_matches("custom:").replace('_', " ");
                let value = given.get(name).map_or("", String::as_str);
                let autocomplete = if name == "email" { "email" } else { "on" };
                Field { label: &label, name, kind: "text", autocomplete, value, hint: "" }.html(false)
            })
            .collect();
        format!(
            "{}<form method=\"post\" action=\"/signup\">{fields}{}{others}{}<button>Create the account</button></form>\n\
             <nav><a href=\"/login?{}\">Sign in instead</a></nav>",
            problem(told),
            name_field(visit, name).html(name.is_empty()),
            password.html(!name.is_empty()),
            escape(&flow.query()),
        )
    })
}

/// Somebody wants an account.
pub(super) fn sign_up(posted: &Posted<'_>) -> Response {
    let (visit, flow, form) = (posted.visit, &posted.flow, posted.form);
    let given: BTreeMap<String, String> = asked(visit)
        .into_iter()
        .filter_map(|name| Some((name.clone(), form.get(&name)?.trim().to_owned())))
        .collect();
    let name = form.text("username").trim();
    let newcomer = Newcomer { name, attributes: given.clone(), by_admin: false };
    match accounts::sign_up(&visit.pool, &flow.client, newcomer, form.text("password")) {
        Ok((user, Some(delivery))) => {
            let proof = visit.prove(&user.username);
            let told = format!("A code was sent to {}.", delivery.masked());
            recover::confirm_form(visit, flow, name, &proof, "", &told)
        }
        Ok((_, None)) => {
            let told = "The account was made. An administrator must confirm it before you can sign in.";
            login_form(visit, flow, name, "", told)
        }
        Err(error) => sign_up_form(visit, flow, &given, name, error.message.trim()),
    }
}

impl Visit {
    /// The old session ends when another begins: nobody can have planted it.
    fn forget_old_session(&self) {
        let mut nowhere = stack_builder_local_core::empty(200);
        self.forget(&mut nowhere);
    }
}

/// The field that says who proved a password.
pub(super) fn proof_field(proof: &str) -> String {
    hidden("proof", proof)
}
