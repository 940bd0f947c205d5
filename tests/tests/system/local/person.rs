//! Somebody with an account, who uses an application's API as its page does.

use serde_json::{Value, json};
use stack_builder_tests::{Accounts, Aws, Http, Local, Response};
use std::path::Path;

/// A password that every pool here takes.
pub(super) const PASSWORD: &str = "Correct-horse-7-battery";

/// Somebody who is signed in.
pub(super) struct Person {
    pub(super) email: String,
    pub(super) accounts: Accounts,
    /// The tokens, as `clients/account.mjs` gives them.
    pub(super) tokens: Value,
    pub(super) http: Http,
    api: String,
}

impl Person {
    /// Signs up at the pool of a stack, confirms by the code of the mail, and signs in.
    #[track_caller]
    pub(super) fn signed_up(local: &Local, aws: &Aws, stack: &str, email: &str) -> Self {
        Self::enters(local, accounts(local, aws, stack), stack, email, Http::plain(), true)
    }

    /// The same where a certificate is to be trusted.
    #[track_caller]
    pub(super) fn signed_up_by_tls(local: &Local, aws: &Aws, stack: &str, authority: &Path) -> Self {
        let accounts = Accounts { authority: Some(authority.to_owned()), ..accounts(local, aws, stack) };
        Self::enters(local, accounts, stack, "ada@example.org", Http::trusting(authority), true)
    }

    /// Somebody who has signed up before, also in an earlier run.
    #[track_caller]
    pub(super) fn signed_in(local: &Local, aws: &Aws, stack: &str, email: &str) -> Self {
        Self::enters(local, accounts(local, aws, stack), stack, email, Http::plain(), false)
    }

    #[track_caller]
    fn enters(local: &Local, accounts: Accounts, stack: &str, email: &str, http: Http, is_new: bool) -> Self {
        if is_new {
            accounts.call("sign-up", [email, PASSWORD]);
            accounts.call("confirm", [email, &local.code_for(email)]);
        }
        let tokens = accounts.call("sign-in", [email, PASSWORD]);
        Self { email: email.to_owned(), accounts, tokens, api: local.url(stack, "ApiUrl"), http }
    }

    /// Sends a request with the id token.
    #[track_caller]
    pub(super) fn send(&self, method: &str, path: &str, body: &str) -> Response {
        let token = format!("Bearer {}", self.token("id"));
        let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
        self.http.send(method, &format!("{}{path}", self.api), &headers, body)
    }

    /// A token: `id`, `access` or `refresh`.
    pub(super) fn token(&self, kind: &str) -> &str {
        self.tokens[kind].as_str().unwrap_or_default()
    }

    /// Adds to the to-do list; the new item.
    #[track_caller]
    pub(super) fn adds(&self, item: &str) -> Value {
        let answer = self.send("POST", "/item", &json!({ "item": item }).to_string());
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()
    }

    /// The texts of the to-do list.
    #[track_caller]
    pub(super) fn items(&self) -> Vec<String> {
        let answer = self.send("GET", "/item", "");
        assert_eq!(answer.status, 200, "{answer:?}");
        let items = answer.json()["items"].as_array().cloned().unwrap_or_default();
        items.iter().filter_map(|item| item["item"].as_str()).map(str::to_owned).collect()
    }
}

/// The accounts of a stack's pool.
#[track_caller]
pub(super) fn accounts(local: &Local, aws: &Aws, stack: &str) -> Accounts {
    let outputs = outputs(aws, &deployed_as(aws, stack));
    let text =
        |name: &str| outputs[name].as_str().unwrap_or_else(|| panic!("no {name} in {outputs}")).to_owned();
    Accounts {
        endpoint: local.endpoint(),
        pool: text("UserPoolId"),
        client: text("ClientId"),
        authority: None,
    }
}

/// What CloudFormation calls a stack, whatever the stage.
#[track_caller]
pub(super) fn deployed_as(aws: &Aws, stack: &str) -> String {
    let stacks = aws.call("cloudformation", "describe_stacks", json!({}))["Stacks"].take();
    let name = |found: &Value| {
        let tags = found["Tags"].as_array()?;
        let stage = tags.iter().find(|tag| tag["Key"] == "stack-builder:stage")?["Value"].as_str()?;
        Some(format!("{stack}-{stage}")).filter(|name| found["StackName"] == name.as_str())
    };
    let mut names = stacks.as_array().into_iter().flatten().filter_map(name);
    names.next().unwrap_or_else(|| panic!("no {stack} in {stacks}"))
}

/// The outputs of a stack, by the name that CloudFormation has for it.
#[track_caller]
pub(super) fn outputs(aws: &Aws, stack: &str) -> Value {
    let stacks = aws.call("cloudformation", "describe_stacks", json!({ "StackName": stack }));
    let outputs = stacks["Stacks"][0]["Outputs"].as_array().cloned().unwrap_or_default();
    let pair = |output: &Value| {
        (output["OutputKey"].as_str().unwrap_or_default().to_owned(), output["OutputValue"].clone())
    };
    outputs.iter().map(pair).collect()
}

/// The physical id of a resource.
#[track_caller]
pub(super) fn physical_id(aws: &Aws, stack: &str, logical_id: &str) -> String {
    let asked = json!({ "StackName": stack, "LogicalResourceId": logical_id });
    let found = aws.call("cloudformation", "describe_stack_resource", asked);
    let id = found["StackResourceDetail"]["PhysicalResourceId"].as_str();
    id.unwrap_or_else(|| panic!("no physical id in {found}")).to_owned()
}
