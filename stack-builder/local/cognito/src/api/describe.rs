//! Calls that describe pools and clients.

use super::list::page;
use super::{AdminCall, Handlers};
use crate::client::Client;
use crate::errors::{Result, no_client};
use crate::input::Input;
use crate::pool::Pool;
use crate::pools::Pools;
use serde_json::{Value, json};

pub(super) const HANDLERS: Handlers<AdminCall> = &[
    ("DescribeUserPool", |call| Ok(describe_pool(call))),
    ("DescribeUserPoolClient", describe_client),
    ("ListUserPoolClients", list_clients),
];

/// Properties that the API names as the template does.
const POOL: &[&str] = &[
    "Policies",
    "DeletionProtection",
    "AutoVerifiedAttributes",
    "AliasAttributes",
    "UsernameAttributes",
    "UsernameConfiguration",
    "AdminCreateUserConfig",
    "AccountRecoverySetting",
    "VerificationMessageTemplate",
    "MfaConfiguration",
    "LambdaConfig",
    "UserPoolTags",
];
const CLIENT: &[&str] = &[
    "RefreshTokenValidity",
    "AccessTokenValidity",
    "IdTokenValidity",
    "TokenValidityUnits",
    "ReadAttributes",
    "WriteAttributes",
    "ExplicitAuthFlows",
    "SupportedIdentityProviders",
    "CallbackURLs",
    "LogoutURLs",
    "DefaultRedirectURI",
    "AllowedOAuthFlows",
    "AllowedOAuthScopes",
    "AllowedOAuthFlowsUserPoolClient",
    "PreventUserExistenceErrors",
    "EnableTokenRevocation",
    "AuthSessionValidity",
    "RefreshTokenRotation",
];

fn copied(from: &Value, names: &[&str], into: &mut Value) {
    for name in names.iter().filter(|name| !from[**name].is_null()) {
        into[*name] = from[*name].clone();
    }
}

fn describe_pool(call: &AdminCall) -> Value {
    let definition = &call.pool.definition;
    let mut shape = json!({
        "Id": definition.id, "Arn": definition.arn, "Name": definition.name(),
        "EstimatedNumberOfUsers": call.pool.users().len(),
    });
    copied(&definition.properties, POOL, &mut shape);
    // Here the API has another name: Schema describes, SchemaAttributes tells.
    copied(
        &json!({ "SchemaAttributes": definition.properties["Schema"] }),
        &["SchemaAttributes"],
        &mut shape,
    );
    if let Some(domain) = definition.domains.first() {
        shape[if domain.contains('.') { "CustomDomain" } else { "Domain" }] = json!(domain);
    }
    json!({ "UserPool": shape })
}

fn describe_client(call: &AdminCall) -> Result<Value> {
    let id = call.input.required("ClientId")?;
    let client = call.pool.client(id).ok_or_else(|| no_client(id))?;
    let mut shape = brief(&call.pool, client);
    copied(&client.properties, CLIENT, &mut shape);
    if let Some(secret) = call.pool.secret(client)? {
        shape["ClientSecret"] = json!(secret);
    }
    Ok(json!({ "UserPoolClient": shape }))
}

fn brief(pool: &Pool, client: &Client) -> Value {
    json!({ "ClientId": client.id, "UserPoolId": pool.definition.id, "ClientName": client.name })
}

fn list_clients(call: &AdminCall) -> Result<Value> {
    let all = call.pool.definition.clients.values().map(|client| brief(&call.pool, client)).collect();
    page(&call.input, "UserPoolClients", all, ("MaxResults", "NextToken"))
}

pub(super) fn list_pools(pools: &Pools, input: &Input) -> Result<Value> {
    let shape = |pool: &Pool| json!({ "Id": pool.definition.id, "Name": pool.definition.name() });
    let all = pools.all().iter().map(|pool| shape(pool)).collect();
    page(input, "UserPools", all, ("MaxResults", "NextToken"))
}
