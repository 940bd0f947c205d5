//! Who sends a request, and whether the policies let them.

use crate::actions;
use crate::buckets::{Bucket, Inner};
use crate::presigned;
use async_trait::async_trait;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::{S3Error, S3Result, s3_error};
use stack_builder_local_core::{Ask, Caller, Credentials, Decision, Layer, Span, Trace};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Asks identities and policies.
pub(crate) struct Guard(pub(crate) Arc<Inner>);

/// What was found out of a request on its way, for the end of it and for operations that ask more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found(Arc<Mutex<FoundInner>>);

#[derive(Debug, Default)]
struct FoundInner {
    caller: Option<Caller>,
    context: BTreeMap<String, Vec<String>>,
    span: Option<Span>,
}

impl Found {
    fn set(&self, caller: Caller, context: BTreeMap<String, Vec<String>>, span: Span) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *inner = FoundInner { caller: Some(caller), context, span: Some(span) };
    }

    /// The caller and the conditions that the request meets.
    pub(crate) fn who(&self) -> (Caller, BTreeMap<String, Vec<String>>) {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (inner.caller.clone().unwrap_or(Caller::Anonymous), inner.context.clone())
    }

    /// Ends the step of the trace.
    pub(crate) fn end(&self, status: u16) {
        let span = self.0.lock().unwrap_or_else(PoisonError::into_inner).span.take();
        if let Some(span) = span {
            span.end(if status == 403 { "denied".to_owned() } else { status.to_string() });
        }
    }
}

#[async_trait]
impl S3Auth for Guard {
    async fn get_secret_key(&self, access_key: &str) -> S3Result<SecretKey> {
        self.0.credentials(access_key).map(|credentials| credentials.secret_key.into())
    }
}

#[async_trait]
impl S3Access for Guard {
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        let operation = cx.s3_op().name().to_owned();
        let bucket = cx.s3_path().get_bucket_name().map(str::to_owned);
        let key = cx.s3_path().get_object_key().map(str::to_owned);
        let context = actions::context(cx.uri(), cx.headers());
        let further = actions::further(&operation, cx.headers());
        let of_version = actions::query(cx.uri(), "versionId").is_some_and(|id| !id.is_empty());
        let (caller, trace) = self.caller(cx)?;
        let found = cx.extensions_mut().get::<Found>().cloned().unwrap_or_default();
        let request = Request { operation, bucket, key, of_version, further };
        self.0.admit(&request, caller, context, &trace, &found)
    }
}

/// What a request wants.
pub(crate) struct Request {
    pub(crate) operation: String,
    pub(crate) bucket: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) of_version: bool,
    pub(crate) further: Vec<&'static str>,
}

impl Guard {
    /// The holder of the key that signed, or who is in the extensions, or nobody; with the request it is part of.
    fn caller(&self, cx: &mut S3AccessContext<'_>) -> S3Result<(Caller, Trace)> {
        let trace = cx.extensions_mut().get::<Trace>().cloned().unwrap_or_default();
        let Some(signer) = cx.credentials().map(|credentials| credentials.access_key.clone()) else {
            let caller = cx.extensions_mut().get::<Caller>().cloned();
            return Ok((caller.unwrap_or(Caller::Anonymous), trace));
        };
        let credentials = self.0.credentials(&signer)?;
        presigned::check_signed_headers(cx.uri(), cx.headers())?;
        let header = cx.headers().get("x-amz-security-token").and_then(|token| token.to_str().ok());
        let token = header.map(str::to_owned).or_else(|| actions::query(cx.uri(), "X-Amz-Security-Token"));
        check_token(&credentials, token.as_deref())?;
        Ok((Caller::Principal(credentials.principal.clone()), working(&credentials, trace)))
    }
}

/// The request that the holder of a key works for, else the one at hand.
pub(crate) fn working(credentials: &Credentials, trace: Trace) -> Trace {
    let working = credentials.trace();
    if working.number() == 0 { trace } else { working }
}

