//! Users as Amazon's clients make them, who sign in as the page lets them.

use crate::api::Api;
use serde_json::Value;
use stack_builder_tests::{Response, Tokens};

const PASSWORD: &str = "Correct-horse-7-battery";
const OTHER_PASSWORD: &str = "Another-horse-8-battery";

/// A signed-in user of an API.
pub(crate) struct User<'a> {
    pub(crate) api: &'a Api<'a>,
    email: &'static str,
    /// What the user pool calls them.
    pub(crate) sub: String,
    pub(crate) tokens: Tokens,
}

impl<'a> User<'a> {
    /// Signs up, confirms and signs in; what is wrong is refused on the way.
    #[track_caller]
    pub(crate) fn signed_in(api: &'a Api<'a>, email: &'static str) -> Self {
        let emulator = &api.world.emulator;
        let cognito = api.outputs.cognito(emulator);
        let weak = cognito.sign_up(email, "short").expect_err("a weak password");
        assert_eq!(weak.code, "InvalidPasswordException");
        let sub = cognito.sign_up(email, PASSWORD).expect("signed up");

        let early = cognito.sign_in(email, PASSWORD).expect_err("not confirmed yet");
        assert_eq!(early.code, "UserNotConfirmedException");
        let wrong = cognito.confirm(email, "000000").expect_err("another code");
        assert_eq!(wrong.code, "CodeMismatchException");
        let mail = emulator.mail(email);
        let code: String = mail.chars().filter(char::is_ascii_digit).collect();
        cognito.confirm(email, &code).unwrap_or_else(|error| panic!("{error:?} with the code of {mail:?}"));

        let refused = cognito.sign_in(email, OTHER_PASSWORD).expect_err("another password");
        assert_eq!(refused.code, "NotAuthorizedException");
        let tokens = cognito.sign_in(email, PASSWORD).expect("signed in");
        Self { api, email, sub, tokens }
    }

    /// Signs in on the hosted page as the site does it: authorization code and PKCE.
    #[track_caller]
    pub(crate) fn hosted_tokens(&self) -> Tokens {
        let cognito = self.api.outputs.cognito(&self.api.world.emulator);
        let redirect = self.api.outputs.redirect(&self.api.world.aws);
        let other_verifier = "x".repeat(64);
        let sign_in = |password, spoil| cognito.hosted_sign_in(self.email, password, &redirect, spoil);
        let refused = sign_in(OTHER_PASSWORD, None).expect_err("another password");
        assert_eq!(refused.code, "NotAuthorizedException");
        let refused = sign_in(PASSWORD, Some(&other_verifier)).expect_err("another verifier");
        assert_eq!(refused.code, "invalid_grant");
        sign_in(PASSWORD, None).expect("signed in")
    }

    /// Sends a request without a body.
    #[track_caller]
    pub(crate) fn ask(&self, method: &str, path: &str) -> Response {
        self.api.send_as(&self.tokens.id, method, path, "")
    }

    /// Sends a request with a body.
    #[track_caller]
    pub(crate) fn send(&self, method: &str, path: &str, body: &Value) -> Response {
        self.api.send_as(&self.tokens.id, method, path, &body.to_string())
    }
}
