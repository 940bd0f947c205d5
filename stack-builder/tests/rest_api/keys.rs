//! API keys and secrets.

use crate::{properties, template};
use serde_json::json;
use stack_builder::{Cors, Function, RestApi, Secret, SecretRef, UsagePlan, get};

#[test]
fn a_key_is_a_reference_to_a_secret_and_every_method_asks_for_it() {
    let template = template(|stack| {
        let work = stack.add("Work", Function::rust("work"));
        let door = stack.add("Door", Secret::generated());
        let plan = UsagePlan::new().rate(50).burst(100).per_day(100_000);
        let api = RestApi::new()
            .cors(Cors::origins(["https://example.org"]))
            .require_key(door.value())
            .usage_plan(plan)
            .route("/item", get(&work).public());
        stack.add("Api", api);
        stack.add("Plain", RestApi::new().require_key(door.value()).route("/item", get(&work)));
    });
    let value = json!({"Fn::Sub": "{{resolve:secretsmanager:${Door}:SecretString}}"});
    let key = properties(&template, "ApiKey");
    assert_eq!((&key["Value"], &key["GenerateDistinctId"]), (&value, &json!(true)));
    assert_eq!(properties(&template, "ApiGetItem")["ApiKeyRequired"], true);
    assert!(properties(&template, "ApiOptionsItem").get("ApiKeyRequired").is_none());
    let plan = properties(&template, "ApiUsagePlan");
    assert_eq!(plan["ApiStages"], json!([{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "ApiStage"}}]));
    assert_eq!(plan["Throttle"], json!({"RateLimit": 50.0, "BurstLimit": 100}));
    assert_eq!(plan["Quota"], json!({"Limit": 100_000, "Period": "DAY"}));
    let tie = properties(&template, "PlainUsagePlanKey");
    assert_eq!(tie["KeyId"], json!({"Ref": "PlainKey"}));
    assert!(properties(&template, "PlainUsagePlan").get("Throttle").is_none());
    let door = properties(&template, "Door");
    assert_eq!(door["GenerateSecretString"], json!({"ExcludePunctuation": true, "PasswordLength": 40}));
}

#[test]
fn secrets_stay_unless_they_can_be_made_up_again() {
    let template = template(|stack| {
        let passwords = stack.add("Passwords", Secret::new().description("Demonstration users"));
        stack.add("Door", Secret::generated_as(|value| value.password_length(64)));
        let old = SecretRef::from_name("old");
        stack.add("Work", Function::rust("work").grant(passwords.read()).grant(old.read()));
        stack.output("Field", passwords.arn());
    });
    assert_eq!(template["Resources"]["Passwords"]["DeletionPolicy"], "RetainExceptOnCreate");
    assert_eq!(*properties(&template, "Passwords"), json!({"Description": "Demonstration users"}));
    assert_eq!(template["Resources"]["Door"]["DeletionPolicy"], "Delete");
    assert_eq!(properties(&template, "Door")["GenerateSecretString"], json!({"PasswordLength": 64}));
    let statements = &properties(&template, "WorkRole")["Policies"][0]["PolicyDocument"]["Statement"];
    assert_eq!(
        statements[1],
        json!({"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": {"Ref": "Passwords"}})
    );
    let old = statements[2]["Resource"]["Fn::Sub"].as_str().unwrap();
    assert!(old.ends_with(":secret:old-??????"), "{old}");
}
