//! Groups of users.

use crate::definition::whole;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stack_builder_local_core::Resource;

/// A group, described by the template or made by a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// What it is for; empty when nobody said.
    pub description: String,
    /// ARN of the role that its users prefer.
    pub role: Option<String>,
    /// Lower wins when a user has several roles.
    pub precedence: Option<u64>,
}

impl Group {
    pub(crate) fn new(resource: &Resource) -> Self {
        let group =
            Self::of(resource.text("GroupName").unwrap_or(&resource.physical_id), &resource.properties);
        Self { role: resource.text("RoleArn").map(str::to_owned), ..group }
    }

    /// The group as properties or a request describe it.
    pub(crate) fn of(name: &str, description: &Value) -> Self {
        Self {
            name: name.to_owned(),
            description: description["Description"].as_str().unwrap_or_default().to_owned(),
            role: description["RoleArn"].as_str().map(str::to_owned),
            precedence: whole(&description["Precedence"]),
        }
    }

    /// The shape `GroupType`.
    pub(crate) fn shape(&self, pool: &str) -> Value {
        let mut shape = json!({ "GroupName": self.name, "UserPoolId": pool });
        if !self.description.is_empty() {
            shape["Description"] = json!(self.description);
        }
        if let Some(role) = &self.role {
            shape["RoleArn"] = json!(role);
        }
        if let Some(precedence) = self.precedence {
            shape["Precedence"] = json!(precedence);
        }
        shape
    }
}