/// Whether a request bears the token that belongs to its key.
pub(crate) fn check_token(credentials: &Credentials, token: Option<&str>) -> S3Result<()> {
    match (credentials.session_token.as_deref(), token) {
        (None, None) => Ok(()),
        (Some(right), Some(token)) if right == token => Ok(()),
        (Some(_), None) => Err(unknown_key()),
        _ => Err(s3_error!(InvalidToken, "The provided token is malformed or otherwise invalid.")),
    }
}

fn unknown_key() -> S3Error {
    s3_error!(InvalidAccessKeyId, "The AWS Access Key Id you provided does not exist in our records.")
}

impl Inner {
    /// The credentials of an access key.
    pub(crate) fn credentials(&self, access_key: &str) -> S3Result<Credentials> {
        let credentials = self.world.identities.find(access_key).ok_or_else(unknown_key)?;
        if credentials.expires.is_some_and(|at| at <= self.world.clock.seconds()) {
            return Err(s3_error!(ExpiredToken, "The provided token has expired."));
        }
        Ok(credentials)
    }

    /// Notes who comes and what for, and judges it.
    pub(crate) fn admit(
        &self,
        request: &Request,
        caller: Caller,
        context: BTreeMap<String, Vec<String>>,
        trace: &Trace,
        found: &Found,
    ) -> S3Result<()> {
        let bucket = request.bucket.as_deref().map(|name| self.bucket(name));
        let resource = bucket.as_ref().and_then(|found| Some(&found.as_ref().ok()?.settings.resource));
        let key = request.key.as_deref();
        found.set(caller, context, trace.step(Layer::Service, resource, what(&request.operation, key)));
        let Some(bucket) = bucket.transpose()? else {
            return self.judge_account(&actions::action(&request.operation, false), found);
        };
        if request.operation == "DeleteObjects" {
            return Ok(());
        }
        self.judge(&bucket, key, &actions::action(&request.operation, request.of_version), found)?;
        request.further.iter().try_for_each(|action| self.judge(&bucket, key, action, found))
    }

    fn judge_account(&self, action: &str, found: &Found) -> S3Result<()> {
        let (caller, context) = found.who();
        let ask = Ask { context, ..Ask::new(&caller, action, "arn:aws:s3:::*") };
        allowed(self.authorizer.judge(&ask), &caller)
    }

    /// Whether the caller may do something with a bucket or with a key in it.
    pub(crate) fn judge(
        &self,
        bucket: &Bucket,
        key: Option<&str>,
        action: &str,
        found: &Found,
    ) -> S3Result<()> {
        let (caller, mut context) = found.who();
        if let Caller::Service { source_arn, .. } = &caller {
            context.insert("aws:sourcearn".to_owned(), vec![source_arn.clone()]);
        }
        let arn = actions::arn(&bucket.name, key);
        let shut = caller == Caller::Anonymous && !bucket.settings.public;
        let resource_policy = bucket.settings.policy.as_ref().filter(|_| !shut);
        let ask = Ask { context, resource_policy, ..Ask::new(&caller, action, &arn) };
        allowed(self.authorizer.judge(&ask), &caller)
    }
}

/// Only who has credentials is told why.
fn allowed(decision: Decision, caller: &Caller) -> S3Result<()> {
    match (decision, caller) {
        (Decision::Allowed, _) => Ok(()),
        (Decision::Denied { message, .. }, Caller::Principal(_)) => Err(s3_error!(AccessDenied, "{message}")),
        (Decision::Denied { .. }, _) => Err(s3_error!(AccessDenied, "Access Denied")),
    }
}

/// The step's name in a trace.
fn what(operation: &str, key: Option<&str>) -> String {
    match key {
        None => format!("s3:{operation}"),
        Some(key) => format!("s3:{operation} {}", key.chars().take(100).collect::<String>()),
    }
}
