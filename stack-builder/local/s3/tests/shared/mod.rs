//! Buckets on a port, with policies that tests choose.

#![allow(dead_code, reason = "each file of tests uses a part of it")]

pub(crate) mod client;

use serde_json::{Value, json};
use stack_builder_local_core::{
    Ask, Authorizer, Caller, Credentials, Decision, Limits, Principal, Resource, ResourceId, Resources, Tls,
    World, listen,
};
use stack_builder_local_s3::Buckets;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// Lets the administrator do everything; roles read the keys that their session's name begins; CloudFront reads where
/// the bucket has a policy; nobody else does anything.
pub(crate) struct Rules;

impl Authorizer for Rules {
    fn judge(&self, ask: &Ask<'_>) -> Decision {
        let allowed = match ask.caller {
            Caller::Principal(Principal::Administrator) => true,
            Caller::Principal(Principal::Role { session, .. }) => {
                ask.action == "s3:GetObject" && ask.resource.contains(&format!("/{session}"))
            }
            Caller::Service { .. } => ask.action == "s3:GetObject" && ask.resource_policy.is_some(),
            Caller::Anonymous => ask.resource_policy.is_some_and(|policy| policy["open"] == true),
        };
        let message =
            format!("User is not authorized to perform: {} on resource: \"{}\"", ask.action, ask.resource);
        if allowed { Decision::Allowed } else { Decision::Denied { message, advice: String::new() } }
    }
}

/// A bucket of a template.
pub(crate) fn bucket(name: &str, properties: Value) -> Resource {
    resource("AWS::S3::Bucket", name, properties)
}

/// A bucket's policy.
pub(crate) fn policy(bucket: &str, document: Value) -> Resource {
    resource("AWS::S3::BucketPolicy", "policy", json!({ "Bucket": bucket, "PolicyDocument": document }))
}

fn resource(kind: &str, name: &str, properties: Value) -> Resource {
    Resource {
        id: ResourceId { stack: "test".into(), logical_id: name.into() },
        kind: kind.into(),
        physical_id: name.into(),
        attributes: BTreeMap::new(),
        properties,
        metadata: Value::Null,
    }
}

/// Adds the keys of the administrator (`local`, `local`) and of a role (`ASIAROLE`, `secret`, `token`).
pub(crate) fn identities(world: &World) {
    let add = |key: &str, secret: &str, token: Option<&str>, principal| {
        let token = token.map(str::to_owned);
        world.identities.add(Credentials::new(key.into(), secret.into(), token, principal));
    };
    add("local", "local", None, Principal::Administrator);
    let role = "arn:aws:iam::000000000000:role/reader".into();
    add("ASIAROLE", "secret", Some("token"), Principal::Role { role, session: "mine".into() });
}

/// Opens buckets in a world and serves them.
pub(crate) async fn serve(
    world: &World,
    resources: Vec<Resource>,
) -> (Buckets, SocketAddr, watch::Sender<bool>) {
    identities(world);
    let buckets = Buckets::open(world, Arc::new(Rules)).expect("a folder");
    assert_eq!(buckets.apply(&Resources::new(resources)), []);
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("a port");
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(listen(listener, buckets.endpoint(), Tls::Off, Limits::default(), stopped));
    (buckets, address, stop)
}
