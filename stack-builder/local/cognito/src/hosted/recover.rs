//! Steps beside signing in: codes, a temporary password, a forgotten one.

use super::enter::{finish, login_form, name_field, proof_field};
use super::flow::Flow;
use super::html::{Field, escape, hidden, news, problem};
use super::visit::{Posted, Visit};
use crate::accounts;
use crate::sign_in;
use crate::srp::Verifier;
use stack_builder_local_core::Response;

fn code_field<'a>() -> Field<'a> {
    Field { label: "Code", name: "code", kind: "text", autocomplete: "one-time-code", value: "", hint: "" }
}

fn password_field(hint: &str) -> Field<'_> {
    Field {
        label: "New password",
        name: "password",
        kind: "password",
        autocomplete: "new-password",
        value: "",
        hint,
    }
}

fn status(told: &str) -> u16 {
    if told.is_empty() { 200 } else { 400 }
}

fn with_flow(visit: &Visit, answer: impl FnOnce(Flow) -> Response) -> Response {
    match Flow::read(&visit.pool, &visit.sent.query) {
        Ok(flow) => answer(flow),
        Err(refusal) => refusal.answer(),
    }
}

pub(super) fn confirm_page(visit: &Visit) -> Response {
    with_flow(visit, |flow| confirm_form(visit, &flow, visit.sent.query.text("username"), "", "", ""))
}

/// The page to confirm an account on.
pub(super) fn confirm_form(
    visit: &Visit,
    flow: &Flow,
    name: &str,
    proof: &str,
    told: &str,
    happened: &str,
) -> Response {
    visit.page(status(told), flow, "Confirm your account", |fields| {
        let who = if name.is_empty() { name_field(visit, "").html(true) } else { hidden("username", name) };
        let carried = format!("{fields}{}", proof_field(proof));
        let again = if name.is_empty() {
            String::new()
        } else {
            format!(
                "<form method=\"post\" action=\"/resendcode\">{carried}{}<button class=\"quiet\">Send a new code</button>\
                 </form>",
                hidden("username", name)
            )
        };
        format!(
            "{}{}<form method=\"post\" action=\"/confirm\">{carried}{who}{}{}<button>Confirm</button></form>\n\
             <nav>{again}<a href=\"/login?{}\">Sign in</a></nav>",
            problem(told),
            news(happened),
            code_field().html(!name.is_empty()),
            visit.inbox_hint(),
            escape(&flow.query()),
        )
    })
}

/// Somebody typed the code of a new account.
pub(super) fn confirm(posted: &Posted<'_>) -> Response {
    let (visit, flow, form) = (posted.visit, &posted.flow, posted.form);
    let (name, proof) = (form.text("username").trim(), form.text("proof"));
    if let Err(error) = accounts::confirm(&visit.pool, &flow.client, name, form.text("code"), false) {
        return confirm_form(visit, flow, name, proof, &error.message, "");
    }
    let proved = visit.pool.state.proved.take(proof, visit.pool.now());
    let user = visit.pool.user(name).filter(|user| proved.as_ref() == Some(&user.username));
    match user.filter(|user| sign_in::next(&visit.pool, user) == Ok(sign_in::Next::Tokens)) {
        Some(user) => finish(posted, &user),
        None => login_form(visit, flow, name, "", "The account is confirmed. You can sign in now."),
    }
}

/// Somebody wants another code.
pub(super) fn resend(posted: &Posted<'_>) -> Response {
    let (visit, flow, form) = (posted.visit, &posted.flow, posted.form);
    let (name, proof) = (form.text("username").trim(), form.text("proof"));
    match accounts::resend(&visit.pool, &flow.client, name) {
        Ok(sent) => {
            confirm_form(visit, flow, name, proof, "", &format!("A new code was sent to {}.", sent.masked()))
        }
        Err(error) => confirm_form(visit, flow, name, proof, &error.message, ""),
    }
}

