//! The roles of a template with the policies attached to them.

use super::document::{Document, texts};
use super::managed::managed;
use serde_json::Value;
use stack_builder_local_core::{Note, Resource, ResourceId, Resources, World};
use std::collections::HashMap;

/// One policy of a role.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    /// For people: the name or the ARN.
    pub(super) name: String,
    pub(super) document: Document,
}

/// One role.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub(super) id: ResourceId,
    pub(super) policies: Vec<Policy>,
    pub(super) boundary: Option<Document>,
    pub(super) trust: Document,
    /// Seconds.
    pub(super) longest_session: u64,
}

/// All roles by ARN.
#[derive(Debug, Default)]
pub(super) struct Roles {
    by_arn: HashMap<String, Role>,
    pub(super) notes: Vec<Note>,
    /// For advice: which resource an ARN belongs to.
    pub(super) resources: Resources,
}

impl Roles {
    pub(super) fn get(&self, arn: &str) -> Option<&Role> {
        self.by_arn.get(arn)
    }

    pub(super) fn compile(resources: &Resources, world: &World) -> Self {
        let mut compiler = Compiler { resources, notes: Vec::new() };
        let mut by_arn = HashMap::new();
        for role in resources.of_type("AWS::IAM::Role") {
            let arn = role.arn().map_or_else(
                || format!("arn:aws:iam::{}:role/{}", world.account, role.physical_id),
                str::to_owned,
            );
            by_arn.insert(arn, compiler.role(role));
        }
        Self { by_arn, notes: compiler.notes, resources: resources.clone() }
    }
}

struct Compiler<'r> {
    resources: &'r Resources,
    notes: Vec<Note>,
}

impl Compiler<'_> {
    fn role(&mut self, role: &Resource) -> Role {
        let trust =
            self.document(role, "AssumeRolePolicyDocument", role.property("AssumeRolePolicyDocument"));
        let boundary = role.text("PermissionsBoundary").map(|arn| self.by_arn(role, arn));
        let mut policies = self.inline(role);
        policies.extend(self.attached(role));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let longest_session =
            role.number("MaxSessionDuration").unwrap_or(3600.0).clamp(900.0, 43_200.0) as u64;
        Role { id: role.id.clone(), policies, boundary, trust, longest_session }
    }

    fn inline(&mut self, role: &Resource) -> Vec<Policy> {
        let inline = role.property("Policies").as_array().map(Vec::as_slice).unwrap_or_default();
        let policy = |policy: &Value| {
            let name = policy["PolicyName"].as_str().unwrap_or("inline").to_owned();
            let document = self.document(role, &name, &policy["PolicyDocument"]);
            Policy { name, document }
        };
        inline.iter().map(policy).collect()
    }

    fn attached(&mut self, role: &Resource) -> Vec<Policy> {
        let mut out = Vec::new();
        for arn in texts(role.property("ManagedPolicyArns")).unwrap_or_default() {
            out.push(Policy { name: arn.to_owned(), document: self.by_arn(role, arn) });
        }
        let resources = self.resources;
        for policy in resources.iter().filter(|policy| names(policy, role)) {
            let name = policy.text("PolicyName").or_else(|| policy.text("ManagedPolicyName"));
            let name = name.unwrap_or(&policy.id.logical_id).to_owned();
            let document = self.document(policy, &name, policy.property("PolicyDocument"));
            out.push(Policy { name, document });
        }
        out
    }

    /// A managed policy, of the template or of AWS.
    fn by_arn(&mut self, role: &Resource, arn: &str) -> Document {
        if let Some(policy) = self.resources.find("AWS::IAM::ManagedPolicy", arn) {
            return self.document(policy, arn, policy.property("PolicyDocument"));
        }
        managed(arn).unwrap_or_else(|| {
            self.note(role, format!("the policy `{arn}` is not known here and allows nothing"));
            Document::default()
        })
    }

    fn document(&mut self, resource: &Resource, name: &str, source: &Value) -> Document {
        let (document, problems) = Document::compile(source);
        for problem in problems {
            self.note(resource, format!("policy `{name}`, {problem}; the statement is ignored"));
        }
        document
    }

    fn note(&mut self, resource: &Resource, text: String) {
        let note = Note { resource: resource.id.clone(), text };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}

/// Whether a policy says itself that it belongs to the role.
fn names(policy: &Resource, role: &Resource) -> bool {
    match policy.kind.as_str() {
        "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => {
            texts(policy.property("Roles")).unwrap_or_default().contains(&role.physical_id.as_str())
        }
        "AWS::IAM::RolePolicy" => policy.text("RoleName") == Some(&role.physical_id),
        _ => false,
    }
}
