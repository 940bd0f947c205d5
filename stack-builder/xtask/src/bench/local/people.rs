//! Who uses the applications: a captain with a session, and somebody with a token.

use super::client::Request;
use super::process::Local;
use crate::process::{output, program};
use anyhow::Context as _;
use serde_json::{Value, json};

const PASSWORD: &str = "Correct-horse-7-battery";
const EMAIL: &str = "ada@example.org";

/// Logs picard in; the value of the header `cookie`. A session lasts for a minute.
pub(super) fn session(local: &mut Local) -> anyhow::Result<String> {
    let url = format!("{}/api/login", local.output("captains-log", "SiteUrl")?);
    let body = json!({ "userName": "picard", "password": "makeitso" }).to_string();
    let answer = Request::new("POST", &url, &[("content-type", "application/json")], &body).once()?;
    let cookie = answer.header("set-cookie").with_context(|| format!("no session: {answer:?}"))?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// Somebody who is signed in.
pub(super) struct Person {
    /// The value of the header `authorization`.
    pub(super) token: String,
    pub(super) subject: String,
}

/// Signs somebody up at the user pool of `stack`, and in by Amazon's client for browsers.
pub(super) fn signed_in(local: &mut Local, stack: &str) -> anyhow::Result<Person> {
    let subject =
        client(local, stack, &["sign-up", EMAIL, PASSWORD])?["sub"].as_str().unwrap_or_default().to_owned();
    let code =
        local.event("mail", |event| event["to"] == EMAIL)?.1["code"].as_str().unwrap_or_default().to_owned();
    client(local, stack, &["confirm", EMAIL, &code])?;
    let tokens = client(local, stack, &["sign-in", EMAIL, PASSWORD])?;
    Ok(Person { token: format!("Bearer {}", tokens["id"].as_str().unwrap_or_default()), subject })
}

fn client(local: &mut Local, stack: &str, arguments: &[&str]) -> anyhow::Result<Value> {
    let outputs = outputs(local, stack)?;
    let [pool, client] = ["UserPoolId", "ClientId"].map(|name| outputs[name].as_str().unwrap_or_default());
    let mut node = program("node");
    node.arg("tests/clients/cognito.mjs").arg(crate::tools::root().join("node"));
    node.arg(local.endpoint()?).args([pool, client]).args(arguments);
    let answer: Value = serde_json::from_str(&output(&mut node, crate::tools::NODE)?)?;
    Ok(answer.get("ok").with_context(|| format!("{arguments:?}: {answer}"))?.clone())
}

/// What a stack says about itself, as its user would ask.
fn outputs(local: &mut Local, stack: &str) -> anyhow::Result<Value> {
    let mut command = program(&local.program);
    command
        .args(["outputs", "--json", stack, "--region", "us-east-1"])
        .env("AWS_ENDPOINT_URL", local.endpoint()?);
    command.env("AWS_ACCESS_KEY_ID", "local").env("AWS_SECRET_ACCESS_KEY", "local");
    let answer: Value = serde_json::from_str(&output(&mut command, "build it")?)?;
    Ok(answer[stack].clone())
}