/// The page to replace a temporary password on.
pub(super) fn change_form(visit: &Visit, flow: &Flow, proof: &str, told: &str) -> Response {
    visit.page(status(told), flow, "Choose a new password", |fields| {
        let hint = visit.pool.definition.policy.sentence();
        format!(
            "{}<form method=\"post\" action=\"/changePassword\">{fields}{}{}<button>Save and sign in</button></form>",
            problem(told),
            proof_field(proof),
            password_field(&hint).html(true),
        )
    })
}

/// Somebody replaces a temporary password.
pub(super) fn change_password(posted: &Posted<'_>) -> Response {
    let (visit, flow) = (posted.visit, &posted.flow);
    let (pool, proof, password) = (&visit.pool, posted.form.text("proof"), posted.form.text("password"));
    let proved = pool.state.proved.get(proof, pool.now()).and_then(|name| pool.user(&name));
    let Some(user) = proved.filter(|user| sign_in::next(pool, user) == Ok(sign_in::Next::NewPassword)) else {
        return login_form(visit, flow, "", "This took too long. Sign in again.", "");
    };
    if let Err(error) = pool.definition.policy.check(password) {
        return change_form(visit, flow, proof, &error.message);
    }
    pool.state.proved.take(proof, pool.now());
    let verifier = Verifier::new(pool.owner(&user.username), password);
    let changed = pool.change(&user.username, |user| {
        accounts::set_password(pool, user, verifier);
        Ok(user.clone())
    });
    match changed {
        Ok(user) => finish(posted, &user),
        Err(error) => login_form(visit, flow, "", &error.message, ""),
    }
}

pub(super) fn forgot_page(visit: &Visit) -> Response {
    with_flow(visit, |flow| forgot_form(visit, &flow, "", ""))
}

fn forgot_form(visit: &Visit, flow: &Flow, name: &str, told: &str) -> Response {
    visit.page(status(told), flow, "Forgot your password?", |fields| {
        format!(
            "{}<form method=\"post\" action=\"/forgotPassword\">{fields}{}<button>Send a code</button></form>\n\
             <nav><a href=\"/login?{}\">Sign in instead</a></nav>",
            problem(told),
            name_field(visit, name).html(true),
            escape(&flow.query()),
        )
    })
}

/// Somebody forgot a password.
pub(super) fn forgot(posted: &Posted<'_>) -> Response {
    let (visit, flow) = (posted.visit, &posted.flow);
    let name = posted.form.text("username").trim();
    match accounts::forgot(&visit.pool, &flow.client, name) {
        Ok(sent) => reset_form(visit, flow, name, "", &format!("A code was sent to {}.", sent.masked())),
        Err(error) => forgot_form(visit, flow, name, &error.message),
    }
}

/// The page to set a forgotten password anew on.
pub(super) fn reset_form(visit: &Visit, flow: &Flow, name: &str, told: &str, happened: &str) -> Response {
    visit.page(status(told), flow, "Set a new password", |fields| {
        let hint = visit.pool.definition.policy.sentence();
        format!(
            "{}{}<form method=\"post\" action=\"/confirmForgotPassword\">{fields}{}{}{}{}\
             <button>Save the password</button></form>\n\
             <nav><a href=\"/forgotPassword?{}\">Send another code</a></nav>",
            problem(told),
            news(happened),
            hidden("username", name),
            code_field().html(true),
            visit.inbox_hint(),
            password_field(&hint).html(false),
            escape(&flow.query()),
        )
    })
}

/// Somebody sets a forgotten password anew.
pub(super) fn reset(posted: &Posted<'_>) -> Response {
    let (visit, flow, form) = (posted.visit, &posted.flow, posted.form);
    let name = form.text("username").trim();
    let (code, password) = (form.text("code"), form.text("password"));
    match accounts::confirm_forgot(&visit.pool, &flow.client, name, code, password) {
        Ok(()) => login_form(visit, flow, name, "", "The password is set. You can sign in now."),
        Err(error) => reset_form(visit, flow, name, &error.message, ""),
    }
}
