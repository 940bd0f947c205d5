//! The sign-in pages and the token endpoint, as a site with PKCE uses them.

use super::browser::{Browser, Page};
use super::{BACK, Bench, CLIENT, PASSWORD, SERVER, pool_properties};
use crate::form::query;
use crate::keys::unverified;
use crate::random::{base64url, sha256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

const ANN: &str = "ann@example.org";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-it-is";

fn asked(changes: &[(&str, &str)]) -> String {
    let challenge = base64url(&sha256(VERIFIER.as_bytes()));
    let mut fields = vec![
        ("client_id", CLIENT),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", "openid email profile"),
        ("state", "a state & more"),
        ("nonce", "n"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    fields.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    query(fields)
}

fn login_page(browser: &Browser) -> Page {
    let begun = browser.get(&format!("/oauth2/authorize?{}", asked(&[])));
    assert!(begun.status == 302 && begun.location().starts_with("/login?"), "{}", begun.location());
    browser.get(begun.location())
}

/// Signs in on the pages, unless the browser is signed in already; the answer is the code.
#[track_caller]
fn code(browser: &Browser) -> String {
    let begun = browser.get(&format!("/oauth2/authorize?{}", asked(&[])));
    if begun.location().starts_with(BACK) {
        return begun.parameter("code");
    }
    let done = browser.fill(&login_page(browser), &[("username", ANN), ("password", PASSWORD)]);
    assert!(done.location().starts_with(BACK), "{} {}", done.status, done.body);
    assert_eq!(done.parameter("state"), "a state & more");
    done.parameter("code")
}

fn redeem(browser: &Browser, code: &str, changes: &[(&str, &str)]) -> Page {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    fields.retain(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    fields.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    browser.post("/oauth2/token", fields)
}

#[test]
fn a_site_signs_a_user_in_and_out() {
    let bench = Bench::new();
    let sub = bench.user(ANN);
    let browser = Browser::new(&bench);
    let page = login_page(&browser);
    let wrong = browser.fill(&page, &[("username", ANN), ("password", "wrong")]);
    assert!(wrong.body.contains("role=\"alert\">Incorrect username or password."), "{}", wrong.body);

    let answer = redeem(&browser, &code(&browser), &[]);
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    let tokens = answer.json();
    assert_eq!((&tokens["expires_in"], &tokens["token_type"]), (&json!(3600), &json!("Bearer")));
    let id = unverified(tokens["id_token"].as_str().unwrap()).unwrap();
    assert_eq!((&id["email"], &id["nonce"], &id["sub"]), (&json!(ANN), &json!("n"), &json!(sub)));
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(unverified(access).unwrap()["scope"], "openid email profile");

    let bearer = format!("Bearer {access}");
    let info = browser.send("GET", "/oauth2/userInfo", &[("authorization", &bearer)], "").json();
    assert_eq!((&info["email"], &info["email_verified"]), (&json!(ANN), &json!("true")));
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let renew = || {
        let fields = [("grant_type", "refresh_token"), ("client_id", CLIENT), ("refresh_token", refresh)];
        browser.post("/oauth2/token", fields)
    };
    let renewed = renew().json();
    assert!(renewed["id_token"].is_string() && renewed["refresh_token"].is_null());

    // The browser is still signed in, until it signs out.
    let again = browser.get(&format!("/oauth2/authorize?{}", asked(&[])));
    assert!(again.location().starts_with(BACK));
    assert_eq!(browser.post("/oauth2/revoke", [("token", refresh), ("client_id", CLIENT)]).status, 200);
    assert_eq!(renew().json()["error"], "invalid_grant");
    let out = browser.get(&format!("/logout?{}", query([("client_id", CLIENT), ("logout_uri", BACK)])));
    assert_eq!((out.status, out.location()), (302, BACK));
    assert!(browser.get(&format!("/oauth2/authorize?{}", asked(&[]))).location().starts_with("/login?"));
}

#[test]
fn a_new_user_is_led_to_the_code_and_back() {
    let bench = Bench::new();
    let browser = Browser::new(&bench);
    let page = browser.get(&format!("/signup?{}", asked(&[])));
    let weak = browser.fill(&page, &[("username", ANN), ("password", "weak")]);
    assert!(
        weak.body.contains("Password not long enough") && weak.body.contains("value=\"ann@example.org\"")
    );
    let password = weak.body.split("<input name=\"password\"").nth(1).unwrap_or_default();
    assert!(password.split('>').next().unwrap_or_default().contains(" autofocus"), "{}", weak.body);
    let confirm = browser.fill(&weak, &[("username", ANN), ("password", PASSWORD)]);
    assert!(confirm.body.contains("http://127.0.0.1:4000/_inbox"), "{}", confirm.body);
    let wrong = browser.fill(&confirm, &[("code", "x")]);
    assert!(wrong.body.contains("Invalid verification code provided"), "{}", wrong.body);
    let done = browser.fill(&wrong, &[("code", &bench.code(ANN))]);
    assert!(done.location().starts_with(BACK), "{}", done.body);
    assert!(redeem(&browser, &done.parameter("code"), &[]).json()["id_token"].is_string());
}

#[test]
fn a_forgotten_and_a_temporary_password_are_replaced() {
    let bench = Bench::new();
    bench.user(ANN);
    let browser = Browser::new(&bench);
    let sent = browser.fill(&browser.get(&format!("/forgotPassword?{}", asked(&[]))), &[("username", ANN)]);
    let done = browser.fill(&sent, &[("code", &bench.code(ANN)), ("password", "Another-horse-8-battery")]);
    assert!(done.body.contains("role=\"status\">The password is set."), "{}", done.body);
    let done = browser.fill(&done, &[("username", ANN), ("password", "Another-horse-8-battery")]);
    assert!(done.location().starts_with(BACK));

    let temporary = json!({ "Username": ANN, "Password": "Temporary-1-word", "Permanent": false });
    bench.admin("AdminSetUserPassword", temporary).unwrap();
    let browser = Browser::new(&bench);
    let change = browser.fill(&login_page(&browser), &[("username", ANN), ("password", "Temporary-1-word")]);
    assert!(change.body.contains("Choose a new password"), "{}", change.body);
    let weak = browser.fill(&change, &[("password", "weak")]);
    assert!(weak.body.contains("not long enough"));
    assert!(browser.fill(&weak, &[("password", PASSWORD)]).location().starts_with(BACK));
}

#[test]
fn what_an_application_may_not_ask_is_told_to_whom_it_concerns() {
    let bench = Bench::new();
    let browser = Browser::new(&bench);
    let begin = |changes: &[(&str, &str)]| browser.get(&format!("/oauth2/authorize?{}", asked(changes)));
    let pages = [
        begin(&[("client_id", "")]),
        begin(&[("client_id", "x")]),
        begin(&[("redirect_uri", "")]),
        begin(&[("redirect_uri", "http://127.0.0.1:4001")]),
        begin(&[("redirect_uri", "http://127.0.0.1:4001/x")]),
        begin(&[("redirect_uri", "https://example.org/")]),
        begin(&[("redirect_uri", "http://127.0.0.1:4001/"), ("redirect_uri", "https://example.org/")]),
        begin(&[("state", &"x".repeat(5000))]),
    ];
    for page in pages {
        assert_eq!((page.status, page.location()), (400, ""), "{}", page.body);
    }
    let told = [
        (begin(&[("response_type", "")]), "invalid_request"),
        (begin(&[("response_type", "id")]), "unsupported_response_type"),
        (begin(&[("response_type", "token")]), "unauthorized_client"),
        (begin(&[("scope", "openid phone")]), "invalid_scope"),
        (begin(&[("code_challenge_method", "plain")]), "invalid_request"),
        (begin(&[("code_challenge_method", "")]), "invalid_request"),
        (begin(&[("code_challenge", "")]), "invalid_request"),
        (begin(&[("prompt", "none")]), "login_required"),
    ];
    for (page, error) in told {
        assert!(page.location().starts_with(BACK), "{error}: {}", page.body);
        assert_eq!(
            (page.parameter("error").as_str(), page.parameter("state").as_str()),
            (error, "a state & more")
        );
    }
    let out = browser
        .get(&format!("/logout?{}", query([("client_id", CLIENT), ("logout_uri", "https://example.org/")])));
    assert_eq!((out.status, out.location()), (400, ""));
}

#[test]
fn a_code_is_good_once_in_time_for_whom_it_was_made() {
    let bench = Bench::new();
    bench.user(ANN);
    let browser = Browser::new(&bench);
    let secret = bench.pools.client_secret(SERVER).unwrap();
    let spoiled: &[&[(&str, &str)]] = &[
        &[("code_verifier", "")],
        &[("code_verifier", "x")],
        &[("code_verifier", "another-verifier-of-more-than-forty-three-characters")],
        &[("redirect_uri", "")],
        &[("redirect_uri", "https://example.org/")],
        &[("client_id", SERVER), ("client_secret", &secret)],
        &[("code", "00000000-0000-4000-8000-000000000000")],
    ];
    for changes in spoiled {
        let code = code(&browser);
        let answer = redeem(&browser, &code, changes);
        assert_eq!((answer.status, &answer.json()["error"]), (400, &json!("invalid_grant")), "{changes:?}");
        if changes[0].0 != "code" {
            assert_eq!(
                redeem(&browser, &code, &[]).json()["error"],
                "invalid_grant",
                "used up by {changes:?}"
            );
        }
    }
    let once = code(&browser);
    assert_eq!(redeem(&browser, &once, &[]).status, 200);
    assert_eq!(redeem(&browser, &once, &[]).json()["error"], "invalid_grant");
    let late = code(&browser);
    bench.pass(300);
    assert_eq!(redeem(&browser, &late, &[]).json()["error"], "invalid_grant");
    let plain = [("grant_type", ""), ("client_id", CLIENT)];
    assert_eq!(browser.post("/oauth2/token", plain).json()["error"], "invalid_request");
    assert_eq!(
        browser.post("/oauth2/token", [("grant_type", "password"), ("client_id", CLIENT)]).json()["error"],
        "unsupported_grant_type"
    );
    assert_eq!(
        browser.send("POST", "/oauth2/token", &[], "grant_type=authorization_code").json()["error"],
        "invalid_request"
    );
}

#[test]
fn forms_of_others_are_not_taken() {
    let bench = Bench::new();
    bench.user(ANN);
    let browser = Browser::new(&bench);
    let page = login_page(&browser);
    let (action, fields) = page.form();
    let typed = [("username", ANN), ("password", PASSWORD)];
    let without: Vec<_> = fields.iter().filter(|(name, _)| name != "_csrf").collect();
    let without = without.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    assert_eq!(browser.post(&action, without.clone().chain(typed)).status, 403);
    assert_eq!(browser.post(&action, without.chain(typed).chain([("_csrf", "x")])).status, 403);
    // The form of this browser in another one.
    let other = Browser::new(&bench);
    assert_eq!(other.fill(&page, &typed).status, 403);
    login_page(&other);
    assert_eq!(other.fill(&page, &typed).status, 403);
    assert_eq!(browser.fill(&page, &typed).status, 302);
}

#[test]
fn sessions_end_and_cannot_be_planted() {
    let bench = Bench::new();
    bench.user(ANN);
    let browser = Browser::new(&bench);
    let is_signed_in =
        || browser.get(&format!("/oauth2/authorize?{}", asked(&[]))).location().starts_with(BACK);
    let name = "cognito-session-abcdefghi".to_owned();
    browser.cookies.borrow_mut().insert(name.clone(), "planted".to_owned());
    assert!(!is_signed_in());
    code(&browser);
    let session = browser.cookies.borrow()[&name].clone();
    assert!(session != "planted" && is_signed_in());
    assert!(
        browser
            .get(&format!("/oauth2/authorize?{}", asked(&[("prompt", "login")])))
            .location()
            .starts_with("/login?")
    );
    bench.admin("AdminDisableUser", json!({ "Username": ANN })).unwrap();
    assert!(!is_signed_in());
    bench.admin("AdminEnableUser", json!({ "Username": ANN })).unwrap();
    assert!(is_signed_in());
    bench.pass(3600);
    assert!(!is_signed_in());
}

#[test]
fn pages_keep_others_out() {
    let bench = Bench::new();
    let browser = Browser::new(&bench);
    let evil = "\"><script>alert(1)</script>";
    let page = browser.get(&format!("/login?{}", asked(&[("state", evil), ("login_hint", evil)])));
    assert!(page.status == 200 && !page.body.contains("<script"), "{}", page.body);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none';") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    assert_eq!(page.headers["cache-control"], "no-store");
    let error = browser.get(&format!("/error?{}", query([("error", evil)])));
    assert!(!error.body.contains("<script"));
    assert_eq!(browser.send("POST", "/login", &[], &"x".repeat(70_000)).status, 413);
    assert_eq!((browser.get("/nothing").status, browser.send("PUT", "/login", &[], "").status), (404, 405));
}

#[test]
fn tokens_in_the_address_where_the_client_may() {
    let bench = Bench::of(pool_properties(), json!({ "AllowedOAuthFlows": ["implicit"] }));
    bench.user(ANN);
    let browser = Browser::new(&bench);
    let page = browser.get(&format!("/login?{}", asked(&[("response_type", "token")])));
    let done = browser.fill(&page, &[("username", ANN), ("password", PASSWORD)]);
    assert!(done.location().starts_with(&format!("{BACK}#")), "{}", done.location());
    assert_eq!((done.parameter("expires_in").as_str(), done.parameter("code").as_str()), ("3600", ""));
    assert_eq!(unverified(&done.parameter("id_token")).unwrap()["nonce"], "n");
}

#[test]
fn a_client_gets_tokens_for_itself() {
    let bench = Bench::new();
    let browser = Browser::new(&bench);
    let secret = bench.pools.client_secret(SERVER).unwrap();
    let ask = |secret: &str, scope: &str| {
        let basic = format!("Basic {}", STANDARD.encode(format!("{SERVER}:{secret}")));
        let headers =
            [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let body = query([("grant_type", "client_credentials"), ("scope", scope)]);
        browser.send("POST", "/oauth2/token", &headers, &body).json()
    };
    let access = ask(&secret, "files/read")["access_token"].as_str().unwrap().to_owned();
    let claims = unverified(&access).unwrap();
    assert_eq!((&claims["sub"], &claims["scope"]), (&json!(SERVER), &json!("files/read")));
    assert_eq!(ask("wrong", "files/read")["error"], "invalid_client");
    assert_eq!(ask(&secret, "files/delete")["error"], "invalid_scope");
    let by_body = [("grant_type", "client_credentials"), ("client_id", SERVER), ("client_secret", &secret)];
    assert!(browser.post("/oauth2/token", by_body).json()["access_token"].is_string());
    let public = [("grant_type", "client_credentials"), ("client_id", CLIENT)];
    assert_eq!(browser.post("/oauth2/token", public).json()["error"], "unauthorized_client");
    let bearer = format!("Bearer {access}");
    assert_eq!(browser.send("GET", "/oauth2/userInfo", &[("authorization", &bearer)], "").status, 401);
    assert_eq!(browser.get("/oauth2/userInfo").status, 400);
}
