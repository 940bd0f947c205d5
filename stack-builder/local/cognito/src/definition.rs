//! A user pool as its template describes it.

use crate::client::Client;
use crate::group::Group;
use crate::password::Policy;
use crate::schema::Schema;
use serde_json::Value;
use stack_builder_local_core::{Resource, ResourceId, Resources, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(crate) const POOL: &str = "AWS::Cognito::UserPool";
pub(crate) const CLIENT: &str = "AWS::Cognito::UserPoolClient";
pub(crate) const DOMAIN: &str = "AWS::Cognito::UserPoolDomain";
pub(crate) const GROUP: &str = "AWS::Cognito::UserPoolGroup";
pub(crate) const USER: &str = "AWS::Cognito::UserPoolUser";
pub(crate) const MEMBER: &str = "AWS::Cognito::UserPoolUserToGroupAttachment";
pub(crate) const RESOURCE_SERVER: &str = "AWS::Cognito::UserPoolResourceServer";

/// Subject and text of a mail; `{####}` stands for the code.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub(crate) subject: String,
    pub(crate) text: String,
}

pub(crate) struct Definition {
    pub(crate) resource: ResourceId,
    /// `us-east-1_abcdefghi`.
    pub(crate) id: String,
    pub(crate) arn: String,
    /// The `iss` of its tokens.
    pub(crate) issuer: String,
    pub(crate) properties: Value,
    /// Attributes that are the user name: `email`, `phone_number`.
    pub(crate) username_attributes: BTreeSet<String>,
    /// Attributes that may be given instead of the user name.
    pub(crate) aliases: BTreeSet<String>,
    pub(crate) is_case_sensitive: bool,
    pub(crate) auto_verified: BTreeSet<String>,
    pub(crate) policy: Policy,
    pub(crate) schema: Schema,
    /// Whether users cannot sign up themselves.
    pub(crate) only_admin_creates: bool,
    pub(crate) verification: Template,
    pub(crate) invitation: Template,
    pub(crate) clients: BTreeMap<String, Arc<Client>>,
    pub(crate) groups: BTreeMap<String, Group>,
    /// Prefixes and host names of its sign-in pages.
    pub(crate) domains: BTreeSet<String>,
}

impl Definition {
    pub(crate) fn new(resource: &Resource, resources: &Resources, world: &World) -> Self {
        let id = resource.physical_id.clone();
        let region = id.split_once('_').map_or(world.region.as_str(), |(region, _)| region);
        let of_pool = |kind| {
            let id = id.clone();
            resources.of_type(kind).filter(move |resource| resource.text("UserPoolId") == Some(&id))
        };
        let arn = format!("arn:aws:cognito-idp:{region}:{}:userpool/{id}", world.account);
        Self {
            resource: resource.id.clone(),
            arn: resource.arn().map_or(arn, str::to_owned),
            issuer: format!("https://cognito-idp.{region}.amazonaws.com/{id}"),
            username_attributes: texts(resource.property("UsernameAttributes")),
            aliases: texts(resource.property("AliasAttributes")),
            is_case_sensitive: is_case_sensitive(resource),
            auto_verified: texts(resource.property("AutoVerifiedAttributes")),
            policy: Policy::new(&resource.property("Policies")["PasswordPolicy"]),
            schema: Schema::new(resource.property("Schema")),
            only_admin_creates: is_true(
                &resource.property("AdminCreateUserConfig")["AllowAdminCreateUserOnly"],
            ),
            verification: verification(resource),
            invitation: invitation(resource),
            clients: of_pool(CLIENT)
                .map(Client::new)
                .map(|client| (client.id.clone(), client.into()))
                .collect(),
            groups: of_pool(GROUP).map(Group::new).map(|group| (group.name.clone(), group)).collect(),
            domains: of_pool(DOMAIN).filter_map(|domain| domain.text("Domain")).map(str::to_owned).collect(),
            properties: resource.properties.clone(),
            id,
        }
    }

    /// What follows `_` in the id, which passwords are hashed with.
    pub(crate) fn short_id(&self) -> &str {
        self.id.split_once('_').map_or(&self.id, |(_, short)| short)
    }

    /// The name the pool was given.
    pub(crate) fn name(&self) -> &str {
        self.properties["UserPoolName"].as_str().unwrap_or(&self.resource.logical_id)
    }

    /// A user name or an alias, as it is compared.
    pub(crate) fn folded(&self, name: &str) -> String {
        if self.is_case_sensitive { name.to_owned() } else { name.to_lowercase() }
    }

    /// Whether a user may be looked up by this attribute.
    pub(crate) fn is_alias(&self, attribute: &str) -> bool {
        self.username_attributes.contains(attribute) || self.aliases.contains(attribute)
    }
}

fn is_case_sensitive(resource: &Resource) -> bool {
    let property = &resource.property("UsernameConfiguration")["CaseSensitive"];
    property.is_null() || is_true(property)
}

fn verification(resource: &Resource) -> Template {
    let message = resource.property("VerificationMessageTemplate");
    let old = |name| resource.text(name);
    let subject = message["EmailSubject"].as_str().or(old("EmailVerificationSubject"));
    let text = message["EmailMessage"].as_str().or(old("EmailVerificationMessage"));
    Template {
        subject: subject.unwrap_or("Your verification code").to_owned(),
        text: text.unwrap_or("Your verification code is {####}").to_owned(),
    }
}

fn invitation(resource: &Resource) -> Template {
    let message = &resource.property("AdminCreateUserConfig")["InviteMessageTemplate"];
    let or = |name: &str, default: &str| message[name].as_str().unwrap_or(default).to_owned();
    Template {
        subject: or("EmailSubject", "Your temporary password"),
        text: or("EmailMessage", "Your username is {username} and temporary password is {####}"),
    }
}

/// The texts of a list.
pub(crate) fn texts(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// True, also when it is written as text.
pub(crate) fn is_true(value: &Value) -> bool {
    value.as_bool() == Some(true) || value.as_str() == Some("true")
}

/// A number, also when it is written as text.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
