//! A REST API before it is deployed, and the deployment: a snapshot with a name of its content.

use crate::scope::Scope;
use stack_builder_cfn::apigateway as l1;
use stack_builder_cfn::{LogicalId, Resource, ResourceRef, Value};

/// Settings of the API itself that no snapshot holds.
const NOT_DEPLOYED: [&str; 3] = ["Description", "Name", "Tags"];

/// An API under construction, and the names of all that a deployment takes a snapshot of.
pub(super) struct Draft<'a> {
    pub(super) scope: &'a mut Scope,
    pub(super) api: l1::RestApiRef,
    /// The name of the stage to come.
    pub(super) stage: String,
    parts: Vec<LogicalId>,
}

impl<'a> Draft<'a> {
    pub(super) fn of(scope: &'a mut Scope, api: l1::RestApiRef, stage: String) -> Self {
        let parts = vec![api.logical_id().clone()];
        Self { scope, api, stage, parts }
    }

    pub(super) fn id(&self) -> Value<String> {
        self.api.reference()
    }

    /// Adds a resource that the deployment is to hold.
    pub(super) fn add<R: Resource>(&mut self, name: &str, resource: R) -> R::Ref {
        let handle = self.scope.add(name, resource);
        self.parts.push(handle.logical_id().clone());
        handle
    }

    /// Adds the deployment, and returns its id.
    ///
    /// CloudFormation never makes a deployment anew while its name stays, so the name tells what it holds.
    pub(super) fn deploy(mut self) -> Value<String> {
        self.parts.sort();
        let mut deployment = l1::Deployment::new().rest_api_id(self.id());
        // What the snapshot must find in the API; the rest is referred to by these.
        deployment.as_mut().depends_on =
            self.parts.iter().filter(|id| self.is_awaited(id)).cloned().collect();
        let name = format!("Deployment{:016x}", self.digest());
        self.scope.add(&name, deployment).reference()
    }

    fn is_awaited(&self, id: &LogicalId) -> bool {
        let kind = self.scope.template.resource(id).map(|part| part.type_name.as_ref());
        matches!(kind, Some("AWS::ApiGateway::Method" | "AWS::ApiGateway::GatewayResponse"))
    }

    fn digest(&self) -> u64 {
        let mut digest = Digest::default();
        for entry in self.parts.iter().filter_map(|id| self.scope.template.resource(id)) {
            digest.text(entry.id.as_str());
            let own = entry.id == *self.api.logical_id();
            for property in entry.definition.properties.entries() {
                if !(own && NOT_DEPLOYED.contains(&property.key.as_ref())) {
                    digest.text(&property.key);
                    digest.text(&serde_json::to_string(&property.node).unwrap_or_default());
                }
            }
        }
        digest.0
    }
}

/// The 64 bits of FNV-1a: the same on every machine and with every compiler, which the standard hasher does not promise.
struct Digest(u64);

impl Default for Digest {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// Takes in a text and its end, so that two texts are not one longer one.
    fn text(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn two_texts_are_not_one() {
        let digest = |texts: &[&str]| {
            let mut digest = Digest::default();
            for text in texts {
                digest.text(text);
            }
            digest.0
        };
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
        // The published value of the bytes "a\0".
        assert_eq!(digest(&["a"]), 0x089b_e207_b544_f1e4);
    }
}
