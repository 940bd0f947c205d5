//! An application with fake functions, and keys that sign tokens.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use serde_json::{Value, json};
use stack_builder_local_api_gateway::{Counters, Gateway};
use stack_builder_local_core::{
    Body, Caller, Invocation, InvokeError, Invoker, Note, PublicKey, Request, Resource, ResourceId,
    Resources, Service, TokenKeys, World, collect,
};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

pub(crate) const ISSUER: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc";
pub(crate) const OTHER_ISSUER: &str = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_xyz";
pub(crate) const CLIENT: &str = "client1";
/// The hour at which tokens are tested; the clock stands at the system's.
pub(crate) const HOUR: u64 = 3600;

/// A key pair of a pool.
pub(crate) struct Signer {
    pub(crate) pair: RsaKeyPair,
    pub(crate) public: PublicKey,
}

/// What a 2048-bit key's DER has before the modulus.
const HEAD: usize = 9;

pub(crate) fn signer(kid: &str) -> Signer {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    let n = URL_SAFE_NO_PAD.encode(&pair.public_key().as_ref()[HEAD..HEAD + 256]);
    Signer { pair, public: PublicKey { kid: kid.to_owned(), n, e: "AQAB".to_owned() } }
}

pub(crate) static POOL: LazyLock<Signer> = LazyLock::new(|| signer("k1"));
pub(crate) static OTHER: LazyLock<Signer> = LazyLock::new(|| signer("k2"));

impl Signer {
    pub(crate) fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = format!("{}.{}", encode(header), encode(claims));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .expect("a signature");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

pub(crate) fn encode(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

pub(crate) fn now() -> u64 {
    World::ephemeral().clock.seconds()
}

/// Claims of an id token that is good now, changed by `change`.
pub(crate) fn claims(change: Value) -> Value {
    let mut claims = json!({"sub": "u1", "iss": ISSUER, "aud": CLIENT, "token_use": "id", "iat": now() - 10,
        "exp": now() + HOUR});
    for (name, value) in change.as_object().expect("an object") {
        match value {
            Value::Null => drop(claims.as_object_mut().expect("an object").remove(name)),
            value => claims[name] = value.clone(),
        }
    }
    claims
}

pub(crate) fn header() -> Value {
    json!({"kid": "k1", "alg": "RS256"})
}

pub(crate) fn good_token() -> String {
    POOL.sign(&header(), &claims(json!({})))
}

struct Pools;

impl TokenKeys for Pools {
    fn keys(&self, issuer: &str) -> Option<Vec<PublicKey>> {
        match issuer {
            ISSUER => Some(vec![POOL.public.clone()]),
            OTHER_ISSUER => Some(vec![OTHER.public.clone()]),
            _ => None,
        }
    }
}

type Reply = Result<Value, InvokeError>;

/// Functions that answer as told, by name, and remember what they were called with.
#[derive(Default)]
pub(crate) struct Functions {
    pub(crate) answers: Mutex<HashMap<String, Reply>>,
    pub(crate) calls: Mutex<Vec<(String, Value, Caller)>>,
}

impl Invoker for Functions {
    fn invoke(
        &self,
        call: Invocation,
    ) -> Pin<Box<dyn Future<Output = Result<Bytes, InvokeError>> + Send + '_>> {
        let name = call.function.rsplit(':').next().unwrap_or_default().to_owned();
        if name == "bare" {
            // Measured: nothing is remembered.
            return Box::pin(std::future::ready(Ok(Bytes::from_static(
                b"{\"statusCode\":200,\"body\":\"ok\"}",
            ))));
        }
        let event = serde_json::from_slice(&call.payload).expect("an event");
        self.calls.lock().expect("calls").push((name.clone(), event, call.caller));
        let answer = self.answers.lock().expect("answers").get(&name).cloned();
        Box::pin(async move {
            if name == "slow" {
                tokio::time::sleep(Duration::from_hours(1)).await;
            }
            let answer = answer.unwrap_or_else(|| Ok(json!({"statusCode": 200, "body": "ok"})));
            answer.map(|answer| answer.to_string().into())
        })
    }
}

/// An application under test.
pub(crate) struct App {
    pub(crate) functions: Arc<Functions>,
    pub(crate) world: World,
    pub(crate) gateway: Gateway,
    pub(crate) notes: Vec<Note>,
    pub(crate) counters: Counters,
    pub(crate) resources: Resources,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("text"))
    }
}

