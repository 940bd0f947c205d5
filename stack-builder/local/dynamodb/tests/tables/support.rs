//! Tables of a template, called in this process.

use bytes::Bytes;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use stack_builder_local_core::{
    Api, ApiCall, Ask, Authorizer, Caller, Decision, Principal, Resource, ResourceId, Resources, State,
    Trace, World,
};
use stack_builder_local_dynamodb::Tables;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

/// Action, resource and condition keys.
type Question = (String, String, BTreeMap<String, Vec<String>>);

/// Remembers what it is asked, and denies what a test wants denied.
#[derive(Default)]
pub(crate) struct Policies {
    pub(crate) asked: Mutex<Vec<Question>>,
    pub(crate) denied: Mutex<Vec<String>>,
}

impl Authorizer for Policies {
    fn judge(&self, ask: &Ask<'_>) -> Decision {
        let seen = (ask.action.to_owned(), ask.resource.to_owned(), ask.context.clone());
        self.asked.lock().expect("no panic").push(seen);
        if self.denied.lock().expect("no panic").iter().any(|part| ask.resource.contains(part)) {
            let message =
                format!("User: x is not authorized to perform: {} on resource: {}", ask.action, ask.resource);
            return Decision::Denied { message, advice: String::new() };
        }
        Decision::Allowed
    }
}

pub(crate) struct Served {
    pub(crate) tables: Tables,
    pub(crate) policies: Arc<Policies>,
    pub(crate) world: World,
    pub(crate) caller: Caller,
}

impl Served {
    /// Over memory.
    pub(crate) fn new(resources: &[Resource]) -> Self {
        Self::over(World::ephemeral(), resources)
    }

    /// Over a folder.
    pub(crate) fn within(folder: &Path, resources: &[Resource]) -> Self {
        let state = State::Folder(folder.to_owned());
        Self::over(World { state, ..World::ephemeral() }, resources)
    }

    fn over(world: World, resources: &[Resource]) -> Self {
        let policies = Arc::new(Policies::default());
        let tables = Tables::open(&world, policies.clone()).expect("tables");
        let notes = tables.apply(&Resources::new(resources.to_vec()));
        assert_eq!(notes, []);
        Self { tables, policies, world, caller: Caller::Principal(Principal::Administrator) }
    }

    pub(crate) fn by_role(mut self) -> Self {
        let role = "arn:aws:iam::000000000000:role/app".into();
        self.caller = Caller::Principal(Principal::Role { role, session: "app".into() });
        self
    }

    pub(crate) async fn raw(&self, target: &str, body: impl Into<Bytes>) -> http::Response<Bytes> {
        self.traced(target, body, Trace::default()).await
    }

    pub(crate) async fn traced(
        &self,
        target: &str,
        body: impl Into<Bytes>,
        trace: Trace,
    ) -> http::Response<Bytes> {
        let (parts, ()) = http::Request::post("/")
            .header("host", "127.0.0.1:1")
            .header("x-amz-target", target)
            .body(())
            .expect("a request")
            .into_parts();
        let call = ApiCall {
            caller: self.caller.clone(),
            region: "us-east-1".to_owned(),
            parts: Arc::new(parts),
            body: body.into(),
            trace,
        };
        let (parts, body) = self.tables.call(call).await.into_parts();
        http::Response::from_parts(parts, body.collect().await.expect("a request").to_bytes())
    }

    pub(crate) async fn call(&self, operation: &str, body: Value) -> (u16, Value) {
        let streams = ["ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"];
        let service = if streams.contains(&operation) { "DynamoDBStreams" } else { "DynamoDB" };
        let answer = self.raw(&format!("{service}_20120810.{operation}"), body.to_string()).await;
        assert!(answer.headers().contains_key("x-amz-crc32"));
        (answer.status().as_u16(), serde_json::from_slice(answer.body()).expect("JSON"))
    }

    #[track_caller]
    pub(crate) fn asked(&self) -> Vec<String> {
        let asked = std::mem::take(&mut *self.policies.asked.lock().expect("no panic"));
        asked.into_iter().map(|(action, resource, _)| format!("{action} {resource}")).collect()
    }
}

/// The status of an answer, and the name of an error.
pub(crate) fn outcome((status, body): (u16, Value)) -> (u16, String) {
    let kind = body["__type"].as_str().unwrap_or_default();
    (status, kind.rsplit('#').next().unwrap_or_default().to_owned())
}

pub(crate) fn resource(name: &str, properties: Value) -> Resource {
    Resource {
        id: ResourceId { stack: "app-dev".to_owned(), logical_id: name.to_owned() },
        kind: "AWS::DynamoDB::Table".to_owned(),
        physical_id: name.to_owned(),
        attributes: BTreeMap::new(),
        properties,
        metadata: Value::Null,
    }
}

/// A key of text attributes.
pub(crate) fn key(names: &[&str]) -> Value {
    let part = |(name, kind): (&&str, &str)| json!({ "AttributeName": name, "KeyType": kind });
    names.iter().zip(["HASH", "RANGE"]).map(part).collect()
}

pub(crate) fn texts(names: &[&str]) -> Value {
    names.iter().map(|name| json!({ "AttributeName": name, "AttributeType": "S" })).collect()
}

/// `pk` and `sk`, with an index `ByOwner` of `owner` and `sk`.
pub(crate) fn things() -> Resource {
    resource(
        "things",
        json!({
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": key(&["pk", "sk"]),
            "AttributeDefinitions": texts(&["pk", "sk", "owner"]),
            "GlobalSecondaryIndexes": [
                { "IndexName": "ByOwner", "KeySchema": key(&["owner", "sk"]), "Projection": { "ProjectionType": "ALL" } },
            ],
            "TimeToLiveSpecification": { "AttributeName": "until", "Enabled": true },
        }),
    )
}

/// `pk` alone.
pub(crate) fn others() -> Resource {
    let properties = json!({
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": key(&["pk"]),
        "AttributeDefinitions": texts(&["pk"]),
    });
    resource("others", properties)
}
