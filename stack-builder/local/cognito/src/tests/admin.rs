//! Signed calls: users, groups, descriptions, and who may make them.

use super::{Bench, CLIENT, PASSWORD, POOL, SERVER, refused};
use serde_json::{Value, json};
use stack_builder_local_core::{Caller, Principal};

const ANN: &str = "ann@example.org";

fn role() -> Caller {
    let role = "arn:aws:iam::000000000000:role/handler";
    Caller::Principal(Principal::Role { role: role.into(), session: "handler".into() })
}

#[test]
fn a_seed_makes_a_user_who_signs_in() {
    let bench = Bench::new();
    let attributes =
        json!([{ "Name": "email_verified", "Value": "true" }, { "Name": "name", "Value": "Ann" }]);
    let made = json!({ "Username": ANN, "UserAttributes": attributes, "MessageAction": "SUPPRESS" });
    let user = bench.admin("AdminCreateUser", made.clone()).expect("made")["User"].clone();
    assert_eq!(user["UserStatus"], "FORCE_CHANGE_PASSWORD");
    refused(
        bench.admin("AdminCreateUser", made),
        "UsernameExistsException",
        "An account with the given email",
    );
    let update = json!({ "Username": ANN, "UserAttributes": [{ "Name": "name", "Value": "Ann B" }] });
    bench.admin("AdminUpdateUserAttributes", update).expect("changed");
    let password = json!({ "Username": ANN, "Password": PASSWORD, "Permanent": true });
    bench.admin("AdminSetUserPassword", password).expect("set");
    assert!(bench.world.journal.inbox().is_empty());
    bench.sign_in(ANN, PASSWORD).expect("signed in");
    let [access, ..] = bench.tokens(ANN);
    let told = bench.call("GetUser", json!({ "AccessToken": access })).expect("the user").to_string();
    assert!(
        told.contains(r#""Value":"Ann B""#) && told.contains(r#"{"Name":"email_verified","Value":"true"}"#),
        "{told}"
    );
}

#[test]
fn an_invitation_is_mailed() {
    let bench = Bench::new();
    let mediums = json!({ "Username": ANN, "DesiredDeliveryMediums": ["EMAIL"] });
    bench.admin("AdminCreateUser", mediums).expect("made");
    let mail = bench.world.journal.inbox().remove(0);
    assert!(mail.body.contains(ANN) && mail.body.contains(&bench.code(ANN)), "{mail:?}");
    assert_eq!(
        bench.sign_in(ANN, &bench.code(ANN)).expect("a challenge")["ChallengeName"],
        "NEW_PASSWORD_REQUIRED"
    );
}

#[test]
fn calls_are_judged_by_their_pool() {
    let bench = Bench::new();
    bench.user(ANN);
    let input = json!({ "UserPoolId": POOL, "Username": ANN });
    bench.call_as(role(), "AdminGetUser", input.clone()).expect("allowed");
    let told = format!("arn:aws:cognito-idp:us-east-1:000000000000:userpool/{POOL}");
    refused(bench.call_as(role(), "AdminDeleteUser", input.clone()), "AccessDeniedException", &told);
    for action in ["AdminGetUser", "ListUsers", "CreateGroup", "DescribeUserPool", "ListUserPools"] {
        let unsigned = bench.call_as(Caller::Anonymous, action, input.clone());
        refused(unsigned, "MissingAuthenticationTokenException", "");
    }
    let absent =
        bench.call_as(role(), "AdminGetUser", json!({ "UserPoolId": "us-east-1_x", "Username": ANN }));
    refused(absent, "ResourceNotFoundException", "User pool us-east-1_x does not exist.");
    refused(bench.admin("AdminDance", json!({})), "UnknownOperationException", "AdminDance");
}

#[test]
fn groups_come_and_go() {
    let bench = Bench::new();
    bench.user(ANN);
    bench.admin("CreateGroup", json!({ "GroupName": "readers", "Precedence": 5 })).expect("made");
    refused(bench.admin("CreateGroup", json!({ "GroupName": "editors" })), "GroupExistsException", "");
    for group in ["readers", "editors"] {
        bench.admin("AdminAddUserToGroup", json!({ "Username": ANN, "GroupName": group })).expect("a member");
    }
    let absent = bench.admin("AdminAddUserToGroup", json!({ "Username": ANN, "GroupName": "none" }));
    refused(absent, "ResourceNotFoundException", "Group not found.");
    let names = |answer: Value, list: &str, name: &str| {
        let all =
            answer[list].as_array().unwrap().iter().map(|entry| entry[name].as_str().unwrap().to_owned());
        all.collect::<Vec<_>>()
    };
    let of_user = || {
        names(
            bench.admin("AdminListGroupsForUser", json!({ "Username": ANN })).unwrap(),
            "Groups",
            "GroupName",
        )
    };
    assert_eq!(of_user(), ["editors", "readers"]);
    let members = bench.admin("ListUsersInGroup", json!({ "GroupName": "readers" })).unwrap();
    assert_eq!(members["Users"].as_array().map(Vec::len), Some(1));
    bench
        .admin("AdminRemoveUserFromGroup", json!({ "Username": ANN, "GroupName": "editors" }))
        .expect("removed");
    bench.admin("DeleteGroup", json!({ "GroupName": "readers" })).expect("deleted");
    assert!(of_user().is_empty());
    refused(
        bench.admin("DeleteGroup", json!({ "GroupName": "editors" })),
        "InvalidParameterException",
        "described by the stack",
    );
}

#[test]
fn users_are_listed_and_searched() {
    let bench = Bench::new();
    bench.user(ANN);
    bench.user("bob@example.org");
    let list = |filter: &str| {
        let answer = bench.admin("ListUsers", json!({ "Filter": filter })).expect("a list");
        answer["Users"].as_array().unwrap().len()
    };
    let found =
        [list(""), list(r#"email = "ann@example.org""#), list(r#"email ^= "b""#), list(r#"name = "Ann""#)];
    assert_eq!(found, [2, 1, 1, 0]);
    refused(bench.admin("ListUsers", json!({ "Filter": "nonsense" })), "InvalidParameterException", "filter");
    let page = bench.admin("ListUsers", json!({ "Limit": 1 })).unwrap();
    let next = bench.admin("ListUsers", json!({ "PaginationToken": page["PaginationToken"] })).unwrap();
    assert_ne!(page["Users"][0]["Username"], next["Users"][0]["Username"]);
    assert!(next["PaginationToken"].is_null());
}

#[test]
fn a_disabled_user_stays_out() {
    let bench = Bench::new();
    bench.user(ANN);
    let [access, _, refresh] = bench.tokens(ANN);
    bench.admin("AdminDisableUser", json!({ "Username": ANN })).expect("disabled");
    refused(bench.sign_in(ANN, PASSWORD), "NotAuthorizedException", "User is disabled.");
    let renew = bench.call("GetTokensFromRefreshToken", json!({ "RefreshToken": refresh }));
    refused(renew, "NotAuthorizedException", "");
    refused(bench.call("GetUser", json!({ "AccessToken": access })), "NotAuthorizedException", "");
    bench.admin("AdminEnableUser", json!({ "Username": ANN })).expect("enabled");
    bench.sign_in(ANN, PASSWORD).expect("signed in");
}

#[test]
fn pools_and_clients_are_described() {
    let bench = Bench::new();
    let pool = bench.admin("DescribeUserPool", json!({})).unwrap()["UserPool"].clone();
    assert_eq!((&pool["Id"], &pool["Domain"]), (&json!(POOL), &json!("app-dev")));
    let client = |id: &str| bench.admin("DescribeUserPoolClient", json!({ "ClientId": id })).unwrap();
    assert!(client(CLIENT)["UserPoolClient"]["ClientSecret"].is_null());
    assert_eq!(
        client(SERVER)["UserPoolClient"]["ClientSecret"].as_str(),
        bench.pools.client_secret(SERVER).as_deref()
    );
    let clients = bench.admin("ListUserPoolClients", json!({ "MaxResults": 60 })).unwrap();
    assert_eq!(clients["UserPoolClients"].as_array().map(Vec::len), Some(2));
    let pools = bench.admin("ListUserPools", json!({ "MaxResults": 10 })).unwrap();
    assert_eq!(pools["UserPools"][0]["Id"], POOL);
}

#[test]
fn nonsense_is_refused_politely() {
    let bench = Bench::new();
    let bodies =
        [json!([]), json!(1), json!({ "Username": 1 }), json!({ "Username": "x".repeat(200) }), json!({})];
    for body in bodies {
        let is_object = body.is_object();
        let mut call = body;
        if is_object {
            call["ClientId"] = json!(CLIENT);
            call["Password"] = json!(PASSWORD);
        }
        let answer = bench.call_as(Caller::Anonymous, "SignUp", call);
        refused(answer, if is_object { "InvalidParameterException" } else { "SerializationException" }, "");
    }
}

#[test]
fn names_are_one_user_each() {
    let bench = Bench::of(json!({ "AliasAttributes": ["email", "preferred_username"] }), json!({}));
    let make = |name: &str, email: &str| {
        let attributes =
            json!([{ "Name": "email", "Value": email }, { "Name": "email_verified", "Value": "true" }]);
        let made =
            bench.admin("AdminCreateUser", json!({ "Username": name, "UserAttributes": attributes }))?;
        let sub = made["User"]["Attributes"][0]["Value"].as_str().unwrap().to_owned();
        let password = json!({ "Username": name, "Password": PASSWORD, "Permanent": true });
        bench.admin("AdminSetUserPassword", password).map(|_| sub)
    };
    let sub = make("ann", ANN).expect("made");
    for taken in ["ann", &sub] {
        refused(
            make(taken, "x@y.z").map(Value::from),
            "UsernameExistsException",
            "User account already exists",
        );
    }
    refused(make(ANN, "x@y.z").map(Value::from), "InvalidParameterException", "email alias");
    make("Ann", "b@example.org").expect("another user where case tells them apart");
    for name in ["ann", ANN, &sub] {
        let answer = bench.sign_in(name, PASSWORD).expect("signed in");
        assert!(answer["AuthenticationResult"]["AccessToken"].is_string(), "{name}");
    }
}
