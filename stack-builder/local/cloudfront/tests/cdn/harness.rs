//! A distribution, an origin that remembers what it was asked, and functions that answer as told.

use bytes::Bytes;
use serde_json::{Value, json};
use stack_builder_local_cloudfront::Cdn;
use stack_builder_local_core::{
    Answer, Body, Caller, Invocation, InvokeError, Invoker, Note, Origin, Origins, Request, Resource,
    ResourceId, Resources, Response, Service, Trace, World, collect,
};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) const OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
pub(crate) const DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
pub(crate) const OBEDIENT: &str = "4cc15a8a-d715-48a4-82b8-cc0b614638fe";
pub(crate) const ALL_VIEWER: &str = "216adef6-5c7f-47e4-b989-5492eafa07d3";
pub(crate) const EXCEPT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

/// What an origin was asked.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) headers: http::HeaderMap,
    pub(crate) caller: Option<Caller>,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Names and values.
pub(crate) type Pairs<'a> = &'a [(&'a str, &'a str)];

type Play = Box<dyn Fn(&Asked, usize) -> Response + Send + Sync>;

/// An origin.
pub(crate) struct Player {
    play: Play,
    asked: Mutex<Vec<Asked>>,
    slow: Duration,
}

impl Service for Player {
    fn call(&self, request: Request) -> Answer<'_> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let asked = Asked {
                method: parts.method.to_string(),
                uri: parts.uri.to_string(),
                headers: parts.headers,
                caller: parts.extensions.get::<Caller>().cloned(),
                body: collect(body, 1 << 24).await.unwrap_or_default(),
            };
            let number = {
                let mut all = self.asked.lock().expect("no panic elsewhere");
                all.push(asked.clone());
                all.len()
            };
            if !self.slow.is_zero() {
                tokio::time::sleep(self.slow).await;
            }
            (self.play)(&asked, number)
        })
    }
}

struct Places(BTreeMap<String, Origin>);

impl Origins for Places {
    fn find(&self, host: &str) -> Option<Origin> {
        self.0.get(host).cloned()
    }
}

type Say = Box<dyn Fn(&Value) -> Result<Value, InvokeError> + Send + Sync>;

/// What plays Lambda.
pub(crate) struct Functions {
    say: Say,
    pub(crate) events: Mutex<Vec<(Invocation, Value)>>,
}

impl Invoker for Functions {
    fn invoke(
        &self,
        invocation: Invocation,
    ) -> Pin<Box<dyn Future<Output = Result<Bytes, InvokeError>> + Send + '_>> {
        let event: Value = serde_json::from_slice(&invocation.payload).expect("JSON");
        let said = (self.say)(&event);
        self.events.lock().expect("no panic elsewhere").push((invocation, event));
        Box::pin(std::future::ready(said.map(|value| value.to_string().into())))
    }
}

/// What a test runs.
pub(crate) struct Stage {
    pub(crate) cdn: Cdn,
    pub(crate) world: World,
    pub(crate) notes: Vec<Note>,
    pub(crate) functions: Arc<Functions>,
    pub(crate) trace: Trace,
    player: Arc<Player>,
    front: Arc<dyn Service>,
}

/// What a test sees.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Bytes,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The first word of `X-Cache`.
    pub(crate) fn cache(&self) -> &str {
        self.header("x-cache").split(' ').next().expect("it")
    }
}

/// Describes a stage.
pub(crate) struct Script {
    config: Value,
    others: Vec<Resource>,
    play: Play,
    say: Say,
    slow: Duration,
}

/// A default behaviour with a cache policy, to which `edit` adds.
pub(crate) fn behavior(policy: &str) -> Value {
    json!({
        "TargetOriginId": "files", "CachePolicyId": policy, "Compress": true,
        "ViewerProtocolPolicy": "redirect-to-https", "AllowedMethods": ["GET", "HEAD"]
    })
}

