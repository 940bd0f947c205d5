//! Signing up, confirming, forgetting.

use super::{Bench, PASSWORD, pool_properties, refused};
use serde_json::json;

const ANN: &str = "ann@example.org";

#[test]
fn signs_up_with_the_mailed_code_only() {
    let bench = Bench::new();
    let sign_up = |email: &str, password: &str| {
        bench.call("SignUp", json!({ "Username": email, "Password": password }))
    };
    refused(sign_up(ANN, "short"), "InvalidPasswordException", "Password not long enough");
    refused(sign_up("ann", PASSWORD), "InvalidParameterException", "Username should be an email.");
    let answer = sign_up(ANN, PASSWORD).expect("signed up");
    assert_eq!(answer["CodeDeliveryDetails"]["Destination"], "a***@e***");
    refused(sign_up("Ann@Example.org", PASSWORD), "UsernameExistsException", "already exists");
    refused(bench.sign_in(ANN, PASSWORD), "UserNotConfirmedException", "User is not confirmed.");

    let confirm =
        |code: &str| bench.call("ConfirmSignUp", json!({ "Username": ANN, "ConfirmationCode": code }));
    let code = bench.code(ANN);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    refused(confirm(wrong), "CodeMismatchException", "Invalid verification code provided");
    confirm(&code).expect("confirmed");
    refused(confirm(&code), "NotAuthorizedException", "Current status is CONFIRMED");
    let user = bench.admin("AdminGetUser", json!({ "Username": ANN })).unwrap();
    let attributes = user["UserAttributes"].to_string();
    assert!(attributes.contains(r#"{"Name":"email_verified","Value":"true"}"#), "{attributes}");
    assert_eq!((&user["Username"], &user["UserStatus"]), (&answer["UserSub"], &json!("CONFIRMED")));
}

#[test]
fn a_code_ends_by_time_and_by_guesses() {
    let bench = Bench::new();
    bench.call("SignUp", json!({ "Username": ANN, "Password": PASSWORD })).unwrap();
    let confirm =
        |code: &str| bench.call("ConfirmSignUp", json!({ "Username": ANN, "ConfirmationCode": code }));
    (0..5).for_each(|_| refused(confirm("x"), "CodeMismatchException", ""));
    refused(confirm(&bench.code(ANN)), "LimitExceededException", "Attempt limit exceeded");
    bench.call("ResendConfirmationCode", json!({ "Username": ANN })).expect("another code");
    bench.pass(24 * 3600);
    refused(confirm(&bench.code(ANN)), "ExpiredCodeException", "request a code again");
    bench.call("ResendConfirmationCode", json!({ "Username": ANN })).expect("another code");
    confirm(&bench.code(ANN)).expect("confirmed");
}

#[test]
fn codes_are_not_mailed_without_end() {
    let bench = Bench::new();
    bench.user(ANN);
    let forgot = || bench.call("ForgotPassword", json!({ "Username": ANN }));
    (0..19).for_each(|_| drop(forgot().expect("a code")));
    refused(forgot(), "LimitExceededException", "");
    bench.pass(3600);
    forgot().expect("a code");
}

#[test]
fn sets_a_forgotten_password() {
    let bench = Bench::new();
    bench.user(ANN);
    let new = "Another-horse-8-battery";
    bench.call("ForgotPassword", json!({ "Username": "ANN@example.org" })).expect("a code");
    let set = |code: &str, password: &str| {
        let input = json!({ "Username": ANN, "ConfirmationCode": code, "Password": password });
        bench.call("ConfirmForgotPassword", input)
    };
    refused(set(&bench.code(ANN), "weak"), "InvalidPasswordException", "");
    refused(set("nothing", new), "CodeMismatchException", "");
    set(&bench.code(ANN), new).expect("set");
    refused(set(&bench.code(ANN), PASSWORD), "ExpiredCodeException", "");
    refused(bench.sign_in(ANN, PASSWORD), "NotAuthorizedException", "Incorrect username or password.");
    bench.sign_in(ANN, new).expect("signed in");
}

#[test]
fn nobody_learns_who_has_an_account() {
    let bench = Bench::new();
    let forgot = bench.call("ForgotPassword", json!({ "Username": ANN })).expect("as if");
    assert_eq!(forgot["CodeDeliveryDetails"]["Destination"], "a***@e***");
    let nobody = json!({ "Username": ANN, "ConfirmationCode": "123456", "Password": PASSWORD });
    for action in ["ConfirmSignUp", "ConfirmForgotPassword"] {
        refused(bench.call(action, nobody.clone()), "ExpiredCodeException", "");
    }
    assert!(bench.world.journal.inbox().is_empty());
    let tells = Bench::of(pool_properties(), json!({ "PreventUserExistenceErrors": "LEGACY" }));
    for action in ["ForgotPassword", "ConfirmSignUp", "ConfirmForgotPassword", "ResendConfirmationCode"] {
        refused(tells.call(action, nobody.clone()), "UserNotFoundException", "User does not exist.");
    }
}

#[test]
fn attributes_are_checked_and_changed() {
    let bench = Bench::new();
    let with = |name: &str, value: &str| {
        let attributes = json!([{ "Name": name, "Value": value }]);
        bench.call("SignUp", json!({ "Username": ANN, "Password": PASSWORD, "UserAttributes": attributes }))
    };
    refused(with("shoe", "44"), "InvalidParameterException", "Attribute does not exist in the schema");
    refused(with("email", "bob@example.org"), "InvalidParameterException", "does not match username");
    refused(with("email_verified", "true"), "NotAuthorizedException", "unauthorized attribute");
    refused(with("name", &"x".repeat(2049)), "InvalidParameterException", "longer than 2048");
    bench.user(ANN);
    bench.user("bob@example.org");
    let [access, ..] = bench.tokens(ANN);
    let change = |name: &str, value: &str| {
        let attributes = json!([{ "Name": name, "Value": value }]);
        bench.call("UpdateUserAttributes", json!({ "AccessToken": access, "UserAttributes": attributes }))
    };
    refused(change("email", "BOB@example.org"), "AliasExistsException", "already exists");
    refused(change("email_verified", "true"), "NotAuthorizedException", "unauthorized attribute");
    refused(change("sub", "x"), "InvalidParameterException", "");
    let sent = change("email", "ann@example.com").expect("changed");
    assert_eq!(sent["CodeDeliveryDetailsList"][0]["AttributeName"], "email");
    let verify =
        json!({ "AccessToken": access, "AttributeName": "email", "Code": bench.code("ann@example.com") });
    bench.call("VerifyUserAttribute", verify.clone()).expect("verified");
    refused(bench.call("VerifyUserAttribute", verify), "ExpiredCodeException", "");
    bench.sign_in("ann@example.com", PASSWORD).expect("signed in by the new address");
}

#[test]
fn only_administrators_make_accounts_where_the_pool_says_so() {
    let mut pool = pool_properties();
    pool["AdminCreateUserConfig"] = json!({ "AllowAdminCreateUserOnly": true });
    let bench = Bench::of(pool, json!({}));
    let answer = bench.call("SignUp", json!({ "Username": ANN, "Password": PASSWORD }));
    refused(answer, "NotAuthorizedException", "SignUp is not permitted for this user pool");
}
