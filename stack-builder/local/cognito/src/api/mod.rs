//! The API of Cognito user pools: who may call what.

mod account;
mod admin;
mod auth;
mod describe;
mod groups;
mod list;
mod own;

use crate::client::Client;
use crate::errors::{Result, not_authorized};
use crate::input::Input;
use crate::pool::Pool;
use crate::pools::Pools;
use crate::token;
use crate::user::User;
pub(crate) use admin::create_described_user;
use serde_json::Value;
use stack_builder_local_core::{
    Answer, Api, ApiCall, ApiError, Ask, Caller, Decision, Layer, ResourceId, Response, full,
};
use std::sync::Arc;

/// Longest body of a call.
const LONGEST: usize = 1 << 20;

/// A call for a client, which needs no signature.
pub(crate) struct ClientCall {
    pub(crate) pool: Arc<Pool>,
    pub(crate) client: Arc<Client>,
    pub(crate) input: Input,
}

/// A call of a user with an access token.
pub(crate) struct OwnCall {
    pub(crate) pool: Arc<Pool>,
    pub(crate) user: User,
    pub(crate) claims: Value,
    pub(crate) input: Input,
}

/// A signed call on a pool.
pub(crate) struct AdminCall {
    pub(crate) pool: Arc<Pool>,
    pub(crate) input: Input,
}

type Handlers<C> = &'static [(&'static str, fn(&C) -> Result<Value>)];

impl Api for Pools {
    fn call(&self, call: ApiCall) -> Answer<'_> {
        let answer = answer(self, &call);
        Box::pin(std::future::ready(answer))
    }
}

/// Headers for pages of other origins, on every answer: browsers call Cognito directly.
pub const CORS: &[(&str, &str)] = &[
    ("access-control-allow-origin", "*"),
    ("access-control-expose-headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"),
];

/// Headers that answer a browser's preflight request (`OPTIONS`).
pub const PREFLIGHT: &[(&str, &str)] = &[
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "POST"),
    (
        "access-control-allow-headers",
        "authorization,cache-control,content-type,x-amz-content-sha256,x-amz-date,x-amz-security-token,x-amz-target,\
         x-amz-user-agent,amz-sdk-invocation-id,amz-sdk-request",
    ),
    ("access-control-max-age", "172800"),
];

fn answer(pools: &Pools, call: &ApiCall) -> Response {
    let input = if call.body.len() > LONGEST { Err(too_large()) } else { Input::parse(&call.body) };
    let resource = input.as_ref().ok().and_then(|input| resource(pools, input));
    let span =
        call.trace.step(Layer::Service, resource.as_ref(), format!("cognito-idp:{:.64}", call.action()));
    let result = input.and_then(|input| dispatch(pools, call, input));
    span.end(result.as_ref().map_or_else(|error| error.code.as_str(), |_| "200"));
    let mut response = match result {
        Ok(value) => full(200, "application/x-amz-json-1.1", value.to_string()),
        Err(error) => error.json(),
    };
    for (name, value) in CORS {
        response.headers_mut().insert(*name, http::HeaderValue::from_static(value));
    }
    response
}

fn too_large() -> ApiError {
    ApiError { status: 413, ..ApiError::new("RequestEntityTooLargeException", "The request is too large") }
}

/// The pool that a call is about, as the trace shows it.
fn resource(pools: &Pools, input: &Input) -> Option<ResourceId> {
    let by_id = input.optional("UserPoolId").and_then(|id| pools.pool(id).ok());
    let by_client = || Some(pools.client(input.optional("ClientId")?).ok()?.0);
    let by_token = || pools.of_issuer(&token::issuer(input.optional("AccessToken")?)?);
    by_id.or_else(by_client).or_else(by_token).map(|pool| pool.definition.resource.clone())
}

fn dispatch(pools: &Pools, call: &ApiCall, input: Input) -> Result<Value> {
    let action = call.action();
    for handlers in [account::HANDLERS, auth::HANDLERS] {
        if let Some(handler) = find(handlers, action) {
            let (pool, client) = pools.client(input.required("ClientId")?)?;
            return handler(&ClientCall { pool, client, input });
        }
    }
    if let Some(handler) = find(own::HANDLERS, action) {
        return handler(&own_call(pools, input)?);
    }
    for handlers in [admin::HANDLERS, auth::ADMIN, groups::HANDLERS, list::HANDLERS, describe::HANDLERS] {
        if let Some(handler) = find(handlers, action) {
            return handler(&admin_call(pools, call, action, input)?);
        }
    }
    if action == "ListUserPools" {
        authorize(pools, &call.caller, action, "*")?;
        return describe::list_pools(pools, &input);
    }
    let told = format!("`{action}` of Cognito user pools is not answered on this machine");
    Err(ApiError::new("UnknownOperationException", told))
}

fn find<C>(handlers: Handlers<C>, action: &str) -> Option<fn(&C) -> Result<Value>> {
    handlers.iter().find(|(name, _)| *name == action).map(|(_, handler)| *handler)
}

fn own_call(pools: &Pools, input: Input) -> Result<OwnCall> {
    let access = input.required("AccessToken")?;
    let pool = token::issuer(access).and_then(|issuer| pools.of_issuer(&issuer));
    let pool = pool.ok_or_else(|| not_authorized("Invalid Access Token"))?;
    let (user, claims) = token::owner(&pool, access, token::SELF)?;
    Ok(OwnCall { pool, user, claims, input })
}

fn admin_call(pools: &Pools, call: &ApiCall, action: &str, input: Input) -> Result<AdminCall> {
    if call.caller == Caller::Anonymous {
        return Err(ApiError::new("MissingAuthenticationTokenException", "Missing Authentication Token"));
    }
    let id = input.required("UserPoolId")?;
    let pool = pools.pool(id);
    let world = &pools.0.world;
    // Who may not call does not learn whether the pool is there.
    let absent = format!("arn:aws:cognito-idp:{}:{}:userpool/{id}", world.region, world.account);
    let arn = pool.as_ref().map_or(absent.as_str(), |pool| &pool.definition.arn);
    authorize(pools, &call.caller, action, arn)?;
    Ok(AdminCall { pool: pool?, input })
}

fn authorize(pools: &Pools, caller: &Caller, action: &str, arn: &str) -> Result<()> {
    if *caller == Caller::Anonymous {
        return Err(ApiError::new("MissingAuthenticationTokenException", "Missing Authentication Token"));
    }
    match pools.0.authorizer.judge(&Ask::new(caller, &format!("cognito-idp:{action}"), arn)) {
        Decision::Allowed => Ok(()),
        Decision::Denied { message, .. } => Err(ApiError::new("AccessDeniedException", message)),
    }
}