/// A distribution over a bucket `files` and an API `api`.
pub(crate) fn stage(default: Value) -> Script {
    let config = json!({
        "Enabled": true, "DefaultCacheBehavior": default,
        "Origins": [
            {"Id": "files", "DomainName": "b.s3.us-east-1.amazonaws.com", "OriginAccessControlId": "OAC1",
                "S3OriginConfig": {"OriginAccessIdentity": ""}},
            {"Id": "api", "DomainName": "api.execute-api.us-east-1.amazonaws.com", "OriginPath": "/prod",
                "OriginCustomHeaders": [{"HeaderName": "x-api-key", "HeaderValue": "secret"}],
                "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"}},
            {"Id": "far", "DomainName": "example.com", "CustomOriginConfig": {}}
        ]
    });
    let control = json!({"OriginAccessControlConfig": {"SigningBehavior": "always"}});
    let others = vec![resource("AWS::CloudFront::OriginAccessControl", "OAC1", control)];
    Script {
        config,
        others,
        play: Box::new(|asked, _| answer(200, &[("content-type", "text/plain")], &asked.uri)),
        say: Box::new(|_| Err(InvokeError::Absent)),
        slow: Duration::ZERO,
    }
}

pub(crate) fn resource(kind: &str, id: &str, properties: Value) -> Resource {
    Resource {
        id: ResourceId { stack: "s".to_owned(), logical_id: id.to_owned() },
        kind: kind.to_owned(),
        physical_id: id.to_owned(),
        attributes: BTreeMap::from([("FunctionARN".to_owned(), format!("arn:{id}"))]),
        properties,
        metadata: Value::Null,
    }
}

impl Script {
    pub(crate) fn config(mut self, edit: impl FnOnce(&mut Value)) -> Self {
        edit(&mut self.config);
        self
    }

    pub(crate) fn with(mut self, kind: &str, id: &str, properties: Value) -> Self {
        self.others.push(resource(kind, id, properties));
        self
    }

    /// What the origins answer the nth time.
    pub(crate) fn origin(mut self, play: impl Fn(&Asked, usize) -> Response + Send + Sync + 'static) -> Self {
        self.play = Box::new(play);
        self
    }

    pub(crate) fn slow(mut self, by: Duration) -> Self {
        self.slow = by;
        self
    }

    /// What functions of Lambda answer.
    pub(crate) fn lambda(
        mut self,
        say: impl Fn(&Value) -> Result<Value, InvokeError> + Send + Sync + 'static,
    ) -> Self {
        self.say = Box::new(say);
        self
    }

    pub(crate) fn run(self) -> Stage {
        let world = World::ephemeral();
        let properties = json!({"DistributionConfig": self.config});
        let mut all = self.others;
        all.push(resource("AWS::CloudFront::Distribution", "E1", properties));
        let player = Arc::new(Player { play: self.play, asked: Mutex::default(), slow: self.slow });
        let places = BTreeMap::from([
            ("b.s3.us-east-1.amazonaws.com".to_owned(), Origin::Bucket(player.clone())),
            ("api.execute-api.us-east-1.amazonaws.com".to_owned(), Origin::Custom(player.clone())),
        ]);
        let functions = Arc::new(Functions { say: self.say, events: Mutex::default() });
        let (cdn, notes) =
            Cdn::new(&Resources::new(all), &world, functions.clone(), Arc::new(Places(places)));
        let front = cdn.distribution("E1").expect("the distribution");
        Stage { trace: Trace::begin(0, "", String::new()), cdn, world, notes, functions, player, front }
    }
}

impl Stage {
    pub(crate) async fn get(&self, path: &str) -> Seen {
        self.ask("GET", path, &[]).await
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, headers: Pairs<'_>) -> Seen {
        self.send(method, path, headers, Body::empty()).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, headers: Pairs<'_>, body: Body) -> Seen {
        let mut request = http::Request::builder().method(method).uri(path).header("host", "127.0.0.1:4001");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(body).expect("a request");
        request.extensions_mut().insert(self.trace.clone());
        let (parts, body) = self.front.call(request).await.into_parts();
        let body = collect(body, 1 << 26).await.expect("a body");
        Seen { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// What the origins were asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.player.asked.lock().expect("no panic elsewhere").clone()
    }

    pub(crate) fn wait(&self, seconds: u64) {
        self.world.clock.advance(Duration::from_secs(seconds));
    }
}

pub(crate) fn answer(status: u16, headers: Pairs<'_>, body: &str) -> Response {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Body::from(body.to_owned())).expect("it")
}
