//! Amazon's own clients for browsers, as they are published: signing up and in, and checking tokens.

use super::super::person::{PASSWORD, Person, accounts};
use super::super::shared::{aws, local};

const OTHER: &str = "Another-horse-8-battery";

#[test]
fn signing_up_takes_the_code_of_the_mail() {
    let local = local();
    let accounts = accounts(&local, &aws(&local), "todo");
    let refused = |command, arguments: &[&str]| match arguments {
        [one] => accounts.try_call(command, [one]),
        [one, two] => accounts.try_call(command, [one, two]),
        _ => panic!("{arguments:?}"),
    };
    let code = |command, arguments: &[&str]| refused(command, arguments).expect_err(command).code;
    let email = "ada@example.org";
    assert_eq!(code("sign-up", &[email, "short"]), "InvalidPasswordException");
    assert_eq!(code("sign-up", &["no address", PASSWORD]), "InvalidParameterException");
    accounts.call("sign-up", [email, PASSWORD]);
    assert_eq!(code("sign-up", &[email, PASSWORD]), "UsernameExistsException");
    assert_eq!(code("sign-in", &[email, PASSWORD]), "UserNotConfirmedException");
    let first = local.code_for(email);
    let wrong = if first == "123456" { "654321" } else { "123456" };
    assert_eq!(code("confirm", &[email, wrong]), "CodeMismatchException");
    accounts.call("resend-code", [email]);
    let is_another = |event: &serde_json::Value| {
        event["event"] == "mail" && event["to"] == email && event["code"].as_str() != Some(first.as_str())
    };
    let second = local.event("another mail", is_another)["code"].as_str().unwrap_or_default().to_owned();
    accounts.call("confirm", [email, &second]);
    assert_eq!(code("sign-in", &[email, OTHER]), "NotAuthorizedException");
    assert_eq!(code("sign-in", &["nobody@example.org", OTHER]), "NotAuthorizedException", "nobody is told");
    accounts.call("sign-in", [email, PASSWORD]);
}

#[test]
fn passwords_are_changed_and_forgotten() {
    let local = local();
    let person = Person::signed_up(&local, &aws(&local), "todo", "grace@example.org");
    let (accounts, email) = (&person.accounts, person.email.as_str());
    let first_mail = local.code_for(email);
    accounts.call("change-password", [email, PASSWORD, OTHER]);
    let old = accounts.try_call("sign-in", [email, PASSWORD]).expect_err("the old one");
    assert_eq!(old.code, "NotAuthorizedException");

    accounts.call("forget-password", [email]);
    let reset = |event: &serde_json::Value| {
        event["event"] == "mail" && event["to"] == email && event["code"] != first_mail.as_str()
    };
    let code = local.event("the mail to reset it", reset)["code"].as_str().unwrap_or_default().to_owned();
    let weak = accounts.try_call("reset-password", [email, &code, "short"]).expect_err("a weak one");
    assert_eq!(weak.code, "InvalidPasswordException");
    accounts.call("reset-password", [email, &code, PASSWORD]);
    accounts.call("sign-in", [email, PASSWORD]);
    let again = accounts.try_call("reset-password", [email, &code, OTHER]).expect_err("it is used up");
    assert_eq!(again.code, "ExpiredCodeException");
}

#[test]
fn tokens_are_refreshed_until_they_are_revoked() {
    let local = local();
    let person = Person::signed_up(&local, &aws(&local), "todo", "alan@example.org");
    let (accounts, email) = (&person.accounts, person.email.as_str());
    let fresh = accounts.call("refresh", [email, person.token("refresh")]);
    let claims = accounts.call("verify", [fresh["id"].as_str().unwrap_or_default(), "id"]);
    assert_eq!(claims["email"], email);
    let attributes = accounts.call("rename", [email, PASSWORD, "Alan"]);
    assert_eq!((&attributes["name"], &attributes["email"]), (&"Alan".into(), &email.into()));
    accounts.call("sign-out-everywhere", [email, PASSWORD]);
    let revoked = accounts.try_call("refresh", [email, person.token("refresh")]).expect_err("signed out");
    assert_eq!(revoked.code, "NotAuthorizedException");
    accounts.call("delete", [email, PASSWORD]);
    let gone = accounts.try_call("sign-in", [email, PASSWORD]).expect_err("deleted");
    assert_eq!(gone.code, "NotAuthorizedException");
}

#[test]
fn tokens_are_verified_by_the_published_keys() {
    let local = local();
    let person = Person::signed_up(&local, &aws(&local), "todo", "edsger@example.org");
    let accounts = &person.accounts;
    let claims = accounts.call("verify", [person.token("id"), "id"]);
    let region = &local.ready()["environment"]["AWS_REGION"].as_str().unwrap_or_default().to_owned();
    assert_eq!(claims["iss"], format!("https://cognito-idp.{region}.amazonaws.com/{}", accounts.pool));
    assert_eq!(
        (&claims["email"], &claims["aud"]),
        (&person.email.as_str().into(), &accounts.client.as_str().into())
    );
    let access = accounts.call("verify", [person.token("access"), "access"]);
    assert_eq!((&access["client_id"], &access["sub"]), (&accounts.client.as_str().into(), &claims["sub"]));
    let refuses = |token: &str, kind: &str| {
        let refused = accounts.try_call("verify", [token, kind]);
        assert!(refused.is_err(), "{kind}: {refused:?}");
    };
    refuses(person.token("id"), "access");
    refuses(person.token("access"), "id");
    let (start, signature) = person.token("id").rsplit_once('.').expect("three parts");
    let forged: String = signature.chars().rev().collect();
    refuses(&format!("{start}.{forged}"), "id");
    assert_eq!(person.items(), [] as [&str; 0], "the API takes it as well");
}