impl App {
    /// From `(logical id, type, properties)`; a resource's physical id is its logical id in lower case.
    pub(crate) fn new(resources: &[(&str, &str, Value)]) -> Self {
        let resource = |(id, kind, properties): &(&str, &str, Value)| Resource {
            id: ResourceId { stack: "s".to_owned(), logical_id: (*id).to_owned() },
            kind: (*kind).to_owned(),
            physical_id: id.to_lowercase(),
            attributes: [("RootResourceId".to_owned(), "root".to_owned())].into(),
            properties: properties.clone(),
            metadata: Value::Null,
        };
        Self::of(Resources::new(resources.iter().map(resource).collect()))
    }

    pub(crate) fn of(resources: Resources) -> Self {
        let (functions, world) = (Arc::new(Functions::default()), World::ephemeral());
        let counters = Counters::default();
        let (gateway, notes) =
            Gateway::new(&resources, &world, functions.clone(), Arc::new(Pools), &counters);
        Self { functions, world, gateway, notes, counters, resources }
    }

    /// Reads the definitions again.
    pub(crate) fn reload(&mut self) {
        let functions = self.functions.clone();
        self.gateway =
            Gateway::new(&self.resources, &self.world, functions, Arc::new(Pools), &self.counters).0;
    }

    pub(crate) fn answer(&self, function: &str, answer: Value) {
        self.functions.answers.lock().expect("answers").insert(function.to_owned(), Ok(answer));
    }

    pub(crate) fn fail(&self, function: &str, error: InvokeError) {
        self.functions.answers.lock().expect("answers").insert(function.to_owned(), Err(error));
    }

    pub(crate) fn api(&self) -> Arc<dyn Service> {
        self.gateway.api("api").expect("the API")
    }

    /// Sends `GET /path` with headers and a body.
    pub(crate) async fn send(&self, line: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Got {
        let (method, uri) = line.split_once(' ').expect("a method and a path");
        let mut request = Request::new(body.into());
        *request.method_mut() = method.parse().expect("a method");
        *request.uri_mut() = uri.parse().expect("a path");
        for (name, value) in headers {
            let value = http::HeaderValue::from_bytes(value.as_bytes()).expect("a value");
            request.headers_mut().append(name.parse::<http::HeaderName>().expect("a name"), value);
        }
        let (parts, body) = self.api().call(request).await.into_parts();
        let body = collect(body, usize::MAX).await.expect("a body");
        Got {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Got {
        self.send(&format!("GET {path}"), headers, "").await
    }

    /// Names of the functions called so far.
    pub(crate) fn called(&self) -> Vec<String> {
        self.functions.calls.lock().expect("calls").iter().map(|(name, _, _)| name.clone()).collect()
    }

    /// The last event.
    pub(crate) fn event(&self) -> Value {
        self.functions.calls.lock().expect("calls").last().expect("a call").1.clone()
    }

    /// ARN on whose behalf the last call was.
    pub(crate) fn source_arn(&self) -> String {
        match &self.functions.calls.lock().expect("calls").last().expect("a call").2 {
            Caller::Service { name, source_arn } if name == "apigateway.amazonaws.com" => source_arn.clone(),
            other => format!("{other:?}"),
        }
    }
}

pub(crate) fn lambda(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:000000000000:function:{name}")
}

pub(crate) fn lambda_uri(name: &str) -> String {
    format!("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{}/invocations", lambda(name))
}
